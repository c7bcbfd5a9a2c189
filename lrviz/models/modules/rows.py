"""Inputs read as a sequence of rows."""

from __future__ import annotations

from torch import Tensor, nn


class Rows(nn.Module):
    """Inputs (B, D) as sequences (B, rows, columns); plain numbers, of shape (D,), are D rows of one number."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.rows, self.columns = shape if len(shape) == 2 else (shape[0], 1)

    def forward(self, inputs: Tensor) -> Tensor:
        return inputs.view(-1, self.rows, self.columns)
