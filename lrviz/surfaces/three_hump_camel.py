"""Three valleys, the middle one the deepest: a larger rate steps over the ridge that stops a smaller one."""

from typing import Any

from lrviz.core.catalog import surface

SIDE = (1.7475523458302893, -0.8737761729151446)  # the roots of its gradient, to 1e-15


@surface(
    "three_hump_camel",
    title="Three-hump camel",
    bounds=(-2.5, 2.5, -2.5, 2.5),
    start=(-2.1, 1.8),
    rates=(0.5, 0.2, 0.05, 0.0005),
    minima=lambda **_: [(0.0, 0.0), SIDE, (-SIDE[0], -SIDE[1])],
    formula="2x² − 1.05x⁴ + x⁶/6 + xy + y²",
    source="F. H. Branin, IBM Journal of Research and Development 16 (1972), 504–522",
)
def three_hump_camel(x: Any, y: Any) -> Any:
    """Three valleys: a small rate ends in the nearest, and only a rate too large for it reaches the deepest."""
    return 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2
