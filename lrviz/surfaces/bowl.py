"""A round bowl: one curvature everywhere, so the rate alone decides; 2 / curvature is the limit."""

from typing import Annotated, Any

from lrviz.core.catalog import surface
from lrviz.core.signature import Range, Shown


@surface(
    "bowl",
    title="Round bowl",
    bounds=(-2.0, 2.0, -2.0, 2.0),
    start=(-1.6, 1.2),
    rates=(0.6, 0.45, 0.1, 0.001),
    minima=lambda **_: [(0.0, 0.0)],
    formula="½ L (x² + y²)",
    source="A. Cauchy, Comptes rendus 25 (1847), 536–538, for the descent on such a surface",
)
def bowl(
    x: Any,
    y: Any,
    curvature: Annotated[float, Range(0.1, 100, log=True), Shown("curvature L", "rates above 2/L diverge")] = 4.0,
) -> Any:
    """A round bowl: one curvature everywhere, so that a rate above 2 / curvature diverges, whatever the start."""
    return 0.5 * curvature * (x**2 + y**2)
