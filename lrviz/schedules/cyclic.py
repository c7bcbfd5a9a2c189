"""The rate swings up and down for ever: large steps to get out of a rut, small ones to settle, in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from lrviz.core.catalog import schedule
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("cyclic", title="Cyclic")
def cyclic(
    optimizer: Optimizer,
    steps: int,
    up: Annotated[float, Range(0.01, 1), Shown("up", "the part of the whole length that a climb takes")] = 0.1,
    down: Annotated[float, Range(0.01, 1), Shown("down", "the part of the whole length that a fall takes")] = 0.1,
    floor: Annotated[float, Range(0, 1), Shown("floor", "the part of the rate that each swing begins with")] = 0.1,
    mode: Annotated[
        Literal["triangular", "triangular2", "exp_range"],
        Shown("swings", "triangular: all as high; triangular2: each half as high; exp_range: lower at every step"),
    ] = "triangular",
    last: Annotated[
        float,
        Range(1e-6, 1, log=True),
        Shown("last", "exp_range: the part of a swing that is left at the end", more=True),
    ] = 0.1,
) -> LRScheduler:
    """The rate swings in straight lines between `floor` of it and all of it, by `mode` less and less far.

    Source: L. N. Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017, arXiv:1506.01186.
    """
    from torch.optim.lr_scheduler import CyclicLR

    rate = float(optimizer.param_groups[0]["lr"])
    return CyclicLR(
        optimizer,
        base_lr=floor * rate,
        max_lr=rate,
        step_size_up=max(1, round(up * steps)),
        step_size_down=max(1, round(down * steps)),
        mode=mode,
        gamma=last ** (1 / steps),
        cycle_momentum=False,
    )
