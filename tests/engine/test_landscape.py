"""The loss on the grid that is drawn."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from torch import nn

from lrviz.core import catalog
from lrviz.core.landscape import Landscape
from lrviz.core.pauses import finished
from lrviz.engine import model_problem
from lrviz.engine.landscape import FINE_SIZES, coarse_size, fine_size, model_landscape, surface_landscape
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.planes import plane_through_start
from lrviz.engine.problems import SurfaceProblem, bounds_and_minima, problem_from_spec
from tests.engine.questions import on_expression, on_surface, toy_data, toy_network


def on(text: str) -> Landscape:
    problem = problem_from_spec(on_expression(text, (0.5, 0.5)), 0)
    assert isinstance(problem, SurfaceProblem)
    return surface_landscape(problem, (-1.0, 1.0, 0.0, 3.0), 5)


def test_rows_go_from_y0_up_and_columns_from_x0() -> None:
    np.testing.assert_allclose(on("x").loss, [[-1, -0.5, 0, 0.5, 1]] * 5)
    np.testing.assert_allclose(on("y").loss[:, 0], [0, 0.75, 1.5, 2.25, 3])
    assert on("x").bounds == (-1.0, 1.0, 0.0, 3.0)


def test_what_is_not_defined_is_nan_or_infinite() -> None:
    loss = on("log(x)").loss
    assert np.isnan(loss[:, :2]).all()
    assert (loss[:, 2] == -np.inf).all()


@pytest.mark.parametrize("name", catalog.surfaces.names())
def test_every_surface_has_a_finite_landscape_that_its_known_minima_bound(name: str) -> None:
    spec = on_surface(name)
    problem = problem_from_spec(spec, 0)
    assert isinstance(problem, SurfaceProblem)
    bounds, minima = bounds_and_minima(spec)
    landscape = surface_landscape(problem, bounds)
    assert np.isfinite(landscape.loss).all()
    if minima:
        assert problem.loss(torch.tensor(minima, dtype=torch.float64)).min() <= landscape.loss.min() + 1e-9


def test_the_same_surface_from_another_start_has_the_same_landscape_and_other_settings_have_their_own() -> None:
    def landscape(b: float, start: tuple[float, float] = (0.0, 0.0), noise: float = 0.0) -> Landscape:
        problem = problem_from_spec(on_surface("rosenbrock", start, b=b, noise=noise), 0)
        assert isinstance(problem, SurfaceProblem)
        return surface_landscape(problem, (-1.0, 1.0, -1.0, 1.0), 5)

    assert landscape(10.0) is landscape(10.0, (0.5, 0.5), 1.0)
    assert landscape(10.0).loss[0, 2] == 11  # at (0, −1): 1 + b
    assert landscape(20.0).loss[0, 2] == 21
    assert not landscape(10.0).loss.flags.writeable


def problem(samples: int = 40) -> ModelProblem:
    return ModelProblem(toy_network(), toy_data(samples=samples), 16, 0)


def test_a_models_landscape_is_its_training_loss_over_the_plane() -> None:
    made = problem()
    window = finished(plane_through_start(made, 0))
    *pauses, landscape = model_landscape(made, window, 7)
    assert isinstance(landscape, Landscape)
    assert set(pauses) == {None}
    assert landscape.bounds == window.bounds
    x0, x1, y0, y1 = window.bounds
    for row, column in ((0, 0), (2, 5), (6, 6)):
        place = np.array([[x0 + (x1 - x0) * column / 6, y0 + (y1 - y0) * row / 6]])
        theta = torch.from_numpy(window.plane.theta_from_plane(place)).float()
        expected = made.metrics(theta)["train_loss"].item()
        assert landscape.loss[row, column] == pytest.approx(expected, rel=1e-4)


def test_a_slow_model_pauses_after_every_point(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(np.arange(0, 1000, 0.5).tolist())
    made = problem()
    window = finished(plane_through_start(made, 0))
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    assert len(list(model_landscape(made, window, 3))) == 10


def test_a_large_part_is_drawn_from_and_the_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problem().note == ""
    monkeypatch.setattr(model_problem, "LANDSCAPE_SAMPLES", (10, 30))
    made = problem()
    assert made.landscape_samples == 30
    assert made.note == "the landscape is computed from 30 of 40 training samples"
    window = finished(plane_through_start(made, 0))
    (first,), (second,) = (made.losses_on(window.plane)(np.zeros((1, 2))) for _ in range(2))
    assert first is not None
    assert second is not None
    assert torch.equal(first, second)


def test_the_fine_grid_is_as_fine_as_is_affordable() -> None:
    assert fine_size(problem()) == FINE_SIZES[1]
    wide = nn.Sequential(nn.Linear(3, 2000), nn.ReLU(), nn.Linear(2000, 1000), nn.ReLU(), nn.Linear(1000, 3))
    large = ModelProblem(wide, toy_data(samples=3000), 16, 0)
    assert fine_size(large) == FINE_SIZES[0]
    assert coarse_size(large) == FINE_SIZES[0] // 4
    assert large.landscape_samples == model_problem.LANDSCAPE_SAMPLES[0]
