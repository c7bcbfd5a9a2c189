"""An MLP with batch normalisation: it stands learning rates at which the plain one diverges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import model
from lrviz.core.signature import Length, Range, Shown
from lrviz.models._activations import Activation, bend

if TYPE_CHECKING:
    from torch import nn


@model("mlp_batchnorm", title="MLP with batch norm", tasks=("classification", "regression"))
def mlp_batchnorm(
    inputs: int,
    outputs: int,
    hidden: Annotated[
        tuple[int, ...], Range(1, 1024), Length(1, 32), Shown("hidden layers", "their widths, for example 64,32")
    ] = (64, 32),
    activation: Activation = "relu",
) -> nn.Module:
    """An MLP whose hidden units are brought to mean 0 and deviation 1 over each batch, so that it stands larger rates.

    A layer's weights may then grow or shrink by any factor without a change of its answers, and the loss stays tame
    along that direction. Ioffe and Szegedy, arXiv:1502.03167.
    """
    from torch import nn

    layers: list[nn.Module] = []
    width = inputs
    for next_width in hidden:
        # Each unit's mean is taken away and a bias added behind it: one before it would change nothing.
        layers += [nn.Linear(width, next_width, bias=False), nn.BatchNorm1d(next_width), bend(activation)]
        width = next_width
    return nn.Sequential(*layers, nn.Linear(width, outputs))
