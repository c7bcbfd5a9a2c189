from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from lrviz.views.leaving import Leaving, exit_at
from lrviz.views.way import Frame, Way
from tests.views.descents import Descents

HOME = (-2.0, 2.0, -1.0, 3.0)  # its middle is (0, 1), its half-size 2


def leaving_of(points: Sequence[tuple[float, float]], rows: Sequence[int] = ()) -> Leaving:
    descents = Descents((0.1,), theta=np.array(points)[:, None])
    way = Way(descents.recorder.traces[0], None)
    leaving = Leaving(way, HOME)
    for row in rows or [len(points)]:
        descents.publish(row)
        way.grow()
        leaving.follow()
    return leaving


GONE = [(0.0, 1.0), (1.0, 1.0), (5.0, 1.0), (15.0, 1.0), (45.0, 1.0)]


@pytest.mark.parametrize("rows", [[5], [1, 2, 3, 4, 5], [2, 5]])
def test_a_run_has_left_where_it_last_crossed_the_edge_once_it_is_far_beyond(rows: list[int]) -> None:
    leaving = leaving_of(GONE, rows)
    assert [leaving.at(step) is not None for step in range(5)] == [False, False, False, False, True]
    left = leaving.at(4)
    assert left is not None
    assert left.place == pytest.approx((2.0, 1.0))
    assert left.step == 2
    assert left.upright


def test_a_run_that_comes_back_has_not_left() -> None:
    assert leaving_of([*GONE, (0.5, 0.5)]).at(5) is None


def test_a_run_that_is_just_outside_has_not_left() -> None:
    assert leaving_of([(0.0, 1.0), (0.0, 4.0), (0.0, 5.0)]).at(2) is None


def test_a_run_that_overflows_has_left_where_it_was_last() -> None:
    left = leaving_of([(0.0, 1.0), (0.0, 2.9), (np.inf, np.nan)]).at(2)
    assert left is not None
    assert left.place == (0.0, 2.9)
    assert not left.upright


def test_a_run_that_begins_outside_leaves_nowhere() -> None:
    assert leaving_of([(9.0, 9.0), (90.0, 90.0)]).at(1) is None


def test_an_exit_is_marked_on_every_map_that_shows_its_place() -> None:
    left = leaving_of(GONE).at(4)
    assert left is not None
    whole = exit_at(Frame(HOME, 200, 200), left, QPointF(10, 20))
    assert whole is not None
    assert whole.toTuple() == pytest.approx((208, 120))
    assert exit_at(Frame((-1.0, 1.0, 0.0, 2.0), 200, 200), left, QPointF()) is None
    wider = exit_at(Frame((-4.0, 4.0, -3.0, 5.0), 200, 200), left, QPointF())
    assert wider is not None
    assert wider.toTuple() == pytest.approx((150, 100))
