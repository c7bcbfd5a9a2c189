from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from lrviz.views.markers import RADIUS
from lrviz.views.overlay_heads import NEAR, place_heads

AREA = QRectF(10, 20, 400, 300)
on_map = st.tuples(st.floats(11, 409), st.floats(21, 319))


def apart(a: QPointF, b: QPointF) -> float:
    return math.hypot(a.x() - b.x(), a.y() - b.y())


def test_heads_apart_from_one_another_stand_where_their_runs_are() -> None:
    places = [QPointF(50, 50), QPointF(100, 50), QPointF(300, 200)]
    heads = place_heads(places, AREA)
    assert [(head.run, head.at) for head in sorted(heads, key=lambda head: head.run)] == list(enumerate(places))


@pytest.mark.parametrize("runs", [2, 3, 8, 16])
def test_heads_at_one_place_stand_around_it_and_none_hides_another(runs: int) -> None:
    heads = place_heads([QPointF(200, 150)] * runs, AREA)
    assert sorted(head.run for head in heads) == list(range(runs))
    assert all(head.place == QPointF(200, 150) for head in heads)
    assert min(apart(a.at, b.at) for a, b in itertools.combinations(heads, 2)) > 1.9 * RADIUS
    assert {round(apart(head.at, QPointF(200, 150)), 6) for head in heads} == {
        round(apart(heads[0].at, QPointF(200, 150)), 6)
    }


@given(st.lists(on_map, min_size=1, max_size=16))
def test_every_head_is_shown_on_the_map_and_none_is_far_from_its_place(places: list[tuple[float, float]]) -> None:
    heads = place_heads([QPointF(*place) for place in places], AREA)
    assert sorted(head.run for head in heads) == list(range(len(places)))
    for head in heads:
        assert AREA.contains(head.at)
        assert apart(head.at, head.place) < 16 * NEAR + 80


@given(st.lists(st.floats(-math.pi, math.pi), min_size=1, max_size=16))
def test_runs_off_the_map_have_arrows_apart_along_its_edge(angles: list[float]) -> None:
    middle = AREA.center()
    places = [middle + QPointF(math.cos(angle), math.sin(angle)) * 5000 for angle in angles]
    heads = place_heads(places, AREA)
    assert sorted(head.run for head in heads) == list(range(len(places)))
    for head in heads:
        assert head.angle == pytest.approx(angles[head.run], abs=1e-6)
        assert AREA.contains(head.at)
        assert not AREA.adjusted(10, 10, -10, -10).contains(head.at)
