"""The rate falls along half a cosine, again and again: each restart throws theta out of where it had settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import schedule
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("cosine_restarts", title="Cosine with restarts")
def cosine_restarts(
    optimizer: Optimizer,
    steps: int,
    period: Annotated[
        float, Range(0.01, 1), Shown("period", "the part of the whole length until the first restart")
    ] = 0.25,
    growth: Annotated[int, Range(1, 5), Shown("growth", "how much longer each period is than the one before")] = 1,
    floor: Annotated[float, Range(0, 1), Shown("floor", "the part of the rate that is left before a restart")] = 0.0,
) -> LRScheduler:
    """The rate falls along half a cosine to `floor` of it, then begins anew, each period `growth` times the last.

    Source: I. Loshchilov and F. Hutter, SGDR, ICLR 2017, arXiv:1608.03983.
    """
    from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts

    rate = float(optimizer.param_groups[0]["lr"])
    first = max(1, round(period * steps))
    return CosineAnnealingWarmRestarts(optimizer, T_0=first, T_mult=growth, eta_min=floor * rate)
