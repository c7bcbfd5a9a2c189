"""Four valleys of three depths, the deepest the steepest: the rate that suits a shallow one is too large there."""

from typing import Any

from lrviz.core.catalog import surface

DEEP, SHALLOW = -2.903534027771177, 2.746802770990837  # the outer roots of 4x³ − 32x + 5


@surface(
    "styblinski_tang",
    title="Styblinski–Tang",
    bounds=(-5.0, 5.0, -5.0, 5.0),
    start=(0.5, 4.6),
    rates=(0.1, 0.06, 0.02, 0.0003),
    minima=lambda **_: [(x, y) for x in (DEEP, SHALLOW) for y in (DEEP, SHALLOW)],
    formula="½ (x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)",
    source="M. A. Styblinski and T.-S. Tang, Neural Networks 3 (1990), 467–483",
)
def styblinski_tang(x: Any, y: Any) -> Any:
    """Four valleys with limits 0.058 and 0.068: between them a rate settles in the shallow ones alone."""
    return 0.5 * (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y)
