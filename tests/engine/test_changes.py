"""Runs that change on the way go where torch's own optimizers would, and forks keep their parent's trail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.experiment import Change, Choice, Experiment, OnSurface, Run, choose
from lrviz.core.trace import Trace
from tests.engine.questions import asked, defaults, on_model, on_surface, run, until_judged

STEPS = 60
HIMMELBLAU = on_surface("himmelblau", (1.0, 1.5))
COSINE, PLATEAU = choose(catalog.schedules, "cosine"), choose(catalog.schedules, "plateau", patience=0.05)
RUNS = 9  # vectorised operations take eight numbers at once and treat the rest another way


def torchs_own(problem: OnSurface, start: Run, optimizer: Choice, schedule: Choice, steps: int) -> np.ndarray:
    """(steps + 1, 2) one torch optimizer at a time, its rate set and itself replaced where the run changes."""
    part = catalog.surfaces.find(problem.surface.name)
    settings = part.own_settings(problem.surface.parameters)
    theta = torch.tensor(problem.start, dtype=torch.float64, requires_grad=True)
    dummy = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = catalog.schedules.find(schedule.name).factory(dummy, steps, **schedule.parameters)
    by_loss = catalog.schedules.find(schedule.name).by_loss
    dummy.step()
    lr, maker = start.lr, made(optimizer, theta)
    changes = {change.step: change for change in start.changes}
    rows = [theta.detach().clone()]

    def closure() -> float:
        loss: Tensor = part.factory(*theta, **settings)
        (theta.grad,) = torch.autograd.grad(loss, theta)
        return loss.item()

    for step in range(steps):
        if step in changes:
            lr = changes[step].lr
            if (other := changes[step].optimizer) is not None:
                maker = made(other, theta)
        maker.param_groups[0]["lr"] = lr * dummy.param_groups[0]["lr"]
        loss = maker.step(closure)
        scheduler.step(*([loss] if by_loss else []))
        rows.append(theta.detach().clone())
    return torch.stack(rows).numpy()


def made(optimizer: Choice, theta: Tensor) -> torch.optim.Optimizer:
    maker = catalog.optimizers.find(optimizer.name).factory([theta], 1.0, **optimizer.parameters)
    assert isinstance(maker, torch.optim.Optimizer)
    return maker


def racing(runs: Sequence[Run], optimizer: str = "sgd", schedule: Choice | None = None) -> tuple[Trace, ...]:
    experiment = asked(HIMMELBLAU, (0.1,), STEPS, optimizer)
    return run(replace(experiment, runs=tuple(runs), schedule=schedule or experiment.schedule)).traces


@pytest.mark.parametrize("schedule", [None, COSINE, PLATEAU])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "rprop", "asgd", "lbfgs"])
def test_a_change_of_rate_is_torchs_optimizer_with_its_rate_set_there(optimizer: str, schedule: Choice | None) -> None:
    turned = Run(0.002, changes=(Change(20, 0.004), Change(40, 0.001)))
    first, second = racing([turned, Run(0.003)], optimizer, schedule)
    used = schedule or choose(catalog.schedules, "constant")
    for trace, own in ((first, turned), (second, Run(0.003))):
        alone = torchs_own(HIMMELBLAU, own, defaults(optimizer), used, STEPS)
        np.testing.assert_allclose(trace.theta, alone, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("schedule", [None, COSINE, PLATEAU])
@pytest.mark.parametrize(
    ("one", "other"), [("momentum", "adam"), ("adam", "momentum"), ("sgd", "lbfgs"), ("rprop", "sgd"), ("adam", "adam")]
)
def test_a_change_of_optimizer_is_a_new_one_of_torchs_made_there(one: str, other: str, schedule: Choice | None) -> None:
    turned = Run(0.002, changes=(Change(25, 0.003, defaults(other)),))
    trace = racing([Run(0.001), turned, Run(0.003)], one, schedule)[1]
    used = schedule or choose(catalog.schedules, "constant")
    alone = torchs_own(HIMMELBLAU, turned, defaults(one), used, STEPS)
    np.testing.assert_allclose(trace.theta, alone, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("optimizer", ["momentum", "adam", "rprop"])
def test_a_run_that_leaves_its_group_changes_no_bit_of_another(optimizer: str) -> None:
    lrs = [0.001 * (k + 1) for k in range(RUNS)]
    plain = racing([Run(lr) for lr in lrs], optimizer)
    for turning in (0, 4, RUNS - 1):
        runs = [Run(lr) for lr in lrs]
        runs[turning] = Run(lrs[turning], changes=(Change(30, 0.01, defaults("adagrad")),))
        turned = racing(runs, optimizer)
        for k in range(RUNS):
            same = turned[k].theta == plain[k].theta
            assert same.all() if k != turning else (same[:31].all() and not same[31:].all())


@pytest.mark.parametrize("schedule", [None, PLATEAU])
@pytest.mark.parametrize("optimizer", catalog.optimizers.names())
def test_a_fork_is_its_parent_bit_by_bit_until_it_changes(optimizer: str, schedule: Choice | None) -> None:
    lrs = [0.001 * (k + 1) for k in range(RUNS - 2)]
    parent, last = Run(lrs[2], changes=(Change(10, 0.004),)), lrs[-1]
    forks = [
        replace(parent, changes=(*parent.changes, Change(35, 0.002))),
        replace(parent, changes=(*parent.changes, Change(35, 0.002), Change(45, 0.005))),
        Run(last, changes=(Change(50, last, defaults("adam")),)),
    ]
    traces = racing([*map(Run, lrs[:2]), parent, *map(Run, lrs[3:]), *forks], optimizer, schedule)
    parents = (traces[2], traces[RUNS - 2], traces[RUNS - 3])
    for fork, its_parent, parting in zip(traces[-3:], parents, (35, 45, 50), strict=True):
        for one, other in ((fork.theta, its_parent.theta), (fork.loss, its_parent.loss)):
            np.testing.assert_array_equal(one[: parting + 1], other[: parting + 1])
        np.testing.assert_array_equal(fork.rate[:parting], its_parent.rate[:parting])
        for name in fork.details:
            if name != "hessian":
                np.testing.assert_array_equal(fork.detail(name)[:parting], its_parent.detail(name)[:parting])
        if optimizer != "rprop":  # whose rate is only its first step's length
            assert not np.array_equal(fork.theta, its_parent.theta)
    used = schedule or choose(catalog.schedules, "constant")
    for fork, its in zip(traces[-3:], forks, strict=True):
        alone = torchs_own(HIMMELBLAU, its, defaults(optimizer), used, STEPS)
        np.testing.assert_allclose(fork.theta, alone, rtol=1e-8, atol=1e-8)


def test_a_fork_far_from_its_parent_takes_over_its_memory_too() -> None:
    adam, momentum = defaults("adam"), defaults("momentum")
    fork = Run(0.01, adam, changes=(Change(30, 0.002),))
    parent, _, after = racing([Run(0.01, adam), Run(0.001, momentum), fork])
    np.testing.assert_array_equal(parent.theta[:31], after.theta[:31])
    alone = torchs_own(HIMMELBLAU, fork, adam, choose(catalog.schedules, "constant"), STEPS)
    np.testing.assert_allclose(after.theta, alone, rtol=1e-10)


def test_a_fork_of_a_run_that_diverged_before_diverges_with_it() -> None:
    wild = Run(10.0)
    ended, fork, well = racing([wild, replace(wild, changes=(Change(50, 0.001),)), Run(0.001)])
    assert ended.overflow_step == fork.overflow_step is not None
    np.testing.assert_array_equal(ended.loss, fork.loss)
    assert len(well) == STEPS + 1


def test_equal_runs_are_equal_bit_by_bit_to_the_end() -> None:
    traces = racing([Run(0.003)] * RUNS, "adam")
    for trace in traces[1:]:
        np.testing.assert_array_equal(trace.theta, traces[0].theta)
        np.testing.assert_array_equal(trace.loss, traces[0].loss)


def test_a_run_with_a_schedule_of_its_own_follows_it() -> None:
    experiment = asked(on_surface("bowl"), (0.1,), 10)
    traces = run(replace(experiment, runs=(Run(0.1), Run(0.2, schedule=COSINE)))).traces
    assert traces[0].rate.tolist() == [0.1] * 11
    np.testing.assert_allclose(traces[1].rate, 0.1 * (1 + np.cos(np.pi * np.arange(11) / 10)), atol=1e-15)


def test_a_schedule_that_is_told_the_loss_decides_for_each_run_alone() -> None:
    experiment = asked(on_surface("bowl", (1.0, 1.0)), (0.1,), 60)
    settles, never = run(replace(experiment, schedule=PLATEAU, runs=(Run(0.4), Run(1.0)))).traces
    assert never.rate[-1] < 0.3 < settles.rate[20] == 0.4  # at rate 1 the bowl is crossed to and fro for ever


def models(runs: Sequence[Run], optimizer: str) -> tuple[Trace, ...]:
    experiment = asked(on_model(batch_size=8), (0.1,), 40, optimizer)
    return until_judged(replace(experiment, runs=tuple(runs))).traces


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_models_change_and_fork_alike(optimizer: str) -> None:
    parent = Run(0.01)
    fork = Run(0.01, changes=(Change(20, 0.05),))
    turn = Run(0.01, changes=(Change(20, 0.05, defaults("adagrad")),))
    first, forked, turned, other = models([parent, fork, turn, Run(0.02)], optimizer)
    alone = models([parent, Run(0.03), Run(0.04), Run(0.02)], optimizer)
    for trace, before in ((first, alone[0]), (other, alone[3])):
        np.testing.assert_array_equal(trace.theta, before.theta)
    for trace in (forked, turned):
        until = int(np.searchsorted(trace.snapshot_step, 20)) + 1
        np.testing.assert_array_equal(trace.theta[:until], first.theta[:until])
        np.testing.assert_array_equal(trace.loss[:21], first.loss[:21])
        assert not np.array_equal(trace.theta[-1], first.theta[-1])
        assert trace.rate[19:21].tolist() == [0.01, 0.05]
    assert not np.array_equal(forked.theta[-1], turned.theta[-1])


def test_an_experiment_with_a_run_that_changes_after_its_end_is_the_same_without_it() -> None:
    experiment = asked(on_surface("bowl"), (0.1,), 10)
    late = replace(experiment, runs=(Run(0.1, changes=(Change(500, 3.0),)),))
    assert isinstance(late, Experiment)
    np.testing.assert_array_equal(run(late).traces[0].theta, run(experiment).traces[0].theta)
