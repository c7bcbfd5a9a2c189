"""Several seeds together give what each seed's own problem gives."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from msgspec.structs import replace
from torch import Tensor, nn

from lrviz.core import catalog
from lrviz.core.experiment import ProblemSpec, choose
from lrviz.core.pauses import finished
from lrviz.engine import seeds_problem as module_under_test
from lrviz.engine.blocks import Blocks
from lrviz.engine.dense_layers import layers_of, widths_of
from lrviz.engine.dense_seeds import DenseSeeds
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.problems import problem_from_spec
from lrviz.engine.seeds_problem import SeedsProblem, seeds_problem
from tests.engine.questions import on_model, on_surface, toy_data

SEEDS = (0, 3, 11)
DATA = {"classification": "digits", "regression": "diabetes"}


def models() -> list[ProblemSpec]:
    """Every model of the catalog on data that it can learn."""
    return [
        on_model(part.name, DATA[task])
        for part in catalog.models
        for task in part.tasks
        if part.wants != "image" or task == "classification"
    ]


def apart(spec: ProblemSpec, theta: Tensor, step: int) -> tuple[Tensor, Tensor]:
    """Each row by its seed's own problem."""
    found = [problem_from_spec(spec, seed).gradients(theta[i : i + 1], step) for i, seed in enumerate(SEEDS)]
    losses, gradients = zip(*found, strict=True)
    return torch.cat(losses), torch.cat(gradients)


def together(problem: SeedsProblem, theta: Tensor, step: int) -> tuple[Tensor, Tensor]:
    held, gradient = (Blocks.cut(theta, problem.widths) for _ in range(2))
    losses = finished(problem.gradients_in(held.parts, gradient.parts)(step))
    return losses, gradient.rows()


@pytest.mark.parametrize("spec", models(), ids=lambda spec: f"{spec.model.name}-{spec.data.name}")
def test_every_model_has_each_seeds_own_start_losses_and_gradients(spec: ProblemSpec) -> None:
    problem = finished(seeds_problem(spec, SEEDS))
    theta = problem.start()
    for row, seed in enumerate(SEEDS):
        assert torch.equal(theta[row], problem_from_spec(spec, seed).start(1)[0])
    per_epoch = problem.problems[0].steps_per_epoch or 1
    for step in (0, per_epoch - 1, per_epoch, 2):  # an epoch's last batch is smaller, and a step may be asked again
        torch.testing.assert_close(together(problem, theta, step), apart(spec, theta, step), rtol=2e-5, atol=2e-6)


def test_models_go_together_unless_they_draw() -> None:
    for name, alone in (("mlp", False), ("mlp_batchnorm", False), ("mlp_dropout", True)):
        problem = finished(seeds_problem(on_model(name, "digits"), SEEDS))
        assert (type(problem) is SeedsProblem) == alone


def test_one_after_another_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = on_model("mlp", "digits")
    fast = finished(seeds_problem(spec, SEEDS))
    monkeypatch.setattr(module_under_test, "_go_together", lambda models: False)
    slow = finished(seeds_problem(spec, SEEDS))
    assert type(slow) is SeedsProblem
    theta = fast.start()
    torch.testing.assert_close(together(fast, theta, 5), together(slow, theta, 5))


def test_rows_in_portions_are_the_same_and_pause_between(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = on_model("mlp", "digits")
    whole = finished(seeds_problem(spec, SEEDS))
    monkeypatch.setattr(ModelProblem, "gradient_rows", property(lambda self: 2))
    portions = finished(seeds_problem(spec, SEEDS))
    theta = whole.start()
    torch.testing.assert_close(together(portions, theta, 1), together(whole, theta, 1))
    held = Blocks.cut(theta, portions.widths)
    assert len(list(portions.gradients_in(held.parts, held.parts)(1))) == 2


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_a_surface_differs_between_seeds_by_its_noise_alone(noise: float) -> None:
    spec = on_surface("rosenbrock", noise=noise)
    problem = finished(seeds_problem(spec, SEEDS))
    theta = problem.start()
    assert torch.equal(theta[0], theta[2])
    for step in range(15):  # from some step on a tape takes over
        loss, gradient = (values.clone() for values in together(problem, theta, step))
        assert (len(set(map(tuple, gradient.tolist()))) == 1) == (noise == 0)
        torch.testing.assert_close((loss, gradient), apart(spec, theta, step), rtol=1e-12, atol=1e-12)


def test_label_noise_and_splits_are_each_seeds_own() -> None:
    spec = on_model("mlp", "digits")
    spec = replace(spec, data=choose(catalog.datasets, "digits", label_noise=0.3))
    problem = finished(seeds_problem(spec, SEEDS))
    theta = problem.start()
    torch.testing.assert_close(together(problem, theta, 0), apart(spec, theta, 0), rtol=2e-5, atol=2e-6)


def network(bend: type[nn.Module], widths: tuple[int, ...]) -> nn.Sequential:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        parts = [part for a, b in pairwise(widths) for part in (nn.Linear(a, b), bend())]
        return nn.Sequential(*parts[:-1]).double()


@pytest.mark.parametrize(("classes", "squared"), [(3, False), (3, True), (0, False)])
@pytest.mark.parametrize("hidden", [(), (7,), (7, 5)])
@pytest.mark.parametrize("bend", [nn.ReLU, nn.Tanh, nn.Sigmoid, nn.GELU])
def test_dense_gradients_are_autograds(
    bend: type[nn.Module], hidden: tuple[int, ...], classes: int, squared: bool
) -> None:
    module = network(bend, (3, *hidden, classes or 1))
    problem = ModelProblem(module, toy_data(samples=60, classes=classes), 16, 0, squared)
    generator = torch.Generator().manual_seed(1)
    theta = problem.start(4) + 0.3 * torch.randn(4, problem.parameters, generator=generator, dtype=torch.float64)
    places = torch.randint(60, (4, 16), generator=generator)
    batch = tuple(part[places] for part in problem.training_part)
    layers = layers_of(module)
    held, gradient = (Blocks.cut(theta, widths_of(layers)) for _ in range(2))
    losses = DenseSeeds(layers, held.parts, gradient.parts, problem.is_likelihood)(*batch)
    theirs = problem.gradients_on(theta, (batch[0], batch[1]), 0)
    torch.testing.assert_close((losses, gradient.rows()), theirs, rtol=1e-11, atol=1e-12)
