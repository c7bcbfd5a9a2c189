"""Waves down a slope: across it a rate has a limit, and on the crest between two troughs a small one waits."""

import math
from typing import Any

from lrviz.core.catalog import surface

LOWER = (0.5 - math.pi / 3, -0.5 - math.pi / 3)  # where x − y = 1 and cos(x + y) = −1/2
UPPER = (LOWER[0] + math.pi, LOWER[1] + math.pi)


@surface(
    "mccormick",
    title="McCormick",
    bounds=(-1.5, 4.0, -3.0, 4.0),
    start=(3.2, -1.2),  # just below the crest between the two troughs
    rates=(0.55, 0.45, 0.1, 0.002),
    minima=lambda **_: [LOWER, UPPER],
    formula="sin(x + y) + (x − y)² − 1.5x + 2.5y + 1",
    source="F. A. Lootsma (ed.), Numerical Methods for Non-linear Optimization (Academic Press, 1972)",
)
def mccormick(x: Any, y: Any) -> Any:
    """Waves down a slope: curvature 4 across it forbids rates above 0.5; on a crest those far below it wait long."""
    import torch

    return torch.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1
