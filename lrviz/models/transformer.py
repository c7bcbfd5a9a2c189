"""A small transformer: every row of a picture looks at every other, where a recurrent network has to remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import model
from lrviz.core.signature import Range, Shown

if TYPE_CHECKING:
    from torch import nn


@model("transformer", title="Transformer", tasks=("classification", "regression"))
def transformer(
    outputs: int,
    shape: tuple[int, ...],
    heads: Annotated[int, Range(1, 8), Shown(hint="how many ways of looking at the rows a layer has")] = 2,
    width: Annotated[int, Range(1, 64, log=True), Shown("width a head", "how many numbers a head works with")] = 8,
    blocks: Annotated[int, Range(1, 8), Shown(hint="layers of attention, each with a dense one behind it")] = 2,
) -> nn.Module:
    """Layers in which every row of a picture looks at every other; it is known for rates that need a warm-up.

    Vaswani et al., arXiv:1706.03762, with the norm ahead of each layer as in arXiv:2002.04745. Rows know their place
    by learnt numbers, and the answer is a weighted sum of their mean. Inputs that are no picture are read as rows of
    one number.
    """
    from lrviz.models.modules.attention import Transformer

    return Transformer(shape, heads, width, blocks, outputs)
