"""Plateaus between steep corners: a rate that survives the corners creeps over the plateaus."""

from typing import Any

from lrviz.core.catalog import surface


@surface(
    "beale",
    title="Beale",
    bounds=(-4.5, 4.5, -4.5, 4.5),
    start=(-1.0, -1.0),
    rates=(0.1, 0.05, 0.01, 0.001),
    minima=lambda **_: [(3.0, 0.5)],
    formula="(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
    source="E. M. L. Beale, On an iterative method for finding a local minimum (Princeton, 1958)",
)
def beale(x: Any, y: Any) -> Any:
    """Plateaus between steep corners: a rate that survives the corners creeps over the plateaus."""
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
