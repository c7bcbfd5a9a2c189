"""The rate climbs to its top once and comes down further than it began: a warm-up and a long landing in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from lrviz.core.catalog import schedule
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("one_cycle", title="One cycle")
def one_cycle(
    optimizer: Optimizer,
    steps: int,
    rise: Annotated[float, Range(0.01, 0.99), Shown("rise", "the part of the whole length that the climb takes")] = 0.3,
    first: Annotated[
        float, Range(0.001, 1, log=True), Shown("first", "the part of the rate that the first step uses")
    ] = 0.04,
    last: Annotated[
        float, Range(1e-8, 1, log=True), Shown("last", "the part of the rate that is left at the end", more=True)
    ] = 4e-6,
    anneal: Annotated[Literal["cos", "linear"], Shown("along", "half a cosine, or a straight line", more=True)] = "cos",
    three_phase: Annotated[
        bool, Shown("three phases", "down to the first rate as fast as up, then on to the last", more=True)
    ] = False,
) -> LRScheduler:
    """The rate climbs from `first` of it to all of it, then falls to `last` of it. The optimizer's momentum stays.

    Source: L. N. Smith and N. Topin, Super-Convergence, 2018, arXiv:1708.07120, as fastai and torch have it.
    """
    from torch.optim.lr_scheduler import OneCycleLR

    # torch counts the peak's step as part of the climb, and its last step is the one after our last update.
    climb = max(1, round(rise * steps))
    return OneCycleLR(
        optimizer,
        max_lr=float(optimizer.param_groups[0]["lr"]),
        total_steps=steps + 1,
        pct_start=(climb + 1) / (steps + 1),
        anneal_strategy=anneal,
        cycle_momentum=False,
        div_factor=1 / first,
        final_div_factor=first / last,
        three_phase=three_phase,
    )
