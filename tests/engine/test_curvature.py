"""Gradient and curvature at a point, and the limits that optimizers have."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.experiment import Choice, choose
from lrviz.core.gauge import gauge_at
from lrviz.engine.curvature import hessians, slopes
from lrviz.engine.problems import SurfaceProblem, problem_from_spec
from tests.engine.questions import asked, on_expression, on_surface, run


def surface(name: str) -> SurfaceProblem:
    problem = problem_from_spec(on_surface(name), 0)
    assert isinstance(problem, SurfaceProblem)
    return problem


def limit_of(optimizer: Choice) -> float:
    scene = run(replace(asked(on_surface("bowl"), (0.1,), 2), optimizer=optimizer))
    gauge = gauge_at(scene, 0, 0)
    assert gauge is not None
    return gauge.limit


def test_rosenbrocks_largest_curvature_at_its_minimum_is_1001_6() -> None:
    (slope,) = slopes(surface("rosenbrock"), np.array([[1.0, 1.0]]))
    np.testing.assert_allclose(slope.gradient, 0, atol=1e-12)
    np.testing.assert_allclose(slope.curvatures, [0.39936, 1001.60064], rtol=1e-5)
    assert 2 / slope.curvatures[-1] == pytest.approx(0.001997, rel=1e-3)
    np.testing.assert_allclose(slope.directions @ slope.directions.T, np.eye(2), atol=1e-12)
    hessian = slope.directions.T @ np.diag(slope.curvatures) @ slope.directions
    np.testing.assert_allclose(hessian, [[802, -400], [-400, 200]], rtol=1e-9)


def test_points_are_looked_at_one_by_one() -> None:
    first, second = slopes(surface("saddle"), np.array([[1.0, 2.0], [0.0, 0.0]]))
    assert first.gradient.tolist() == [2.0, -4.0]
    assert second.gradient.tolist() == [0.0, 0.0]
    assert first.curvatures.tolist() == second.curvatures.tolist() == [-2.0, 2.0]


def test_hessians_come_in_the_points_own_shape() -> None:
    points = np.random.default_rng(0).normal(size=(3, 4, 2))
    found = hessians(surface("rosenbrock"), points)
    x, y = points[..., 0], points[..., 1]
    rows = [[2 + 1200 * x**2 - 400 * y, -400 * x], [-400 * x, 200 + 0 * x]]
    np.testing.assert_allclose(found, np.moveaxis(np.array(rows), (0, 1), (-2, -1)), rtol=1e-12)


@pytest.mark.parametrize(("text", "gradient"), [("3*x + y", [3.0, 1.0]), ("5", [0.0, 0.0])])
def test_a_plane_has_no_curvature(text: str, gradient: list[float]) -> None:
    problem = problem_from_spec(on_expression(text, (0.0, 0.0)), 0)
    assert isinstance(problem, SurfaceProblem)
    (slope,) = slopes(problem, np.array([[0.5, 0.5]]))
    assert slope.gradient.tolist() == gradient
    assert slope.curvatures.tolist() == [0.0, 0.0]


def test_a_point_that_is_not_finite_has_no_curvature_to_tell() -> None:
    (slope,) = slopes(surface("rosenbrock"), np.array([[np.inf, 0.0]]))
    assert np.isnan(slope.curvatures).all()


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("sgd", {}),
        ("momentum", {}),
        ("momentum", {"momentum": 0.5, "dampening": 0.3}),
        ("nesterov", {}),
        ("nesterov", {"momentum": 0.5}),
    ],
)
def test_just_below_the_limit_a_bowl_is_won_and_just_above_lost(name: str, settings: dict[str, float]) -> None:
    optimizer = choose(catalog.optimizers, name, **settings)
    limit = limit_of(optimizer)
    bowl = on_expression("x**2/2 + y**2/2", (1.0, 0.5))  # curvature 1
    experiment = replace(asked(bowl, (0.97 * limit, 1.03 * limit), 400), optimizer=optimizer)
    scene = run(experiment)
    below, above = (trace.loss for trace in scene.traces)
    assert below[-1] < 1e-3 * below[0]
    assert above[-1] > 1e3 * above[0]


@pytest.mark.parametrize(("name", "rate"), [("sgd", 0.002), ("momentum", 0.0002), ("nesterov", 0.0002)])
def test_far_below_the_limit_a_bowl_is_won_at_the_known_speed(name: str, rate: float) -> None:
    optimizer = choose(catalog.optimizers, name)
    speed = catalog.optimizers.find(name).speed
    assert speed is not None
    bowl = on_expression("x**2/2 + y**2/2", (1.0, 0.5))
    loss = run(replace(asked(bowl, (rate,), 800), optimizer=optimizer)).traces[0].loss
    assert np.log(loss[400] / loss[800]) / 400 == pytest.approx(2 * rate * speed(**optimizer.parameters), rel=0.02)
