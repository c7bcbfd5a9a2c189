"""Dense networks written out give what autograd gives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lrviz.core.landscape import Plane
from lrviz.engine import dense_problem, dense_tiles
from lrviz.engine.dense_problem import DenseProblem
from lrviz.engine.dense_tiles import FEWEST_RUNS, TILE_SAMPLES
from lrviz.engine.lanes import Lanes
from lrviz.engine.model_problem import ModelProblem
from tests.engine.questions import toy_data, toy_network

BENDS = [nn.ReLU, nn.Tanh, nn.Sigmoid, nn.GELU]
RUNS = 2 * FEWEST_RUNS + 3


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several tiles, which a network so small would not need."""
    monkeypatch.setattr(dense_tiles, "TILE_NUMBERS", 1)


def network(bend: type[nn.Module], outputs: int, inputs: int = 3) -> nn.Sequential:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(inputs, 7), bend(), nn.Linear(7, 5), bend(), nn.Linear(5, outputs)).double()


def both(module: nn.Module, classes: int, squared: bool = False, batch: int = 16) -> tuple[DenseProblem, ModelProblem]:
    data = toy_data(samples=TILE_SAMPLES + 50, test=30, classes=classes)
    return DenseProblem(module, data, batch, 0, squared), ModelProblem(module, data, batch, 0, squared)


def rows(problem: ModelProblem) -> Tensor:
    noise = torch.randn(RUNS, problem.parameters, generator=torch.Generator().manual_seed(1))
    return problem.start(RUNS) + 0.3 * noise.to(torch.float64)


@pytest.mark.parametrize("batch", [16, 0])
@pytest.mark.parametrize(("classes", "squared"), [(3, False), (3, True), (0, False)])
@pytest.mark.parametrize("bend", BENDS)
def test_losses_and_gradients_equal_autograds(bend: type[nn.Module], classes: int, squared: bool, batch: int) -> None:
    written_out, general = both(network(bend, classes or 1), classes, squared, batch)
    for step in (0, written_out.steps_per_epoch - 1):
        mine, theirs = written_out.gradients(rows(general), step), general.gradients(rows(general), step)
        torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-13)
        torch.testing.assert_close(written_out.loss(rows(general), step), theirs[0], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("module", [nn.Linear(3, 3), nn.Sequential(nn.Linear(3, 3))])
def test_one_layer_is_a_dense_network_too(module: nn.Module) -> None:
    written_out, general = both(module.double(), 3)
    torch.testing.assert_close(written_out.gradients(rows(general), 2), general.gradients(rows(general), 2))


@pytest.mark.parametrize(("classes", "squared"), [(3, False), (3, True), (0, False)])
def test_metrics_equal_the_general_ones(classes: int, squared: bool) -> None:
    written_out, general = both(network(nn.ReLU, classes or 1), classes, squared)
    mine, theirs = written_out.metrics(rows(general)), general.metrics(rows(general))
    assert mine.keys() == theirs.keys()
    for name in mine:
        torch.testing.assert_close(mine[name], theirs[name], rtol=1e-12, atol=1e-13)


def test_answers_that_are_alike_or_infinite_are_counted_as_the_general_way_does() -> None:
    written_out, general = both(network(nn.ReLU, 3), 3)
    theta = rows(general)
    theta[1] = 0.0  # every class gets the same answer: the first one is the model's
    theta[2] = torch.inf
    for shown in (theta[:2], theta):
        mine, theirs = written_out.metrics(shown), general.metrics(shown)
        for name in mine:
            torch.testing.assert_close(mine[name], theirs[name], rtol=1e-12, atol=1e-13, equal_nan=True)


def test_several_thetas_in_turn_do_not_disturb_one_another() -> None:
    written_out, general = both(network(nn.ReLU, 3), 3)
    thetas = [rows(general) * factor for factor in (0.5, 0.8, 1.0, 1.2, 1.5, 2.0)]
    for step, theta in enumerate([*thetas, *thetas]):
        mine, theirs = written_out.gradients(theta, step), general.gradients(theta, step)
        torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-13)
        theta *= 0.9  # in place, as a descent changes it


