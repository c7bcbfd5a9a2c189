"""Gradient descent as it is: theta moves by the rate times minus the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer


@optimizer("sgd", title="SGD")
def sgd(
    params: Iterable[Tensor],
    lr: float,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Gradient descent as it is: theta moves by the rate times minus the gradient."""
    import torch

    return torch.optim.SGD(params, lr=lr, weight_decay=weight_decay)
