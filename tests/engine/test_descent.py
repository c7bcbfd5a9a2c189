"""All runs in one tensor go where one torch.optim object a run would go."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lrviz.core import catalog
from lrviz.core.experiment import Change, Choice, Experiment, Run
from lrviz.core.problem import Problem
from lrviz.engine.batches import Batches
from lrviz.engine.dense_problem import DenseProblem
from lrviz.engine.descent import Descent
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.portions import BACKWARD
from lrviz.engine.problems import problem_from_spec
from tests.engine.questions import asked, on_surface, rowwise_optimizers, toy_data, toy_network

LRS = (0.005, 0.002, 0.0001)
OPTIMIZERS = [*catalog.optimizers.names(), "test-lbfgs", "test-rprop", "test-asgd"]
STEPS = 40
BATCH = 16

Loss = Callable[[Sequence[Tensor], int], Tensor]


@pytest.fixture(autouse=True)
def parts_for_tests() -> Iterator[None]:
    with rowwise_optimizers():
        yield


def paths(problem: Problem, experiment: Experiment) -> torch.Tensor:
    """(steps + 1, K, P) where all runs were."""
    descent = Descent(problem, experiment)
    rows = [descent.theta.clone()]
    for step in range(experiment.steps):
        for _ in descent.evaluate(step):
            pass
        descent.advance()
        rows.append(descent.theta.clone())
    return torch.stack(rows)


def path_of_one(loss: Loss, start: list[Tensor], lr: float, optimizer: Choice, schedule: Choice) -> torch.Tensor:
    """(STEPS + 1, P) where torch's own optimizer goes, with its scheduler, at its own rate."""
    parameters = [nn.Parameter(value.clone()) for value in start]
    maker = catalog.optimizers.find(optimizer.name).factory(parameters, lr, **optimizer.parameters)
    scheduler = catalog.schedules.find(schedule.name).factory(maker, STEPS, **schedule.parameters)
    rows = []
    for step in range(STEPS + 1):
        rows.append(torch.cat([p.detach().reshape(-1) for p in parameters]))

        def closure(step: int = step) -> float:
            maker.zero_grad()
            value = loss(parameters, step)
            value.backward()
            return value.item()

        before = loss(parameters, step).item()
        maker.step(closure)
        scheduler.step(*([before] if catalog.schedules.find(schedule.name).by_loss else []))
    return torch.stack(rows)


@pytest.mark.parametrize(
    ("optimizer", "schedule"),
    [
        *[(optimizer, "cosine") for optimizer in OPTIMIZERS],
        *itertools.product(("sgd", "adam", "rprop"), catalog.schedules.names()),
    ],
)
def test_runs_on_a_surface_equal_one_torch_optimizer_each(optimizer: str, schedule: str) -> None:
    experiment = asked(on_surface("himmelblau"), LRS, STEPS, optimizer, schedule)
    together = paths(problem_from_spec(experiment.problem, 0), experiment)

    def loss(parameters: Sequence[Tensor], _step: int) -> Tensor:
        x, y = parameters[0].unbind()
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    start = [torch.tensor(catalog.surfaces.find("himmelblau").start, dtype=torch.float64)]
    for run, lr in enumerate(LRS):
        alone = path_of_one(loss, start, lr, experiment.optimizer, experiment.schedule)
        within = 1e-9 if optimizer.endswith("lbfgs") else 1e-12  # it divides by differences of gradients
        torch.testing.assert_close(together[:, run], alone, rtol=within, atol=within)


@pytest.mark.parametrize("kind", [DenseProblem, ModelProblem])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_runs_of_a_network_equal_one_torch_optimizer_each(optimizer: str, kind: type[ModelProblem]) -> None:
    network, data = toy_network().double(), toy_data()
    experiment = asked(on_surface("bowl"), LRS, STEPS, optimizer, "cosine")
    together = paths(kind(network, data, BATCH, seed=5), experiment)
    inputs, targets = torch.tensor(data.train_inputs, dtype=torch.float64), torch.tensor(data.train_targets)
    batches = Batches(inputs, targets, BATCH, seed=5)
    names = [name for name, _ in network.named_parameters()]

    def loss(parameters: Sequence[Tensor], step: int) -> Tensor:
        some, wanted = batches(step)
        outputs = torch.func.functional_call(network, dict(zip(names, parameters, strict=True)), (some,))
        return cross_entropy(outputs, wanted)

    start = [parameter.detach() for parameter in network.parameters()]
    for run, lr in enumerate(LRS):
        alone = path_of_one(loss, start, lr, experiment.optimizer, experiment.schedule)
        rows = 6 if optimizer.endswith("lbfgs") else STEPS + 1  # small batches make its differences of gradients wild
        torch.testing.assert_close(together[:rows, run], alone[:rows], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_plain_sgd_equals_one_torch_optimizer_a_run_to_the_bit(dtype: torch.dtype) -> None:
    problem = DenseProblem(toy_network().to(dtype), toy_data(), BATCH, 0)
    experiment = asked(on_surface("bowl"), LRS, STEPS, "sgd")
    descent = Descent(problem, experiment)
    for step in range(STEPS):
        list(descent.evaluate(step))
        before = descent.theta.clone()
        descent.advance()
        for run, lr in enumerate(LRS):
            parameter = nn.Parameter(before[run])
            parameter.grad = descent.gradient[run]
            torch.optim.SGD([parameter], lr).step()
            assert torch.equal(descent.theta[run], parameter.detach())


def test_neighbours_with_other_optimizers_keep_their_own() -> None:
    spec = on_surface("himmelblau")
    adam, sgd = (asked(spec, (0.01, 0.002), STEPS, name).optimizer for name in ("adam", "sgd"))
    plain = asked(spec, (0.01, 0.002), STEPS, "sgd")
    mixed = Experiment(spec, sgd, plain.schedule, (Run(0.01), Run(0.01, adam), Run(0.002, adam), Run(0.002)), STEPS)
    problem = problem_from_spec(spec, 0)
    together = paths(problem, mixed)
    of_sgd = paths(problem, plain)
    of_adam = paths(problem, asked(spec, (0.01, 0.002), STEPS, "adam"))
    torch.testing.assert_close(together[:, [0, 3]], of_sgd, rtol=0, atol=0)
    torch.testing.assert_close(together[:, [1, 2]], of_adam, rtol=0, atol=0)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "momentum", "test-rprop"])
