"""A small convolutional network: the same few weights look at every place of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from lrviz.core.catalog import model
from lrviz.core.signature import Length, Range, Shown
from lrviz.models._activations import Activation, bend

if TYPE_CHECKING:
    from torch import nn


@model("cnn", title="CNN", tasks=("classification", "regression"), wants="image")
def cnn(
    outputs: int,
    shape: tuple[int, ...],
    channels: Annotated[
        tuple[int, ...], Range(1, 128), Length(1, 6), Shown(hint="how many each convolution has, for example 8,16")
    ] = (8, 16),
    kernel: Annotated[Literal["3", "5", "7"], Shown(hint="pixels on a side that a convolution sees at once")] = "3",
    activation: Activation = "relu",
) -> nn.Module:
    """Convolutions, each followed by a bend and a halving of the picture, then one weighted sum a class.

    A picture that has come down to one pixel on a side is halved no further.
    """
    from torch import nn

    rows, columns = shape
    layers: list[nn.Module] = [nn.Unflatten(1, (1, rows, columns))]
    depth = 1
    for next_depth in channels:
        layers += [nn.Conv2d(depth, next_depth, int(kernel), padding="same"), bend(activation)]
        depth = next_depth
        if min(rows, columns) > 1:
            layers.append(nn.MaxPool2d(2))
            rows, columns = rows // 2, columns // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(depth * rows * columns, outputs))
