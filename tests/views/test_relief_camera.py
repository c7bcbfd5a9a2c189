from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from lrviz.views.relief_camera import AROUND, FARTHEST, HIGHEST, LOWEST, NEAREST, RISE, Camera, Projection


def projection(azimuth: float, elevation: float, distance: float = 1.0) -> Projection:
    return Projection(Camera(azimuth, elevation, distance), (300.0, 200.0), (400.0, 300.0))


def test_from_above_the_world_is_the_map_itself() -> None:
    from_above = projection(-90, 90)
    unit = from_above.unit
    assert unit == pytest.approx(300 / (2 * AROUND))  # the lower side takes the ground's diagonal
    places = from_above.project(np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, RISE]]))
    assert places == pytest.approx(
        np.array([[300, 200, 0], [300 + unit, 200, 0], [300, 200 - unit, 1], [300, 200, 0]]), abs=1e-9
    )


def test_at_thirty_degrees_depth_is_halved_and_height_is_not_quite() -> None:
    slanting = projection(-90, 30)
    unit, cos = slanting.unit, math.sqrt(3) / 2
    assert unit == pytest.approx(min(400 / (2 * AROUND), 300 / (AROUND + RISE * cos)))
    foot = 200 + unit * RISE * cos / 2  # the landscape's middle in height stands in the middle of its place
    places = slanting.project(np.array([[0.0, 1.0, 0.0], [0.0, 0.0, RISE]]))
    assert places[:, :2] == pytest.approx(np.array([[300, foot - unit / 2], [300, foot - unit * RISE * cos]]))


def test_a_quarter_turn_puts_y_where_x_was() -> None:
    before, after = projection(-90, 40), projection(0, 40)
    assert before.project(np.array([[1.0, 0, 0]])) == pytest.approx(after.project(np.array([[0, 1.0, 0]])), abs=1e-9)


def test_the_landscape_fits_its_place_from_every_side() -> None:
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (0, RISE)], float)
    for azimuth in range(-180, 180, 15):
        for elevation in (LOWEST, 50, HIGHEST):
            places = projection(azimuth, elevation).project(corners)
            assert (np.abs(places[:, 0] - 300) <= 200 + 1e-6).all()
            assert (np.abs(places[:, 1] - 200) <= 150 + 1e-6).all()


def test_turning_and_zooming_stay_within_the_limits() -> None:
    camera = Camera(170, 50, 1)
    assert camera.turned(20, 0).azimuth == pytest.approx(-170)
    assert camera.turned(0, 100).elevation == HIGHEST
    assert camera.turned(0, -100).elevation == LOWEST
    assert camera.zoomed(100).distance == NEAREST
    assert camera.zoomed(0.01).distance == FARTHEST
    assert camera.zoomed(1.25).distance == pytest.approx(0.8)


def test_twice_as_far_is_half_as_large() -> None:
    assert projection(-60, 50, 2.0).unit == pytest.approx(projection(-60, 50).unit / 2)


def test_a_camera_can_be_saved() -> None:
    camera = Camera(12.5, 33, 0.7)
    assert msgspec.json.decode(msgspec.json.encode(camera), type=Camera) == camera
