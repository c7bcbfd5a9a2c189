"""A plane's points and their thetas."""

from __future__ import annotations

import numpy as np
import pytest

from lrviz.core import landscape
from lrviz.core.landscape import Landscape, Plane


def plane(parameters: int = 7) -> Plane:
    rng = np.random.default_rng(0)
    directions = np.linalg.qr(rng.standard_normal((parameters, 2)))[0].T
    return Plane(rng.standard_normal(parameters), directions, ("one", "two"))


def test_points_come_back_from_the_thetas_they_stand_for() -> None:
    points = np.random.default_rng(1).standard_normal((5, 2))
    np.testing.assert_allclose(plane().plane_from_theta(plane().theta_from_plane(points)), points, atol=1e-12)


def test_the_foot_of_a_theta_is_the_nearest_point_of_the_plane() -> None:
    theta = np.random.default_rng(2).standard_normal((1, 7))
    foot = plane().theta_from_plane(plane().plane_from_theta(theta))
    np.testing.assert_allclose((theta - foot) @ plane().directions.T, 0, atol=1e-12)


def test_the_plane_of_a_surface_is_the_surface() -> None:
    theta = np.array([[-1.2, 1.0], [3.0, 0.5]])
    np.testing.assert_array_equal(Plane.of_surface().plane_from_theta(theta), theta)
    np.testing.assert_array_equal(Plane.of_surface().theta_from_plane(theta), theta)
    assert Plane.of_surface().axes == ("x", "y")


def test_a_whole_trace_is_projected_in_its_own_precision_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landscape, "CHUNK", 20)  # two thetas of seven numbers at a time
    theta = np.random.default_rng(3).standard_normal((5, 7))
    expected = (theta - plane().origin) @ plane().directions.T
    np.testing.assert_allclose(plane().plane_from_theta(theta), expected, atol=1e-12)
    np.testing.assert_allclose(plane().plane_from_theta(theta.astype(np.float32)), expected, atol=1e-5)


def test_the_distance_of_a_theta_is_to_its_foot() -> None:
    flat = Plane(np.array([0.0, 0.0, 1.0]), np.eye(3)[:2], ("x", "y"))
    assert flat.distance(np.array([3.0, 4.0, -1.5])) == 2.5
    assert flat.distance(np.array([3.0, 4.0, 1.0], np.float32)) == 0


def test_between_the_grids_points_the_loss_is_bilinear_and_off_it_unknown() -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, 3, 4))
    sloped = Landscape((-1.0, 1.0, 0.0, 3.0), 2 * x + y + x * y)
    points = np.array([[-1.0, 0.0], [1.0, 3.0], [0.3, 1.7], [1.01, 0.0], [0.0, -0.01], [np.nan, 0.0], [np.inf, 0.0]])
    expected = [2 * x + y + x * y for x, y in points[:3]] + [np.nan] * 4
    np.testing.assert_allclose(sloped.loss_at(points), expected, atol=1e-12)
