"""The heavy ball: past gradients keep pushing, along a valley and through a bump alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer


@optimizer("momentum", title="Momentum")
def momentum(
    params: Iterable[Tensor],
    lr: float,
    momentum: Annotated[float, Range(0, 0.999), Shown("momentum β", "the part of a step that goes on")] = 0.9,
    dampening: Annotated[float, Range(0, 1), Shown("dampening", "what a new gradient loses", more=True)] = 0.0,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """The heavy ball: a decaying sum of past gradients, so that a steady slope adds up and a zigzag cancels out.

    Source: B. T. Polyak, USSR Computational Mathematics and Mathematical Physics 4 (1964), 1–17.
    """
    import torch

    return torch.optim.SGD(params, lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay)
