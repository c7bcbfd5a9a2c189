"""A saddle with three ways down and no curvature at all in the middle: leaving takes longest where it is flattest."""

from typing import Any

from lrviz.core.catalog import surface


@surface(
    "monkey_saddle",
    title="Monkey saddle",
    bounds=(-1.5, 1.5, -1.5, 1.5),
    start=(1.2, 0.02),  # a little off the ridge y = 0
    rates=(0.3, 0.1, 0.03, 0.001),
    minima=lambda **_: [],
    formula="x³ − 3xy²",
    source="D. Hilbert and S. Cohn-Vossen, Anschauliche Geometrie (Springer, 1932)",
)
def monkey_saddle(x: Any, y: Any) -> Any:
    """A saddle without curvature: slopes fade with the square of the distance, so a rate's wait there has no bound."""
    return x**3 - 3 * x * y**2
