"""Four equal minima: the rate does not only decide how fast, but also where a descent ends."""

from typing import Any

from lrviz.core.catalog import surface


@surface(
    "himmelblau",
    title="Himmelblau",
    bounds=(-5.0, 5.0, -5.0, 5.0),
    start=(0.1, -4.6),  # plain descent ends in a different minimum at each of the rates 0.02, 0.015, 0.01 and 0.003
    rates=(0.03, 0.02, 0.01, 0.0003),
    minima=lambda **_: [
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
        (3.5844283403304917, -1.8481265269644036),
    ],
    formula="(x² + y − 11)² + (x + y² − 7)²",
    source="D. M. Himmelblau, Applied Nonlinear Programming (McGraw-Hill, 1972)",
)
def himmelblau(x: Any, y: Any) -> Any:
    """Four equal minima: the rate decides not only how fast a descent ends, but also in which of them."""
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2
