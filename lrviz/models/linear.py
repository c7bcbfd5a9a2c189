"""Linear regression: its loss is a bowl in thousands of dimensions, so everything the 2D bowl taught holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.core.catalog import model

if TYPE_CHECKING:
    from torch import nn


@model("linear", title="Linear regression", tasks=("regression", "classification"), squared=True)
def linear(inputs: int, outputs: int) -> nn.Module:
    """Linear regression: weighted sums fitted by squared error, so that the loss is one bowl; classes as 0 and 1."""
    from torch import nn

    return nn.Linear(inputs, outputs)
