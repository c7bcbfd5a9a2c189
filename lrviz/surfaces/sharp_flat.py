"""Two minima of equal depth, one sharp and one flat: a rate too large for the sharp one finds the flat one."""

from typing import Annotated, Any

from lrviz.core.catalog import surface
from lrviz.core.signature import Range, Shown

FLAT = 1.0  # the flat minimum's curvature


@surface(
    "sharp_flat",
    title="Sharp and flat",
    bounds=(-2.5, 2.5, -2.5, 2.5),
    start=(-2.2, 0.6),
    rates=(2.2, 0.3, 0.05, 0.001),
    minima=lambda **_: [(-1.0, 0.0), (1.0, 0.0)],
    formula="AB / (A + B), A = ½ s ((x + 1)² + y²), B = ½ ((x − 1)² + y²)",
    source="S. Hochreiter and J. Schmidhuber, Neural Computation 9 (1997), 1–42, for flat minima",
)
def sharp_flat(
    x: Any,
    y: Any,
    sharpness: Annotated[
        float,
        Range(2, 200, log=True),
        Shown("sharpness s", "the left minimum's curvature, the right one's being 1; rates above 2/s leave it"),
    ] = 20.0,
) -> Any:
    """Two minima of depth 0: a rate above 2 / curvature cannot stay in the sharp one and ends in the flat one."""
    sharp = 0.5 * sharpness * ((x + 1) ** 2 + y**2)
    flat = 0.5 * FLAT * ((x - 1) ** 2 + y**2)
    return sharp * flat / (sharp + flat)