def test_a_theta_in_blocks_is_moved_as_one_in_rows_is(optimizer: str) -> None:
    module, data, spec = toy_network().double(), toy_data(), on_surface("bowl")
    asked_for = asked(spec, LRS, STEPS, optimizer)
    adam, rprop = (asked(spec, LRS, STEPS, name).optimizer for name in ("adam", "test-rprop"))
    runs = (
        Run(0.005),
        Run(0.005, changes=(Change(10, 0.002),)),  # a fork of the first
        Run(0.002, adam),
        Run(0.002, rprop),
        Run(0.002, changes=(Change(12, 0.001, adam),)),
        Run(0.001),
    )
    experiment = replace(asked_for, runs=runs)
    in_blocks = paths(DenseProblem(module, data, BATCH, 0), experiment)
    torch.testing.assert_close(
        in_blocks, paths(ModelProblem(module, data, BATCH, 0), experiment), rtol=1e-9, atol=1e-11
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("kind", ["surface", DenseProblem, ModelProblem])
def test_a_row_that_is_not_finite_changes_no_bit_of_another(kind: str | type[ModelProblem], optimizer: str) -> None:
    spec = on_surface("himmelblau")
    problem = problem_from_spec(spec, 0) if isinstance(kind, str) else kind(toy_network(), toy_data(), BATCH, 0)
    experiment = asked(spec, (0.01, 0.003, 0.001), 8, optimizer)
    undisturbed = paths(problem, experiment)
    for bad in (np.nan, np.inf, -np.inf):
        descent = Descent(problem, experiment)
        spoilt = descent.theta[1].clone()
        spoilt[0] = bad
        descent.put(1, spoilt)
        for step in range(8):
            for _ in descent.evaluate(step):
                pass
            descent.advance()
        assert torch.equal(descent.theta[[0, 2]], undisturbed[-1][[0, 2]])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_parked_row_stays_finite_at_the_start_and_changes_no_bit_of_another(optimizer: str) -> None:
    spec = on_surface("himmelblau")
    problem = problem_from_spec(spec, 0)
    experiment = asked(spec, (0.01, 0.003, 0.001), 12, optimizer)
    undisturbed = paths(problem, experiment)
    descent = Descent(problem, experiment)
    for step in range(12):
        if step == 5:
            descent.put(1, torch.full_like(descent.theta[1], torch.inf))
        for _ in descent.evaluate(step):
            pass
        for row in descent.overflowed():
            descent.park(int(row))
        descent.advance()
    assert descent.running.tolist() == [True, False, True]
    assert torch.equal(descent.theta[1], problem.start(1)[0])
    assert torch.equal(descent.theta[[0, 2]], undisturbed[-1][[0, 2]])


def test_the_applied_rate_is_the_runs_own_times_its_schedule() -> None:
    spec = on_surface("bowl")
    descent = Descent(problem_from_spec(spec, 0), asked(spec, (0.1, 0.01), 10, schedule="cosine"))
    for step in range(10):
        list(descent.evaluate(step))
        factor = (1 + np.cos(np.pi * step / 10)) / 2
        np.testing.assert_allclose(descent.rates, factor * np.array([0.1, 0.01]), rtol=1e-12)
        descent.advance()


@pytest.mark.parametrize("kind", [DenseProblem, ModelProblem])
def test_rows_in_pieces_equal_rows_at_once(kind: type[ModelProblem], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = kind(toy_network().double(), toy_data(), BATCH, 0)
    experiment = asked(on_surface("bowl"), LRS, 10, "adam")
    monkeypatch.setattr(kind, "_affordable", 2 * BACKWARD * BATCH * whole.products)
    divided = kind(toy_network().double(), toy_data(), BATCH, 0)
    assert divided.gradient_rows == 2 < len(LRS) <= whole.gradient_rows
    assert list(Descent(divided, experiment).evaluate(0))  # a pause between 2 and 1
    torch.testing.assert_close(paths(divided, experiment), paths(whole, experiment), rtol=1e-12, atol=1e-13)
