"""A stretched bowl: the steep axis limits the rate, the flat one needs it."""

from typing import Annotated, Any

from lrviz.core.catalog import surface
from lrviz.core.signature import Range, Shown


@surface(
    "stretched_bowl",
    title="Stretched bowl",
    bounds=(-2.0, 2.0, -2.0, 2.0),
    start=(-1.8, 1.0),
    rates=(0.2, 0.1, 0.05, 0.001),
    minima=lambda **_: [(0.0, 0.0)],
    formula="½ (x² + κ y²)",
    source="B. T. Polyak, USSR Computational Mathematics and Mathematical Physics 4 (1964), 1–17",
)
def stretched_bowl(
    x: Any,
    y: Any,
    condition: Annotated[
        float,
        Range(1, 1000, log=True),
        Shown("condition κ", "how much steeper y is than x; rates above 2/κ diverge"),
    ] = 20.0,
) -> Any:
    """A stretched bowl: the steep axis limits the rate to 2/κ, and the flat one needs it large."""
    return 0.5 * (x**2 + condition * y**2)