def test_any_number_of_runs_may_be_asked_for_and_few_are_kept() -> None:
    written_out, general = both(network(nn.ReLU, 3), 3)
    for count in (*range(1, 9), 2, 8, 1):
        theta = rows(general)[:count]
        mine, theirs = written_out.gradients(theta, 0), general.gradients(theta, 0)
        torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-13)
        torch.testing.assert_close(written_out.metrics(theta), general.metrics(theta), rtol=1e-12, atol=1e-13)
    assert len(written_out._held) <= dense_problem.KEPT
    assert written_out._gradients.keys() <= written_out._held.keys()


@pytest.mark.parametrize("lanes", [1, 2, 3])
@pytest.mark.parametrize("module", [network(nn.Tanh, 3), nn.Linear(3, 3).double()])
def test_losses_on_a_plane_equal_the_general_ones(module: nn.Module, lanes: int) -> None:
    written_out, general = both(module, 3)
    start = general.start(1)[0].numpy()
    directions = np.linalg.qr(np.random.default_rng(0).standard_normal((len(start), 2)))[0].T
    plane = Plane(start, directions, ("a", "b"))
    points = np.random.default_rng(1).standard_normal((RUNS, 2))
    at_points = general.metrics(torch.from_numpy(plane.theta_from_plane(points)))["train_loss"]
    *_, by_autograd = general.losses_on(plane)(points)
    with ThreadPoolExecutor(2) as threads:
        written_out.lanes = Lanes(lanes, threads)
        *_, by_hand = written_out.losses_on(plane)(points)
    torch.testing.assert_close(by_autograd, at_points, rtol=1e-12, atol=1e-13)
    torch.testing.assert_close(by_hand, at_points, rtol=1e-10, atol=1e-12)


def test_a_row_that_is_not_finite_changes_no_bit_of_another() -> None:
    problem, _ = both(network(nn.ReLU, 3), 3)
    theta = rows(problem)
    kept = [k for k in range(RUNS) if k != 4]
    before = [values.clone() for values in problem.gradients(theta, 0)]
    theta[4] = torch.inf
    after = problem.gradients(theta, 0)
    assert not torch.isfinite(after[0][4])
    for first, second in zip(before, after, strict=True):
        assert torch.equal(first[kept], second[kept])


@pytest.mark.parametrize(
    "module",
    [
        nn.Sequential(nn.Linear(3, 3), nn.ReLU()),
        nn.Sequential(nn.Linear(3, 4), nn.Softplus(), nn.Linear(4, 3)),
        nn.Sequential(nn.Linear(3, 4), nn.GELU(approximate="tanh"), nn.Linear(4, 3)),
        nn.Sequential(nn.Linear(3, 4, bias=False), nn.ReLU(), nn.Linear(4, 3)),
        nn.Sequential(*[nn.Linear(3, 3)] * 1, nn.ReLU(), nn.Flatten(), nn.Linear(3, 3)),
        nn.Sequential(),
    ],
)
def test_other_modules_are_left_to_the_general_way(module: nn.Module) -> None:
    assert not DenseProblem.takes(module)


def test_a_layer_used_twice_is_left_to_the_general_way() -> None:
    layer = nn.Linear(3, 3)
    assert not DenseProblem.takes(nn.Sequential(layer, nn.ReLU(), layer))


def test_a_layer_that_is_not_trained_is_left_to_the_general_way() -> None:
    module = toy_network()
    assert DenseProblem.takes(module)
    next(module.parameters()).requires_grad_(False)
    assert not DenseProblem.takes(module)


def test_a_network_that_flattens_its_inputs_first_is_a_dense_one() -> None:
    assert DenseProblem.takes(nn.Sequential(nn.Flatten(), *toy_network()))
    assert not DenseProblem.takes(nn.Sequential(nn.Flatten(0), *toy_network()))
    plain = DenseProblem(toy_network(), toy_data(), 8, 0)
    flattening = DenseProblem(nn.Sequential(nn.Flatten(), *toy_network()), toy_data(), 8, 0)
    for ours, expected in zip(flattening.gradients(plain.start(2), 0), plain.gradients(plain.start(2), 0), strict=True):
        assert torch.equal(ours, expected)


def test_a_network_with_hooks_is_left_to_the_general_way() -> None:
    module = toy_network()
    hook = module[1].register_forward_hook(lambda _module, _inputs, outputs: 2 * outputs)
    assert not DenseProblem.takes(module)
    hook.remove()
    assert DenseProblem.takes(module)
