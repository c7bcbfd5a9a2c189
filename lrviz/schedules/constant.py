"""The rate stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.core.catalog import schedule

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("constant", title="Constant")
def constant(optimizer: Optimizer, steps: int) -> LRScheduler:
    """The rate stays as it is."""
    from torch.optim.lr_scheduler import ConstantLR

    return ConstantLR(optimizer, factor=1.0, total_iters=steps)
