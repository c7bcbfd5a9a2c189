from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lrviz.core.landscape import Landscape, Plane
from lrviz.core.trace import Recorder
from lrviz.views.relief_camera import RISE, Camera, Projection
from lrviz.views.relief_drape import ABOVE, CROWD, PITCH, Drape
from lrviz.views.relief_raster import Horizon
from lrviz.views.relief_scene import Ground
from lrviz.views.relief_strokes import Strokes
from lrviz.views.way import Way
from tests.views.descents import rosenbrock_landscape

HILLS = rosenbrock_landscape(41)  # over x from −2 to 2 and y from −1 to 3


class Walk:
    """A run that goes where it is told, published bit by bit."""

    def __init__(self, points: Any, landscape: Landscape = HILLS, plane: Plane | None = None) -> None:
        self.points = np.asarray(points, np.float64)
        steps = len(self.points) - 1
        self.recorder = Recorder((0.1,), max(steps, 1), self.points.shape[1], range(steps + 1))
        self.drape = Drape(Way(self.recorder.traces[0], plane), Ground(landscape))

    def publish(self, rows: int | None = None) -> Drape:
        for point in self.points[self.recorder.rows : rows]:
            self.recorder.snapshot(point[None])
            self.recorder.append(np.ones((1, 1)), np.ones((1, 1)))
        self.drape.grow()
        return self.drape

    def on_ground(self) -> NDArray[np.float64]:
        """The drape's vertices as points of the ground."""
        return np.asarray((self.drape.vertices[:, :2] / np.array(self.drape.ground.half) + 1) / 2)


def test_every_vertex_lies_just_above_the_landscape() -> None:
    walk = Walk([(-1.2, 1), (0.5, 2.5), (1.5, 0)])
    vertices = walk.publish().vertices
    high = walk.drape.ground.height(walk.on_ground())
    assert vertices[:, 2] == pytest.approx((high + ABOVE) * RISE)


def test_a_long_step_is_laid_over_the_hills_in_a_straight_line_of_the_map() -> None:
    walk = Walk([(-2, -1), (2, 3)])
    walk.publish()
    ground = walk.on_ground()
    assert ground[[0, -1]] == pytest.approx(np.array([[0, 0], [1, 1]]))
    assert ground[:, 0] == pytest.approx(ground[:, 1])
    assert np.diff(ground[:, 0]).max() <= PITCH + 1e-12
    assert walk.drape.begins.tolist() == [True] + [False] * (len(ground) - 1)


def test_a_trail_grows_to_the_same_vertices_in_whatever_portions_it_is_published() -> None:
    points = np.cumsum(np.random.default_rng(0).normal(0, 0.4, (300, 2)), axis=0)
    whole, parts = Walk(points), Walk(points)
    whole.publish()
    for rows in (1, 2, 3, 50, 51, 200, 300):
        parts.publish(rows)
    assert np.array_equal(whole.drape.vertices, parts.drape.vertices)
    assert np.array_equal(whole.drape.begins, parts.drape.begins)
    assert np.array_equal(whole.drape.point, parts.drape.point)


def test_what_leaves_the_map_is_cut_at_its_edge_and_the_exit_is_known() -> None:
    walk = Walk([(0, 1), (4, 1), (0, 2)])  # out over the right edge at x = 2, and back in
    drape = walk.publish()
    ground = walk.on_ground()
    lines = np.split(ground, np.flatnonzero(drape.begins)[1:])
    assert [line[[0, -1]].tolist() for line in lines] == [
        [pytest.approx([0.5, 0.5]), pytest.approx([1, 0.5])],
        [pytest.approx([1, 0.625]), pytest.approx([0.5, 0.75])],
    ]
    assert drape.exit(0) is None
    for step in (1, 2):
        edge = drape.exit(step)
        assert edge is not None
        assert edge[0] == pytest.approx([1, 0.5])
        assert edge[1] == pytest.approx([0.95, 0.5])


def test_a_step_over_the_whole_map_is_drawn_between_its_edges() -> None:
    walk = Walk([(-9, 1), (9, 1)])
    drape = walk.publish()
    assert walk.on_ground()[[0, -1]] == pytest.approx(np.array([[0, 0.5], [1, 0.5]]))
    assert drape.exit(0) is None
    assert drape.exit(1) is not None


