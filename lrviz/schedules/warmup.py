"""The rate grows from almost nothing, then stays: the first steps are small while the start is still rough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import schedule
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("warmup", title="Warm-up")
def warmup(
    optimizer: Optimizer,
    steps: int,
    length: Annotated[float, Range(0.01, 1), Shown("length", "the part of all steps that the warm-up takes")] = 0.1,
    first: Annotated[
        float, Range(0.001, 1, log=True), Shown("first", "the part of the rate that the first step uses")
    ] = 0.01,
) -> LRScheduler:
    """The rate grows in a straight line from `first` of it to all of it, then stays.

    Source: P. Goyal et al., Accurate, Large Minibatch SGD, 2017, arXiv:1706.02677.
    """
    from torch.optim.lr_scheduler import LinearLR

    return LinearLR(optimizer, start_factor=first, total_iters=max(1, round(length * steps)))
