"""Two equations to be solved by descent: a bowl turned by 45°, nine times steeper across than along."""

from typing import Any

from lrviz.core.catalog import surface


@surface(
    "booth",
    title="Booth",
    bounds=(-10.0, 10.0, -10.0, 10.0),
    start=(-8.0, 7.0),
    rates=(0.12, 0.105, 0.05, 0.0005),
    minima=lambda **_: [(1.0, 3.0)],
    formula="(x + 2y − 7)² + (2x + y − 5)²",
    source="M. Jamil and X.-S. Yang, Int. J. Math. Modelling and Numerical Optimisation 4 (2013), 150–194, collects it",
)
def booth(x: Any, y: Any) -> Any:
    """A mild case: with curvatures 18 and 2, the best rate, 0.1, settles within dozens of steps; 0.12 is too large."""
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2
