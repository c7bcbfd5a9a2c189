"""A recurrent network: it reads a picture row by row, and its gradient has come through every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import model
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch import nn


@model("rnn", title="RNN", tasks=("classification", "regression"))
def rnn(
    outputs: int,
    shape: tuple[int, ...],
    memory: Annotated[int, Range(1, 512, log=True), Shown(hint="how many numbers it remembers from row to row")] = 32,
) -> nn.Module:
    """An Elman network that reads rows one after another; a gradient that passes through all of them grows or fades.

    h ← tanh(W x + U h + b) at each row x, and a weighted sum of the last h is the answer. Inputs that are no picture
    are read as rows of one number. Elman, Cognitive Science 14 (1990).
    """
    from lrviz.models.modules.recurrent import Recurrent

    return Recurrent(shape, memory, outputs)
