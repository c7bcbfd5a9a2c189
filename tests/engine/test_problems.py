"""Surfaces and typed formulas as problems."""

from __future__ import annotations

from dataclasses import replace as replace_part

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch import Tensor, nn

from lrviz.core import catalog
from lrviz.core.epochs import load_data
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import OnModel, choose
from lrviz.core.problem import Problem
from lrviz.engine.problems import SurfaceProblem, bounds_and_minima, data_behind, module_for, problem_from_spec
from tests.engine.questions import on_expression, on_model, on_surface

POINTS = torch.tensor([[0.3, -0.7], [1.5, 0.2], [-1.1, 0.9]], dtype=torch.float64)


@pytest.mark.parametrize("name", catalog.surfaces.names())
def test_gradients_agree_with_differences(name: str) -> None:
    problem = problem_from_spec(on_surface(name, noise=0.0), 0)
    loss, gradient = problem.gradients(POINTS, 0)
    torch.testing.assert_close(loss, problem.loss(POINTS, 0))
    for axis in range(2):
        offset = torch.zeros(2, dtype=torch.float64)
        offset[axis] = 1e-6
        difference = (problem.loss(POINTS + offset, 0) - problem.loss(POINTS - offset, 0)) / 2e-6
        torch.testing.assert_close(gradient[:, axis], difference, rtol=1e-5, atol=1e-5)


def noise_of(problem: Problem, step: int, points: Tensor = POINTS) -> Tensor:
    """(K, 2) what the gradient of a bowl has too much."""
    return problem.gradients(points, step)[1] - points


def noisy_bowl(noise: float = 0.5, seed: int = 0) -> SurfaceProblem:
    problem = problem_from_spec(on_surface("bowl", curvature=1.0, noise=noise), seed)
    assert isinstance(problem, SurfaceProblem)
    return problem


def test_noise_is_the_same_for_every_run_however_many_there_are() -> None:
    noise = noise_of(noisy_bowl(), 7)
    torch.testing.assert_close(noise, noise[:1].expand(3, -1))
    torch.testing.assert_close(noise_of(noisy_bowl(), 7, POINTS[1:2]), noise[:1])


def test_noise_depends_on_seed_and_step_and_on_nothing_else() -> None:
    forwards, backwards = noisy_bowl(), noisy_bowl()
    steps = [0, 1, 1023, 1024, 5000]
    drawn = [noise_of(forwards, step) for step in steps]
    for step, noise in reversed(list(zip(steps, drawn, strict=True))):
        assert torch.equal(noise_of(backwards, step), noise)
        assert torch.equal(noise_of(backwards, step), noise)
        assert not torch.equal(noise_of(noisy_bowl(seed=1), step), noise)
    assert len({tuple(noise[0].tolist()) for noise in drawn}) == len(steps)


def test_noise_has_mean_0_and_its_deviation_on_either_axis_alone() -> None:
    problem, point = noisy_bowl(0.5), torch.zeros(1, 2, dtype=torch.float64)
    drawn = torch.cat([problem.gradients(point, step)[1] for step in range(4096)])
    assert drawn.mean(0).abs().max() < 4 * 0.5 / 64
    torch.testing.assert_close(drawn.std(0), torch.full((2,), 0.5, dtype=torch.float64), rtol=0.05, atol=0)
    assert torch.corrcoef(drawn.T)[0, 1].abs() < 4 / 64


@pytest.mark.parametrize("lr", [0.4, 0.05])
def test_under_noise_a_rate_keeps_swinging_as_widely_as_the_noisy_bowl_says(lr: float) -> None:
    problem, theta, steps = noisy_bowl(0.5), torch.zeros(1, 2, dtype=torch.float64), 20_000
    places = torch.empty(steps, 2, dtype=torch.float64)
    for step in range(steps):
        theta = theta - lr * (theta + problem.noise_at(step))  # curvature 1
        places[step] = theta
    expected = torch.full((2,), 0.5 * (lr / (2 - lr)) ** 0.5, dtype=torch.float64)
    torch.testing.assert_close(places.std(0), expected, rtol=0.1, atol=0)


def test_noise_leaves_the_loss_true_and_is_in_the_fingerprint() -> None:
    still = noisy_bowl(0.0)
    assert torch.equal(noisy_bowl().gradients(POINTS, 3)[0], still.loss(POINTS, 3))
    assert torch.equal(noise_of(still, 3), torch.zeros(3, 2, dtype=torch.float64))
    assert len({problem.digest() for problem in (still, noisy_bowl(), noisy_bowl(0.6), noisy_bowl(seed=1))}) == 4


