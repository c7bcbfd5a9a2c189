"""Each parameter's gradient is divided by its recent size: steep and flat directions go equally fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer


@optimizer("rmsprop", title="RMSprop")
def rmsprop(
    params: Iterable[Tensor],
    lr: float,
    alpha: Annotated[float, Range(0, 0.9999), Shown("smoothing α", "how long past sizes count")] = 0.99,
    momentum: Annotated[
        float, Range(0, 0.999), Shown("momentum β", "the part of a step that goes on", more=True)
    ] = 0.0,
    eps: Annotated[
        float, Range(1e-12, 0.1, log=True), Shown("ε", "added below the fraction bar, against division by 0", more=True)
    ] = 1e-8,
    centered: Annotated[bool, Shown("centred", "divides by the deviation, not by the size", more=True)] = False,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Each parameter's gradient is divided by its recent size, so that steep and flat directions go equally fast.

    Source: T. Tieleman and G. Hinton, Neural Networks for Machine Learning, lecture 6.5 (Coursera, 2012).
    """
    import torch

    return torch.optim.RMSprop(
        params, lr=lr, alpha=alpha, momentum=momentum, eps=eps, centered=centered, weight_decay=weight_decay
    )
