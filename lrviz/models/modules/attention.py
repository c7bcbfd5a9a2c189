"""A transformer over the rows of its inputs, of plain operations, so that vmap takes it."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from lrviz.models.modules.rows import Rows


class Attention(nn.Module):
    """Each row's mixture of all rows' values, by how well its question suits their keys; once for each head."""

    def __init__(self, heads: int, width: int) -> None:
        super().__init__()
        self.heads, self.width = heads, width
        self.ask = nn.Linear(heads * width, 3 * heads * width)
        self.join = nn.Linear(heads * width, heads * width)

    def forward(self, rows: Tensor) -> Tensor:
        batch, length, _ = rows.shape
        asked = self.ask(rows).view(batch, length, 3, self.heads, self.width)
        query, key, value = asked.permute(2, 0, 3, 1, 4).unbind(0)  # (B, heads, rows, width) each
        weight = torch.softmax(query @ key.transpose(-2, -1) / math.sqrt(self.width), -1)
        joined: Tensor = self.join((weight @ value).transpose(1, 2).reshape(batch, length, -1))
        return joined


class Block(nn.Module):
    """Attention and a dense layer, each behind a norm and beside a way past it."""

    def __init__(self, heads: int, width: int) -> None:
        super().__init__()
        whole = heads * width
        self.norm1, self.attention = nn.LayerNorm(whole), Attention(heads, width)
        self.norm2 = nn.LayerNorm(whole)
        self.wide, self.narrow = nn.Linear(whole, 2 * whole), nn.Linear(2 * whole, whole)

    def forward(self, rows: Tensor) -> Tensor:
        rows = rows + self.attention(self.norm1(rows))
        passed: Tensor = rows + self.narrow(torch.relu(self.wide(self.norm2(rows))))
        return passed


class Transformer(nn.Module):
    """`blocks` blocks over the rows, the mean of what they make of them, and a weighted sum of that."""

    def __init__(self, shape: tuple[int, ...], heads: int, width: int, blocks: int, outputs: int) -> None:
        super().__init__()
        self.rows = Rows(shape)
        self.read = nn.Linear(self.rows.columns, heads * width)
        self.place = nn.Parameter(0.02 * torch.randn(self.rows.rows, heads * width))
        self.blocks = nn.Sequential(*(Block(heads, width) for _ in range(blocks)))
        self.norm, self.answer = nn.LayerNorm(heads * width), nn.Linear(heads * width, outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        rows = self.blocks(self.read(self.rows(inputs)) + self.place)
        answer: Tensor = self.answer(self.norm(rows).mean(1))
        return answer
