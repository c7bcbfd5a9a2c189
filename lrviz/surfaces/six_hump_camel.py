"""Six valleys of three depths: the steeper ones let go of a rate at which the others still hold it."""

from typing import Any

from lrviz.core.catalog import surface

# The roots of its gradient, to 1e-15; the surface is the same after a turn by 180°.
DEEPEST = (0.08984201310031806, -0.7126564030207396)
MIDDLE = (1.7036067149699807, -0.7960835686726251)
SHALLOW = (1.6071047529201974, 0.5686514548841314)


@surface(
    "six_hump_camel",
    title="Six-hump camel",
    bounds=(-2.1, 2.1, -1.5, 1.5),
    start=(-1.95, -0.9),
    rates=(0.3, 0.1, 0.03, 0.0003),
    minima=lambda **_: [(sign * x, sign * y) for x, y in (DEEPEST, MIDDLE, SHALLOW) for sign in (1, -1)],
    formula="(4 − 2.1x² + x⁴/3) x² + xy + (4y² − 4) y²",
    source="L. C. W. Dixon and G. P. Szegő (ed.), Towards Global Optimisation 2 (North-Holland, 1978)",
)
def six_hump_camel(x: Any, y: Any) -> Any:
    """Six valleys of three depths: which one a descent finds, and whether it stays there, is up to the rate."""
    return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2