def test_a_typed_formula_has_noise_too() -> None:
    formula = replace(on_expression("x**2/2 + y**2/2", (1.0, 2.0)), noise=0.5)
    assert torch.equal(noise_of(problem_from_spec(formula, 0), 9), noise_of(noisy_bowl(), 9))


def test_surfaces_run_in_double_precision_from_their_start() -> None:
    problem = problem_from_spec(on_surface("rosenbrock", (0.1, 0.2)), 0)
    start = problem.start(3)
    assert start.dtype == torch.float64
    np.testing.assert_array_equal(start, [[0.1, 0.2]] * 3)
    assert (problem.parameters, problem.steps_per_epoch, problem.metric_names) == (2, None, ())


def test_a_surfaces_parameters_reach_it() -> None:
    steep = problem_from_spec(on_surface("rosenbrock", b=200.0), 0)
    point = torch.tensor([[0.0, 1.0]], dtype=torch.float64)
    assert steep.loss(point, 0).tolist() == [201.0]


@pytest.mark.parametrize(
    ("text", "gradient"), [("x**2 + 10*y**2", [2.0, 40.0]), ("3*y", [0.0, 3.0]), ("7", [0.0, 0.0])]
)
def test_a_typed_formula_is_a_problem_whatever_it_leaves_out(text: str, gradient: list[float]) -> None:
    problem = problem_from_spec(on_expression(text, (1.0, 2.0)), 0)
    assert problem.gradients(problem.start(1), 0)[1].tolist() == [gradient]


def test_a_formula_that_makes_no_sense_is_the_persons_error() -> None:
    with pytest.raises(LrvizError):
        problem_from_spec(on_expression("x +", (1.0, 2.0)), 0)


def test_bounds_and_minima_come_from_the_surface_or_from_the_person() -> None:
    assert bounds_and_minima(on_surface("rosenbrock", a=0.5)) == ((-2.0, 2.0, -1.0, 3.0), ((0.5, 0.25),))
    assert bounds_and_minima(on_expression("x", (0.0, 0.0), (-1.0, 1.0, -3.0, 3.0))) == ((-1.0, 1.0, -3.0, 3.0), ())


def test_data_stand_behind_the_surfaces_that_are_real_losses() -> None:
    behind = {name: data_behind(on_surface(name)) for name in catalog.surfaces.names()}
    assert {name for name, data in behind.items() if data} == {"cancer_neuron", "diabetes_line", "tanh_neuron"}
    line = behind["diabetes_line"]
    assert line is not None
    assert "kg/m²" in line.axes[0]
    assert data_behind(on_expression("x*y", (0.0, 0.0))) is None


def test_a_model_starts_the_same_in_every_row_and_leaves_torchs_generator_alone() -> None:
    before = torch.get_rng_state()
    problem = problem_from_spec(on_model(), 3)
    assert torch.equal(before, torch.get_rng_state())
    start = problem.start(4)
    assert start.dtype == torch.float32
    assert torch.equal(start, start[:1].expand(4, -1))
    assert torch.equal(start, problem_from_spec(on_model(), 3).start(4))
    assert not torch.equal(start, problem_from_spec(on_model(), 4).start(4))


@pytest.mark.parametrize("model", catalog.models.names())
def test_every_model_falls_along_minus_its_gradient(model: str) -> None:
    part = catalog.models.find(model)
    data = "digits" if "classification" in part.tasks else "diabetes"
    problem = problem_from_spec(OnModel(choose(catalog.models, model), choose(catalog.datasets, data), 0), 0)
    theta = problem.start(1)
    loss, gradient = problem.gradients(theta, 0)
    lower, _ = problem.gradients(theta - 1e-3 * gradient / gradient.norm(), 0)
    assert lower[0] < loss[0]


def test_a_model_that_wants_pictures_is_refused_data_that_hold_none() -> None:
    with pytest.raises(LrvizError, match="cnn is for pictures, and moons holds none; digits does"):
        problem_from_spec(on_model("cnn", "moons"), 0)


def test_a_model_is_told_how_its_inputs_lie() -> None:
    told: list[tuple[int, ...]] = []

    def factory(outputs: int, shape: tuple[int, ...]) -> nn.Module:
        told.append(shape)
        return nn.LazyLinear(outputs)

    part = replace_part(catalog.models.find("mlp"), factory=factory, parameters=())
    for name in ("digits", "moons"):
        module_for(part, load_data(choose(catalog.datasets, name), 0), {}, 0)
    assert told == [(8, 8), (2,)]
