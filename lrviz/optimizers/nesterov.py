"""Momentum that looks ahead: the gradient is taken where the ball is about to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer


@optimizer("nesterov", title="Nesterov")
def nesterov(
    params: Iterable[Tensor],
    lr: float,
    momentum: Annotated[float, Range(0.01, 0.999), Shown("momentum β", "the part of a step that goes on")] = 0.9,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Momentum that looks ahead, and so brakes before a wall instead of behind it.

    Source: Y. Nesterov, Soviet Mathematics Doklady 27 (1983), 372–376, in the form of I. Sutskever et al., ICML 2013.
    """
    import torch

    return torch.optim.SGD(params, lr=lr, momentum=momentum, nesterov=True, weight_decay=weight_decay)
