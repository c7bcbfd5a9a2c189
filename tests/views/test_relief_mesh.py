from __future__ import annotations

import numpy as np
import pytest

from lrviz.core.landscape import Landscape
from lrviz.views.relief_camera import RISE, Camera, Projection
from lrviz.views.relief_mesh import Mesh, dashes, hatching, matrix, pairs_of_isolines
from lrviz.views.relief_scene import Ground
from lrviz.views.theme import LIGHT
from tests.views.descents import rosenbrock_landscape

WALLS = (0xFF102030, 0xFF405060)


@pytest.mark.parametrize("camera", [Camera(), Camera(130, 20, 0.6), Camera(-90, 90, 2)])
def test_open_gl_puts_every_point_where_the_projection_does(camera: Camera) -> None:
    width, height = 640, 360
    projection = Projection(camera, (250, 190), (400, 300))
    world = np.random.default_rng(0).uniform(-1, 1, (50, 3)) * [1, 1, RISE]
    cube = (matrix(projection, width, height) @ np.column_stack([world, np.ones(50)]).T).T
    places = projection.project(world)
    assert cube[:, 3] == pytest.approx(1)
    assert (cube[:, 0] + 1) / 2 * width == pytest.approx(places[:, 0])
    assert (1 - cube[:, 1]) / 2 * height == pytest.approx(places[:, 1])
    assert (np.abs(cube[:, 2]) < 1).all()


def test_of_two_points_on_one_pixel_the_one_towards_the_viewer_is_before_the_other() -> None:
    projection = Projection(Camera(-90, 30), (200, 150), (400, 300))
    far = np.array([0.0, 0.5, 0.0])
    near = far + 0.3 * np.array([0, -projection.cos, projection.sin])  # along the line of sight
    cube = matrix(projection, 400, 300) @ np.column_stack([np.stack([far, near]), [1, 1]]).T
    assert cube[:2, 0] == pytest.approx(cube[:2, 1])
    assert cube[2, 1] < cube[2, 0]


def test_a_mesh_has_two_triangles_a_cell_and_a_wall_at_every_edge() -> None:
    mesh = Mesh(Ground(rosenbrock_landscape(11)), LIGHT, WALLS)
    assert mesh.vertices.shape == (121 + 4 * 22, 3)
    assert mesh.faces.shape == (2 * 100 + 4 * 2 * 10, 3)
    colors = mesh.colors(Projection(Camera(), (200, 150), (400, 300)))
    assert colors.shape == (len(mesh.vertices), 4)
    assert colors[-1] == pytest.approx(np.array([0x10, 0x20, 0x30, 0xFF]) / 255)
    assert ((colors >= 0) & (colors <= 1)).all()


def test_a_mesh_has_no_triangles_in_holes() -> None:
    loss = np.arange(121.0).reshape(11, 11)
    loss[5, 5] = np.nan  # four cells touch it
    loss[0, 3] = np.nan  # two more, and two of the wall
    mesh = Mesh(Ground(Landscape((0.0, 1.0, 0.0, 1.0), loss)), LIGHT, WALLS)
    assert len(mesh.faces) == 2 * (100 - 4 - 2) + 2 * (40 - 2)
    assert np.isfinite(mesh.vertices).all()


def test_isolines_are_pairs_of_known_points() -> None:
    pairs = pairs_of_isolines(Ground(rosenbrock_landscape(21)), 6)
    assert len(pairs) % 2 == 0
    assert np.isfinite(pairs).all()
    assert np.linalg.norm(pairs[::2] - pairs[1::2], axis=1).max() < 0.3  # none joins two lines


def test_only_what_has_holes_has_a_hatched_floor() -> None:
    assert len(hatching(Ground(rosenbrock_landscape(9)))) == 0
    loss = np.arange(81.0).reshape(9, 9)
    loss[4, 4] = np.nan
    floor = hatching(Ground(Landscape((0.0, 1.0, 0.0, 1.0), loss)))
    assert len(floor) == 80
    assert (floor[:, 2] == 0).all()


def test_dashes_are_as_long_as_their_pattern_says_across_corners() -> None:
    vertices = np.array([[0, 0, 0], [3, 0, 0], [3, 4, 0], [9, 9, 9], [9, 10, 9]], float)
    begins = np.array([True, False, False, True, False])
    ends, vertex = dashes(vertices, begins, (2, 1), 1)  # 7 px and, after a gap that costs nothing, 1 px
    dashed = [(a.tolist(), b.tolist()) for a, b in ends.reshape(-1, 2, 3)]
    assert dashed == [
        ([0, 0, 0], [2, 0, 0]),
        ([3, 0, 0], [3, 2, 0]),
        ([3, 3, 0], [3, 4, 0]),
        ([9, 9, 9], [9, 10, 9]),
    ]
    assert vertex.tolist() == [1, 2, 2, 4]


def test_a_line_without_a_pattern_is_whole() -> None:
    vertices, begins = np.random.default_rng(0).normal(size=(5, 3)), np.array([True, False, False, True, False])
    ends, vertex = dashes(vertices, begins, (), 100)
    assert vertex.tolist() == [1, 2, 4]
    assert np.array_equal(ends, vertices[[0, 1, 1, 2, 3, 4]])
    assert len(dashes(vertices[:1], begins[:1], (2, 1), 100)[0]) == 0
