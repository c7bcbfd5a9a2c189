"""The rate falls to 0 along a power of the steps that are left: in a straight line at a power of 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import schedule
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("polynomial", title="Polynomial")
def polynomial(
    optimizer: Optimizer,
    steps: int,
    power: Annotated[float, Range(0.1, 10, log=True), Shown("power", "1: a straight line; above: fast at first")] = 1.0,
) -> LRScheduler:
    """The rate falls to 0 as a power of the steps that are left: at step t it is (1 − t / steps)^power of the first."""
    from torch.optim.lr_scheduler import PolynomialLR

    return PolynomialLR(optimizer, total_iters=steps, power=power)
