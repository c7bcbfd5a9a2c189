from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.views.labels import spread


def test_labels_with_room_stay_where_they_want_to_be() -> None:
    assert spread([10, 50, 90], 13, 0, 100) == [10, 50, 90]


def test_labels_in_one_place_move_apart_evenly_around_it() -> None:
    assert spread([50, 50, 50], 10, 0, 100) == [40, 50, 60]


def test_labels_at_an_edge_are_pushed_back_inside() -> None:
    assert spread([99, 99], 10, 0, 100) == [90, 100]
    assert spread([0, 0], 10, 0, 100) == [0, 10]


@given(st.lists(st.floats(-1e3, 1e3), max_size=16))
def test_labels_never_overlap_and_keep_their_order(wanted: list[float]) -> None:
    places = spread(sorted(wanted), 10, 0, 200)
    assert all(b - a >= 10 - 1e-6 for a, b in pairwise(places))
    assert places == [] or places[0] >= 0
    assert places == [] or places[-1] == pytest.approx(min(places[-1], 200))
