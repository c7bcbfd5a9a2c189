"""A nearly flat plate: where no curvature is above 1, rates far above 1 are right."""

from typing import Any

from lrviz.core.catalog import surface


@surface(
    "matyas",
    title="Matyas",
    bounds=(-10.0, 10.0, -10.0, 10.0),
    start=(-9.0, -4.0),
    rates=(2.1, 1.9, 1.0, 0.01),
    minima=lambda **_: [(0.0, 0.0)],
    formula="0.26 (x² + y²) − 0.48xy",
    source="M. Jamil and X.-S. Yang, Int. J. Math. Modelling and Numerical Optimisation 4 (2013), 150–194, collects it",
)
def matyas(x: Any, y: Any) -> Any:
    """A nearly flat plate: its curvatures are 1 and 0.04, so that a rate of 1.9 suits and 0.01 hardly moves."""
    return 0.26 * (x**2 + y**2) - 0.48 * x * y
