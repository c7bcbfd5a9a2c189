"""The multilayer perceptron: layers of weighted sums with a bend between, the smallest real neural network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from lrviz.core.catalog import model
from lrviz.core.signature import Length, Range, Shown
from lrviz.models._activations import Activation, bend

if TYPE_CHECKING:
    from torch import nn


@model("mlp", title="MLP", tasks=("classification", "regression"))
def mlp(
    inputs: int,
    outputs: int,
    hidden: Annotated[
        tuple[int, ...], Range(1, 1024), Length(1, 32), Shown("hidden layers", "their widths, for example 64,32")
    ] = (64, 32),
    activation: Activation = "relu",
    init: Annotated[
        Literal["torch", "kaiming", "xavier", "zeros"],
        Shown("init", "how the first weights are drawn; from zeros, all units of a layer stay alike", more=True),
    ] = "torch",
) -> nn.Module:
    """The multilayer perceptron: layers of weighted sums with a bend between; the smallest real neural network.

    `init` is torch's own (uniform within ±1/√inputs), He's normal draw (arXiv:1502.01852) or Glorot's uniform one
    (AISTATS 2010) with biases at 0, or 0 throughout.
    """
    from torch import nn

    layers: list[nn.Module] = []
    width = inputs
    for next_width in hidden:
        layers += [nn.Linear(width, next_width), bend(activation)]
        width = next_width
    layers.append(nn.Linear(width, outputs))
    _initialise(layers, init)
    return nn.Sequential(*layers)


def _initialise(layers: list[nn.Module], init: str) -> None:
    from torch import nn

    if init == "torch":
        return
    for layer in layers:
        if not isinstance(layer, nn.Linear):
            continue
        nn.init.zeros_(layer.bias)
        match init:
            case "kaiming":
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            case "xavier":
                nn.init.xavier_uniform_(layer.weight)
            case _:
                nn.init.zeros_(layer.weight)
