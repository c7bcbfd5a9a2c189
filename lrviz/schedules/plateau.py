"""The rate drops when the loss has stopped falling: each run decides for itself when it is time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from lrviz.core.catalog import schedule
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@schedule("plateau", title="Reduce on plateau", by_loss=True)
def plateau(
    optimizer: Optimizer,
    steps: int,
    factor: Annotated[float, Range(0.01, 0.99), Shown("factor γ", "what each drop multiplies the rate by")] = 0.5,
    patience: Annotated[
        float, Range(0, 1), Shown("patience", "the part of the whole length to wait for a better loss")
    ] = 0.05,
    threshold: Annotated[
        float,
        Range(1e-8, 0.5, log=True),
        Shown("threshold", "by how much a loss must fall to count as better", more=True),
    ] = 1e-4,
    threshold_mode: Annotated[
        Literal["rel", "abs"], Shown("measured", "rel: as a part of the best loss; abs: as it is", more=True)
    ] = "rel",
    cooldown: Annotated[
        float, Range(0, 1), Shown("cool-down", "the part of the whole length after a drop without another", more=True)
    ] = 0.0,
    floor: Annotated[
        float, Range(0, 1), Shown("floor", "the part of the rate below which it never drops", more=True)
    ] = 0.0,
) -> LRScheduler:
    """The rate is multiplied by γ once the loss has not got better for `patience` of the whole length, run by run."""
    from torch.optim.lr_scheduler import ReduceLROnPlateau

    return ReduceLROnPlateau(
        optimizer,
        factor=factor,
        patience=max(0, round(patience * steps) - 1),  # torch drops at the first step beyond it
        threshold=threshold,
        threshold_mode=threshold_mode,
        cooldown=round(cooldown * steps),
        min_lr=floor * float(optimizer.param_groups[0]["lr"]),
        eps=0.0,
    )
