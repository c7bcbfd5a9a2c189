from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from lrviz.core.landscape import Landscape, Plane
from lrviz.core.trace import Recorder
from lrviz.views.way import FAR, Frame, Way
from tests.views.descents import Descents, model_scene

FRAME = Frame((-2.0, 2.0, -1.0, 3.0), 200, 100)


def test_the_corners_of_the_bounds_are_the_corners_of_the_map() -> None:
    points = np.array([(-2.0, 3.0), (2.0, -1.0), (0.0, 1.0)])
    assert FRAME.pixels(points).tolist() == [[0, 0], [200, 100], [100, 50]]


def test_a_pixel_is_the_plane_point_under_it_and_never_off_the_map() -> None:
    assert FRAME.point(QPointF(0, 0)) == (-2, 3)
    assert FRAME.point(QPointF(150, 25)) == (1, 2)
    assert FRAME.point(QPointF(-50, 1e6)) == (-2, -1)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_any_point_lands_within_reach_of_a_painter_and_in_its_direction(x: float, y: float) -> None:
    ((column, row),) = FRAME.pixels(np.array([(x, y)])).tolist()
    assert abs(column - 100) <= FAR * 1.0001
    assert abs(row - 50) <= FAR * 1.0001
    assert (column - 100) * x >= 0
    assert (row - 50) * (1 - y) >= -1e-9 or abs(row - 50) < 1e-6


def test_what_is_no_point_stays_none() -> None:
    assert np.isnan(FRAME.pixels(np.array([(np.nan, 0.0)]))[0, 0])


def test_a_surface_is_drawn_where_its_theta_is_whatever_overflows() -> None:
    theta = np.array([[(1.0, 2.0)], [(np.inf, 3.0)]])
    scene = Descents((0.1,), theta=theta).publish()
    surface = Way(scene.traces[0], None)
    surface.grow()
    assert surface.points.tolist() == [[1, 2], [np.inf, 3]]


def test_snapshots_are_projected_once_each_and_as_the_plane_says(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = model_scene(runs=2, snapshots=11)
    plane, trace = scene.plane, scene.traces[1]
    assert plane is not None
    seen: list[int] = []
    project = Plane.plane_from_theta

    def counted(self: Plane, theta: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        seen.append(len(theta))
        return project(self, theta)

    monkeypatch.setattr(Plane, "plane_from_theta", counted)
    model = Way(trace, plane)
    model.grow()
    model.grow()
    assert seen == [11]
    assert model.points == pytest.approx(project(plane, trace.theta))


def test_a_models_way_lies_off_the_plane_and_a_surfaces_on_it() -> None:
    scene = model_scene(runs=1, snapshots=5)
    assert scene.plane is not None
    model, theta = Way(scene.traces[0], scene.plane), scene.traces[0].theta[3]
    model.grow()
    foot = scene.plane.theta_from_plane(model.points[3:4])[0]
    assert model.distance(3) == pytest.approx(float(np.linalg.norm(theta - foot)), rel=1e-5)
    assert Way(Descents((0.1,)).publish().traces[0], None).distance(3) == 0


def test_a_points_loss_is_that_of_the_landscape_it_is_asked_of(monkeypatch: pytest.MonkeyPatch) -> None:
    flat, high = (Landscape((-2.0, 2.0, -1.0, 3.0), np.full((3, 3), loss)) for loss in (1.0, 7.0))
    surface = Way(Descents((0.1,)).publish().traces[0], None)
    surface.grow()
    assert [surface.loss_on(landscape, 0) for landscape in (flat, high, flat)] == [1, 7, 1]
    monkeypatch.setattr(Landscape, "loss_at", None)  # what is known is not worked out again
    assert surface.loss_on(flat, 0) == 1


def test_points_count_from_the_step_of_their_snapshot_on() -> None:
    recorder = Recorder((0.1,), 20, 2, (0, 5, 10, 15))
    for _ in range(3):
        recorder.snapshot(np.zeros((1, 2)))
    recorder.append(np.zeros((1, 12)), np.zeros((1, 12)))
    short = Way(recorder.traces[0], None)
    short.grow()
    assert [short.count(step) for step in (0, 4, 5, 9, 10, 19)] == [1, 1, 2, 2, 3, 3]
