"""Logistic regression: one weighted sum a class, by cross-entropy; a valley that flattens out and never ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.core.catalog import model

if TYPE_CHECKING:
    from torch import nn


@model("logistic", title="Logistic regression", tasks=("classification",))
def logistic(inputs: int, outputs: int) -> nn.Module:
    """Logistic regression: one weighted sum a class, fitted by cross-entropy; a convex loss that flattens out."""
    from torch import nn

    return nn.Linear(inputs, outputs)
