"""A plane's points and their thetas."""

from __future__ import annotations

import numpy as np

from lrviz.core.landscape import Plane


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
