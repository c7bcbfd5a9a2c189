"""The rate grows from almost nothing, then stays or falls: the first steps are small while the start is rough."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

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
    then: Annotated[
        Literal["constant", "cosine", "inverse_sqrt"], Shown("then", "what follows once all of the rate is reached")
    ] = "constant",
    floor: Annotated[
        float, Range(0, 1), Shown("floor", "cosine: the part of the rate that is left at the end", more=True)
    ] = 0.0,
) -> LRScheduler:
    """The rate grows in a straight line from `first` of it to all of it, then stays, or falls.

    With a warm-up of w steps, at step t cosine is floor + (1 − floor)(1 + cos(π(t − w) / (steps − w))) / 2 of the rate,
    and inverse_sqrt √(w / t).

    Source: P. Goyal et al., Accurate, Large Minibatch SGD, 2017, arXiv:1706.02677; the inverse square root: A. Vaswani
    et al., Attention Is All You Need, NeurIPS 2017.
    """
    from torch.optim.lr_scheduler import LambdaLR

    grown = max(1, round(length * steps))

    def factor(step: int) -> float:
        if step < grown:
            return first + (1 - first) * step / grown
        match then:
            case "constant":
                return 1.0
            case "inverse_sqrt":
                return math.sqrt(grown / step)
            case "cosine":
                return floor + (1 - floor) * (1 + math.cos(math.pi * (step - grown) / max(1, steps - grown))) / 2

    return LambdaLR(optimizer, factor)
