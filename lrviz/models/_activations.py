"""The bends that dense and convolutional layers have between them, for every model that offers a choice of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from lrviz.core.signature import Shown

if TYPE_CHECKING:
    from torch import nn

Activation = Annotated[Literal["relu", "tanh", "gelu", "sigmoid"], Shown(hint="the bend between layers")]


def bend(activation: str) -> nn.Module:
    """A fresh layer that bends its inputs one by one."""
    from torch import nn

    bends: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU, "sigmoid": nn.Sigmoid}
    return bends[activation]()
