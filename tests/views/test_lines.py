from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lrviz.views.lines import BEYOND, LONGEST, Lines, cut
from lrviz.views.way import Frame

FRAME = Frame((0.0, 100.0, 0.0, 100.0), 100, 100)
LOW, HIGH = np.array([0.0, 0.0]), np.array([100.0, 100.0])
numbers = st.floats(-300, 400).map(lambda value: round(value, 3))
points = st.tuples(numbers, numbers)


def lines_of(*places: tuple[float, float]) -> Lines:
    """Lines through places in px."""
    lines = Lines(FRAME)
    lines.follow(np.array([(x, 100 - y) for x, y in places]))
    return lines


def ends(lines: Lines, first: int, last: int) -> NDArray[np.float64]:
    stretches = lines.between(first, last)
    return np.stack([lines._begin[stretches], lines._end[stretches]], 1)


@given(points, points)
def test_the_part_that_is_kept_of_a_line_is_what_lies_within(
    begin: tuple[float, float], end: tuple[float, float]
) -> None:
    a, b = np.array([begin]), np.array([end])
    enter, leave = cut(a, b, LOW, HIGH)
    along = np.linspace(0, 1, 301)[:, None]
    inside = ((a + (b - a) * along >= LOW) & (a + (b - a) * along <= HIGH)).all(axis=1)
    within = (along[:, 0] >= enter[0]) & (along[:, 0] <= leave[0])
    near_an_end = (abs(along[:, 0] - enter[0]) < 1e-6) | (abs(along[:, 0] - leave[0]) < 1e-6)
    assert (inside == within)[~near_an_end].all()


def test_a_line_to_far_away_is_cut_off_a_little_beyond_the_edge_in_its_own_direction() -> None:
    ((begin, end),) = ends(lines_of((50, 50), (1e9, 50 + 1e8)), 0, 2)
    assert begin.tolist() == [50, 50]
    assert end[0] == pytest.approx(100 + BEYOND)
    assert end[1] == pytest.approx(50 + 0.1 * (50 + BEYOND), rel=1e-6)


def test_a_line_between_two_far_places_crosses_the_map_where_it_does() -> None:
    ((begin, end),) = ends(lines_of((-1e6, 20.0), (1e6, 40.0)), 0, 2)
    assert begin.tolist() == pytest.approx([-BEYOND, 30], abs=0.01)
    assert end.tolist() == pytest.approx([100 + BEYOND, 30], abs=0.01)


def test_what_lies_off_the_map_is_not_drawn() -> None:
    assert len(ends(lines_of((200, 50), (300, 90), (250, 500)), 0, 3)) == 0


def test_dashes_of_a_line_that_comes_from_afar_go_on_along_all_of_it() -> None:
    lines = lines_of((-1000, 50), (50, 50))
    assert lines.dash(lines.between(0, 2)) == pytest.approx(1000 - BEYOND)


def test_no_line_is_too_long_for_a_dash() -> None:
    lines = lines_of((-1e150, 50), (50, 50), (60, 50))
    assert 0 <= lines.dash(lines.between(2, 3)) <= LONGEST


def test_a_path_is_unbroken_where_its_lines_are_and_stands_where_it_is_asked_to() -> None:
    lines = lines_of((10, 10), (20, 10), (300, 10), (300, 20), (20, 20))
    stretches = lines.between(0, 5)
    path = lines.path(stretches, (1000, 2000))
    kinds = [path.elementAt(index).isMoveTo() for index in range(path.elementCount())]
    assert kinds == [True, False, False, True, False]
    assert (path.elementAt(0).x, path.elementAt(0).y) == (1010, 2010)
    assert [len(piece) for piece in lines.pieces(stretches)] == [2, 1]
