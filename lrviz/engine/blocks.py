"""Theta of all runs, and all that is as large, cut between columns: the numbers of a block lie together in memory.

Where a block is one layer's weights they are one matrix for all runs, (K·out, in). What every run sees takes a single
product with it then, and a product's result goes where it belongs at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor


class Blocks:
    """Numbers (K, P): `parts` are the columns of each block, (K, p), one after another in the memory of `flat`.

    `flat` is (K, P) where all columns are one block, else (K·P,).
    """

    def __init__(self, flat: Tensor, parts: tuple[Tensor, ...]) -> None:
        self.flat = flat
        self.parts = parts
        self._rows = flat if len(parts) == 1 else torch.empty(0, dtype=flat.dtype)

    @classmethod
    def whole(cls, rows: Tensor) -> Blocks:
        """One block, in the memory of `rows` (K, P)."""
        return cls(rows, (rows,))

    @classmethod
    def cut(cls, rows: Tensor, widths: Sequence[int]) -> Blocks:
        """Blocks of so many columns, in memory of their own."""
        return copy_of(rows.split(list(widths), 1))

    def rows(self) -> Tensor:
        """(K, P) to be read: the memory itself where it is one block, else copied anew into the same place."""
        if len(self.parts) > 1:
            if not len(self._rows):
                self._rows = self.flat.new_empty(len(self.parts[0]), sum(part.shape[1] for part in self.parts))
            torch.cat(self.parts, 1, out=self._rows)
        return self._rows

    def fill(self, rows: Tensor) -> None:
        """Write (K, P)."""
        columns = rows.split([part.shape[1] for part in self.parts], 1)
        for part, values in zip(self.parts, columns, strict=True):
            part.copy_(values)

    def row(self, row: int) -> Tensor:
        """(P,) a copy."""
        return torch.cat([part[row] for part in self.parts])

    def set_row(self, row: int, values: Tensor | float) -> None:
        """Write (P,), or a number everywhere."""
        first = 0
        for part in self.parts:
            end = first + part.shape[1]
            part[row] = values[first:end] if isinstance(values, Tensor) else values
            first = end


def over(flat: Tensor, parts: Sequence[Tensor]) -> Blocks:
    """Blocks of the shapes of `parts`, over memory that is as large as all of them."""
    if len(parts) == 1:
        return Blocks.whole(flat)
    pieces = flat.split([math.prod(part.shape) for part in parts])
    return Blocks(flat, tuple(piece.view(part.shape) for piece, part in zip(pieces, parts, strict=True)))


def copy_of(parts: Sequence[Tensor]) -> Blocks:
    """Blocks of these numbers, in memory of their own."""
    flat = in_one_piece(parts)
    return over(flat.clone() if flat is parts[0] else flat, parts)


def in_one_piece(parts: Sequence[Tensor]) -> Tensor:
    """A block as it is, or several one after another in a copy (K·P,)."""
    return parts[0] if len(parts) == 1 else torch.cat([part.flatten() for part in parts])
