"""A curved, flat-bottomed valley: a rate that is safe on its steep walls creeps along its floor."""

from typing import Annotated, Any

from lrviz.core.catalog import surface
from lrviz.core.signature import Range, Shown


@surface(
    "rosenbrock",
    title="Rosenbrock",
    bounds=(-2.0, 2.0, -1.0, 3.0),
    start=(-1.2, 1.0),
    rates=(0.01, 0.003, 0.001, 0.0001),
    minima=lambda a, **_: [(a, a * a)],
    formula="(a − x)² + b(y − x²)²",
    source="H. H. Rosenbrock, The Computer Journal 3 (1960), 175–184",
)
def rosenbrock(
    x: Any,
    y: Any,
    a: Annotated[float, Range(0.1, 1.5), Shown("a", "the minimum stands at (a, a²)", more=True)] = 1.0,
    b: Annotated[float, Range(1, 200, log=True), Shown("b", "how steep the valley's walls are")] = 100.0,
) -> Any:
    """A curved, flat-bottomed valley: a rate safe on its walls creeps along its floor."""
    return (a - x) ** 2 + b * (y - x**2) ** 2
