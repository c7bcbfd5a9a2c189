"""How much is done between two pauses, by paper and pencil."""

from __future__ import annotations

import pytest

from lrviz.engine.portions import BACKWARD, FEWEST, Portions, slices

DENSE = Portions(affordable=3e6, longest=9e6, products=1000, parameters=1000)
REUSING = Portions(affordable=3e6, longest=9e6, products=1_000_000, parameters=1000)  # its weights look at many places
LARGE = Portions(affordable=3e6, longest=9e6, products=1_000_000, parameters=1_000_000)


@pytest.mark.parametrize(
    ("portions", "samples", "rows"),
    [
        (DENSE, 100, 10),  # 3 passes · 100 samples · 1000 products are a tenth of what is affordable
        (DENSE, 1000, 1),
        (DENSE, 3000, 1),  # more than is affordable, but not the longest
        (DENSE, 3001, 0),
        (REUSING, 3, 1),
        (REUSING, 4, 0),
        (LARGE, FEWEST, 1),
        (LARGE, FEWEST + 1, 0),
    ],
)
def test_rows_go_together_as_long_as_they_are_affordable(portions: Portions, samples: int, rows: int) -> None:
    assert portions.rows(samples, BACKWARD) == rows


@pytest.mark.parametrize(("portions", "samples"), [(DENSE, 3000), (REUSING, 3), (LARGE, FEWEST)])
def test_a_row_is_divided_only_so_far_that_its_weights_are_worth_fetching(portions: Portions, samples: int) -> None:
    assert portions.samples(BACKWARD) == samples


def test_a_pause_comes_whenever_as_much_as_is_affordable_is_done() -> None:
    pause = DENSE.pauses()
    pauses = [len(list(pause.after(rows=2, samples=600))) for _ in range(6)]  # 1.2 of 3 million each
    assert pauses == [0, 0, 1, 0, 0, 1]


def test_slices_cover_everything_once() -> None:
    assert list(slices(7, 3)) == [slice(0, 3), slice(3, 6), slice(6, 7)]
    assert list(slices(0, 3)) == []
