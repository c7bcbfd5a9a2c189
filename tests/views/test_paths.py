from __future__ import annotations

import numpy as np
import pytest

from lrviz.views.paths import path_from_points, path_from_polylines


def test_a_path_goes_through_its_points_and_lifts_the_pen_at_each_start() -> None:
    points = np.random.default_rng(0).normal(size=(7, 2))
    path = path_from_points(points, [0, 3])
    elements = [path.elementAt(at) for at in range(path.elementCount())]
    assert [(element.x, element.y) for element in elements] == [tuple(point) for point in points.tolist()]
    assert [at for at, element in enumerate(elements) if element.isMoveTo()] == [0, 3]


@pytest.mark.parametrize("count", [2, 3])
def test_the_short_way_for_two_points_makes_the_same_path_as_the_stream(count: int) -> None:
    path = path_from_points(np.arange(2.0 * count).reshape(count, 2), [0])
    assert path.elementCount() == count
    assert path.elementAt(0).isMoveTo()
    assert path.elementAt(1).isLineTo()
    assert path.currentPosition().toTuple() == (2.0 * count - 2, 2.0 * count - 1)


def test_no_points_are_an_empty_path() -> None:
    assert path_from_points(np.empty((0, 2)), []).isEmpty()
    assert path_from_polylines([]).isEmpty()


def test_polylines_stay_apart() -> None:
    path = path_from_polylines([np.zeros((2, 2)), np.ones((3, 2))])
    assert [path.elementAt(at).isMoveTo() for at in range(5)] == [True, False, True, False, False]
