"""The rate stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.core.catalog import schedule

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("constant", title="constant")
def constant(optimizer: Optimizer, steps: int) -> LRScheduler:
    """The rate stays as it is."""
    from torch.optim.lr_scheduler import LambdaLR

    return LambdaLR(optimizer, lambda step: 1.0)
