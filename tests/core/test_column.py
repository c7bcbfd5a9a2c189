"""Columns piece by piece: the same as read at once, whatever the pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.core.column import Column, GrowingColumn, TurnedToTextError, column_of, is_missing, is_number

cells = st.sampled_from(["1", "2.5", "-3", "1e3", "", "NA", "?", "red", "blue", "1_000"])


def grown(pieces: list[list[str]]) -> Column:
    """The column as whoever reads it gets it: from its beginning again where it turns to text."""
    for is_text in (False, True):
        growing = GrowingColumn("name", is_text=is_text)
        try:
            for piece in pieces:
                growing.add(piece)
            return growing.column(with_first=False)
        except TurnedToTextError:
            continue
    raise AssertionError("a column of text turned to text")


@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_column_is_the_same_in_any_pieces(pieces: list[list[str]]) -> None:
    texts = [text for piece in pieces for text in piece]
    ours, whole = grown(pieces), column_of(texts)
    assert ours.kinds == whole.kinds
    assert ours.gap == whole.gap
    np.testing.assert_array_equal(ours.values, whole.values)
    if whole.kinds is None:
        expected = [np.nan if is_missing(text) else float(text) for text in texts]
        np.testing.assert_array_equal(whole.values, expected)
    else:
        assert [whole.kinds[place] for place in whole.values] == texts


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", True), ("-1.5e-3", True), ("inf", True), ("1_000", False), ("1,5", False), ("", False), ("one", False)],
)
def test_a_number_is_what_people_write_as_one(text: str, number: bool) -> None:
    assert is_number(text) == number


@pytest.mark.parametrize("text", ["", "NA", "n/a", "NaN", "null", "NULL", "?"])
def test_what_files_write_for_a_missing_value_is_missing(text: str) -> None:
    assert is_missing(text)
    assert column_of(["1", text]).gap == (1, text)
    assert column_of(["red", text]).gap == (1, text)


def test_a_first_row_that_is_no_name_is_the_first_value() -> None:
    growing = GrowingColumn("7")
    growing.add(["8", "9"])
    assert growing.column(with_first=True).values.tolist() == [7, 8, 9]


def test_a_kind_is_found_and_a_text_that_is_none_is_nowhere() -> None:
    column = column_of(["red", "blue", "red"])
    assert column.is_kind("red").tolist() == [True, False, True]
    assert not column.is_kind("green").any()
    assert column.quoted(1) == "'blue'"
