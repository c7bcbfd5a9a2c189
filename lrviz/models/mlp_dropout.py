"""An MLP with dropout: units are silenced at random while it trains, so no unit can lean on another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import model
from lrviz.core.signature import Length, Range, Shown
from lrviz.models._activations import Activation, bend

if TYPE_CHECKING:
    from torch import nn


@model("mlp_dropout", title="MLP with dropout", tasks=("classification", "regression"))
def mlp_dropout(
    inputs: int,
    outputs: int,
    hidden: Annotated[
        tuple[int, ...], Range(1, 1024), Length(1, 32), Shown("hidden layers", "their widths, for example 64,32")
    ] = (128, 64),
    dropout: Annotated[float, Range(0, 0.95), Shown(hint="how many of the hidden units are silent at a step")] = 0.2,
    activation: Activation = "relu",
) -> nn.Module:
    """An MLP that trains with part of its hidden units silenced, others at each step, and is tested with all of them.

    Every run has the same units silenced at the same step. Srivastava et al., JMLR 15 (2014).
    """
    from torch import nn

    layers: list[nn.Module] = []
    width = inputs
    for next_width in hidden:
        layers += [nn.Linear(width, next_width), bend(activation), nn.Dropout(dropout)]
        width = next_width
    return nn.Sequential(*layers, nn.Linear(width, outputs))
