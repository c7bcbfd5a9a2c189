"""A saddle: the slope towards it is steep and the slope away from it is none at first, so a small rate waits long."""

from typing import Any

from lrviz.core.catalog import surface


@surface(
    "saddle",
    title="Saddle",
    bounds=(-2.0, 2.0, -2.0, 2.0),
    start=(-1.6, 0.01),  # a little off the ridge y = 0, from which nothing would ever lead down
    rates=(0.1, 0.03, 0.01, 0.001),
    minima=lambda **_: [],
    formula="x² − y²",
    source="Y. N. Dauphin et al., Advances in Neural Information Processing Systems 27 (2014), for what it teaches",
)
def saddle(x: Any, y: Any) -> Any:
    """A saddle: every rate is drawn to it, and the smaller the rate, the longer it takes to leave it."""
    return x**2 - y**2
