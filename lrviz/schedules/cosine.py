"""The rate falls along half a cosine: long at the top, long at the bottom, no jump between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import schedule
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("cosine", title="Cosine")
def cosine(
    optimizer: Optimizer,
    steps: int,
    floor: Annotated[float, Range(0, 1), Shown("floor", "the part of the rate that is left at the end")] = 0.0,
) -> LRScheduler:
    """The rate falls along half a cosine: at step t it is floor + (1 − floor)(1 + cos(πt / steps)) / 2 of the first.

    Source: I. Loshchilov and F. Hutter, SGDR, ICLR 2017, arXiv:1608.03983, without its restarts.
    """
    from torch.optim.lr_scheduler import CosineAnnealingLR

    rate = float(optimizer.param_groups[0]["lr"])
    return CosineAnnealingLR(optimizer, T_max=steps, eta_min=floor * rate)
