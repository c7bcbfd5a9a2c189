"""An Elman network, of plain operations, so that vmap takes it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lrviz.models.modules.rows import Rows


class Recurrent(nn.Module):
    """An Elman network of `memory` numbers, unrolled over the rows."""

    def __init__(self, shape: tuple[int, ...], memory: int, outputs: int) -> None:
        super().__init__()
        self.rows = Rows(shape)
        self.read = nn.Linear(self.rows.columns, memory)
        self.remember = nn.Linear(memory, memory, bias=False)
        self.answer = nn.Linear(memory, outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        read = self.read(self.rows(inputs))  # (B, rows, memory): what is read does not wait for what is remembered
        state = torch.tanh(read[:, 0])
        for row in range(1, self.rows.rows):
            state = torch.tanh(read[:, row] + self.remember(state))
        answer: Tensor = self.answer(state)
        return answer
