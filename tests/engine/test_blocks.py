"""Numbers in blocks are the numbers in rows, wherever they stand."""

from __future__ import annotations

import pytest
import torch

from lrviz.engine.blocks import Blocks, in_one_piece, over

WIDTHS = (6, 1, 4)
ROWS = torch.arange(33.0).view(3, 11)


@pytest.fixture(params=["whole", "cut"])
def blocks(request: pytest.FixtureRequest) -> Blocks:
    return Blocks.whole(ROWS.clone()) if request.param == "whole" else Blocks.cut(ROWS, WIDTHS)


def test_rows_come_back_as_they_were(blocks: Blocks) -> None:
    assert torch.equal(blocks.rows(), ROWS)
    assert torch.equal(blocks.row(1), ROWS[1])


def test_each_block_lies_together_and_is_written_through_the_whole() -> None:
    blocks = Blocks.cut(ROWS, WIDTHS)
    assert [tuple(part.shape) for part in blocks.parts] == [(3, width) for width in WIDTHS]
    assert all(part.is_contiguous() for part in blocks.parts)
    blocks.flat.mul_(2)
    assert torch.equal(blocks.rows(), 2 * ROWS)
    assert torch.equal(ROWS, torch.arange(33.0).view(3, 11))  # memory of its own


def test_what_is_written_is_read(blocks: Blocks) -> None:
    before = blocks.rows().clone()
    blocks.set_row(1, -ROWS[0])
    blocks.set_row(2, 0.5)
    assert torch.equal(blocks.rows(), torch.stack([before[0], -ROWS[0], torch.full((11,), 0.5)]))
    blocks.fill(before)
    assert torch.equal(blocks.rows(), before)


def test_a_copy_of_a_row_stays_as_it_is(blocks: Blocks) -> None:
    row = blocks.row(0)
    blocks.set_row(0, 0.0)
    assert torch.equal(row, ROWS[0])


def test_other_memory_is_cut_in_the_same_way(blocks: Blocks) -> None:
    other = over(in_one_piece(blocks.parts).clone(), blocks.parts)
    assert torch.equal(other.rows(), ROWS)
    other.flat.zero_()
    assert torch.equal(blocks.rows(), ROWS)