def test_a_step_beside_the_map_draws_nothing() -> None:
    drape = Walk([(3, -1), (3, 3), (5, 5)]).publish()
    assert len(drape.vertices) == 0
    assert drape.exit(2) is None


def test_the_place_at_a_step_is_the_traces_own_be_it_off_the_map() -> None:
    drape = Walk([(0, 1), (4, 1), (np.nan, np.inf)]).publish()
    assert drape.place(0) == pytest.approx([0.5, 0.5])
    assert drape.place(1) == pytest.approx([1.5, 0.5])
    assert drape.place(2) == pytest.approx([1.5, 0.5])  # the last place that is one


def test_huge_points_are_neither_errors_nor_vertices() -> None:
    drape = Walk([(0, 1), (1e300, -1e300), (-1e308, 1e308), (np.inf, np.nan)]).publish()
    assert np.isfinite(drape.vertices).all()
    assert len(drape.vertices) > 10
    assert drape.place(3) is not None


def test_steps_add_the_vertices_that_lead_to_their_points() -> None:
    drape = Walk([(-1, 0), (0, 0), (0, 1), (0, 2)]).publish()
    ends = [drape.stretch(-1, step)[1] for step in range(4)]
    assert ends[0] == 0
    assert ends == sorted(ends)
    assert drape.stretch(1, 2) == (ends[1], ends[2])
    assert ends[3] == len(drape.vertices)


def test_a_stretch_gone_over_before_is_not_drawn_again() -> None:
    once = Walk([(0, 0), (1, 1)]).publish()
    often = Walk([(0, 0), (1, 1)] * 50).publish()
    assert np.array_equal(once.vertices, often.vertices)


def test_a_trail_breaks_at_holes() -> None:
    loss = np.ones((41, 41)) * np.arange(41)
    loss[:, 18:23] = np.nan
    walk = Walk([(-2, 1), (2, 1)], Landscape((-2.0, 2.0, -1.0, 3.0), loss))
    drape = walk.publish()
    assert np.isfinite(drape.vertices).all()
    assert drape.begins.sum() == 2
    second = walk.on_ground()[np.flatnonzero(drape.begins)[1]]
    assert second[0] == pytest.approx(23 / 40, abs=PITCH)


def test_a_models_thetas_are_drawn_where_they_stand_on_its_plane() -> None:
    directions = np.linalg.qr(np.random.default_rng(0).normal(size=(9, 2)))[0].T
    plane = Plane(np.full(9, 0.5), directions, ("a", "b"))
    theta = plane.theta_from_plane(np.array([[-1.0, 0.0], [1.0, 2.0]]))
    walk = Walk(theta, plane=plane)
    walk.publish()
    assert walk.on_ground()[[0, -1]] == pytest.approx(np.array([[0.25, 0.25], [0.75, 0.75]]))


def test_strokes_know_the_px_and_what_is_hidden_however_they_grew() -> None:
    points = np.cumsum(np.random.default_rng(3).normal(0, 0.3, (80, 2)), axis=0)
    walk = Walk(points)
    projection = Projection(Camera(-60, 30), (200, 150), (380, 280))
    horizon = Horizon(walk.drape.ground, projection, (400, 300), 1)
    strokes = Strokes(walk.drape, horizon)
    for rows in (1, 7, 8, 80):
        walk.publish(rows)
        strokes.grow()
    places = projection.project(walk.drape.vertices)
    assert np.array_equal(strokes.px, places[:, :2])
    assert np.array_equal(strokes.hidden, horizon.hides(places))
    assert strokes.hidden.any()
    again = Strokes(walk.drape, horizon)
    again.grow()
    assert again.along == pytest.approx(strokes.along)


def test_a_crowd_of_stretches_is_drawn_straight_and_thin_from_the_same_vertex_on_however_it_grew() -> None:
    points = np.random.default_rng(2).uniform((-1.5, -0.5), (1.5, 2.5), (400, 2))
    whole, parts = Walk(points), Walk(points)
    whole.publish()
    for rows in (7, 100, 101, 399, 400):
        parts.publish(rows)
    crowd = whole.drape.crowd
    assert crowd is not None
    assert abs(crowd - CROWD) < 2 / PITCH
    assert parts.drape.crowd == crowd
    assert np.array_equal(whole.drape.vertices, parts.drape.vertices)
    assert np.unique(whole.drape.point[:crowd], return_counts=True)[1].max() > 20
    assert np.unique(whole.drape.point[crowd:], return_counts=True)[1].max() == 1
