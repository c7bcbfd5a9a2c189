"""An egg box in a bowl: what a rate sees of it is either the nearest dip or, leaping from dip to dip, hardly any."""

import math
from typing import Any

from lrviz.core.catalog import surface

DIPS = (0.0, 0.9949586376523348, 1.9899122337085497)  # the roots of 2x + 20π sin 2πx where that rises, to 1e-15
AXIS = (-DIPS[2], -DIPS[1], *DIPS)


@surface(
    "rastrigin",
    title="Rastrigin",
    bounds=(-2.5, 2.5, -2.5, 2.5),
    start=(-1.6, 1.7),
    rates=(1.1, 0.012, 0.003, 0.00001),
    minima=lambda **_: [(x, y) for x in AXIS for y in AXIS],
    formula="20 + x² − 10 cos 2πx + y² − 10 cos 2πy",
    source="L. A. Rastrigin, Extremal Control Systems (Nauka, Moscow, 1974, in Russian)",
)
def rastrigin(x: Any, y: Any) -> Any:
    """An egg box in a bowl: below 0.005 a rate settles in the nearest dip, above it leaps about for ever."""
    import torch

    return 20 + x**2 - 10 * torch.cos(2 * math.pi * x) + y**2 - 10 * torch.cos(2 * math.pi * y)
