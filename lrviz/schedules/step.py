"""The rate drops at equal intervals: large steps first, small ones once they would only bounce."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import schedule
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("step", title="Step")
def step(
    optimizer: Optimizer,
    steps: int,
    every: Annotated[float, Range(0.01, 1), Shown("every", "the part of the whole length between two drops")] = 0.25,
    gamma: Annotated[float, Range(0.01, 1, log=True), Shown("factor γ", "what each drop multiplies the rate by")] = 0.5,
) -> LRScheduler:
    """The rate is multiplied by γ at equal intervals: at step t it is γ^⌊t / interval⌋ times the first one."""
    from torch.optim.lr_scheduler import StepLR

    return StepLR(optimizer, step_size=max(1, round(every * steps)), gamma=gamma)
