"""The rate loses the same part at every step: a straight line on a logarithmic axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import schedule
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("exponential", title="Exponential")
def exponential(
    optimizer: Optimizer,
    steps: int,
    last: Annotated[
        float, Range(1e-6, 1, log=True), Shown("last", "the part of the rate that is left at the end")
    ] = 0.01,
) -> LRScheduler:
    """The rate loses the same part at every step: at step t it is last^(t / steps) of the first."""
    from torch.optim.lr_scheduler import ExponentialLR

    return ExponentialLR(optimizer, gamma=last ** (1 / steps))
