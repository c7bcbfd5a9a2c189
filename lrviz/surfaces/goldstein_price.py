"""Losses from 3 to a million in one window: the slopes forbid the rate that the valley needs."""

from typing import Any

from lrviz.core.catalog import surface


@surface(
    "goldstein_price",
    title="Goldstein–Price",
    bounds=(-2.0, 2.0, -2.0, 2.0),
    start=(-0.5, 0.0),
    rates=(0.0005, 0.0003, 0.0001, 0.0000003),
    minima=lambda **_: [(0.0, -1.0), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)],
    formula="(1 + (x + y + 1)² (19 − 14x + 3x² − 14y + 6xy + 3y²))"
    " (30 + (2x − 3y)² (18 − 32x + 12x² + 48y − 36xy + 27y²))",
    source="A. A. Goldstein and J. F. Price, Mathematics of Computation 25 (1971), 569–574",
)
def goldstein_price(x: Any, y: Any) -> Any:
    """Losses from 3 to a million: only rates below a thousandth survive the slopes, and those creep in the valley."""
    one = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    other = 30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    return one * other
