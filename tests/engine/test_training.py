"""Recording: which rows a run has, when it ends, and that pauses change nothing."""

from __future__ import annotations

import time

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, ProblemSpec, Run
from lrviz.core.trace import Recorder
from lrviz.engine import plan as planning
from lrviz.engine import surface_training, training
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.plan import plan_race
from lrviz.engine.problems import SurfaceProblem, problem_from_spec
from lrviz.engine.surface_training import train_on_surface
from lrviz.engine.training import train
from tests.engine.questions import asked, defaults, on_expression, on_model, on_surface


def recorded(experiment: Experiment) -> tuple[Recorder, int]:
    """The recorder of a whole race, and how often it paused."""
    problem = problem_from_spec(experiment.problem, experiment.seed)
    plan = plan_race(problem, experiment)
    recorder = Recorder(
        experiment.lrs,
        experiment.steps,
        problem.parameters,
        plan.snapshot_steps,
        plan.metric_names,
        problem.start(1).numpy().dtype,
        plan.metric_steps,
    )
    steps = (
        train_on_surface(problem, experiment, recorder, plan)
        if isinstance(problem, SurfaceProblem)
        else train(problem, experiment, recorder, plan)
    )
    return recorder, sum(1 for _ in steps)


def test_every_step_has_its_row_with_loss_and_rate_before_the_update() -> None:
    recorder, _ = recorded(asked(on_expression("x**2 + y**2", (1.0, 0.5)), (0.1, 0.25), 5))
    for trace, lr in zip(recorder.traces, (0.1, 0.25), strict=True):
        points = np.array([1.0, 0.5]) * (1 - 2 * lr) ** np.arange(6)[:, None]
        np.testing.assert_allclose(trace.theta, points, rtol=1e-12)
        np.testing.assert_allclose(trace.loss, (points**2).sum(1), rtol=1e-12)
        assert trace.rate.tolist() == [lr] * 6
        assert trace.overflow_step is None


def test_a_run_ends_with_its_first_row_that_is_not_finite() -> None:
    recorder, _ = recorded(asked(on_expression("x**2 + y**2", (1.0, 0.5)), (1e60, 0.1, 1e100), 40))
    ended, running, ended_sooner = recorder.traces
    assert len(running) == 41
    for trace in (ended, ended_sooner):
        assert trace.overflow_step == len(trace) - 1
        assert not np.isfinite(trace.loss[-1])
        assert np.isfinite(trace.loss[:-1]).all()
        assert len(trace.theta) == len(trace)
    assert len(ended_sooner) < len(ended)


def test_an_ended_run_changes_no_bit_of_the_others() -> None:
    for optimizer in ("sgd", "adam"):
        with_it, _ = recorded(asked(on_surface("rosenbrock"), (0.001, 1e12, 0.0005), 60, optimizer))
        without, _ = recorded(asked(on_surface("rosenbrock"), (0.001, 0.0001, 0.0005), 60, optimizer))
        for run in (0, 2):
            np.testing.assert_array_equal(with_it.traces[run].theta, without.traces[run].theta)
            np.testing.assert_array_equal(with_it.traces[run].loss, without.traces[run].loss)


def test_a_race_of_ended_runs_alone_is_over() -> None:
    recorder, _ = recorded(asked(on_surface("rosenbrock"), (1.0, 10.0), 100_000))
    assert all(len(trace) < 10 for trace in recorder.traces)


def test_a_model_run_that_overflows_ends_too() -> None:
    recorder, _ = recorded(asked(on_model(), (0.1, 1e30), 10))
    assert [trace.overflow_step for trace in recorder.traces] == [None, 1]
    assert np.isfinite(recorder.traces[0].metrics["test_loss"]).all()


def test_all_runs_of_a_seed_begin_alike_and_see_the_same_batches() -> None:
    recorder, _ = recorded(asked(on_model(batch_size=8), (1e-9, 1e-9, 1e-9), 30))
    first, second, third = recorder.traces
    assert first.loss.tolist() == second.loss.tolist() == third.loss.tolist()
    assert len(set(first.loss.tolist())) > 20  # and each batch is another
    np.testing.assert_array_equal(first.theta, second.theta)


def test_a_surface_can_be_trained_on_like_any_problem() -> None:
    experiment = asked(on_surface("himmelblau"), (0.01, 10.0, 0.003), 40, "adam")
    detailed, _ = recorded(experiment)
    problem = problem_from_spec(experiment.problem, 0)
    plain = Recorder(experiment.lrs, 40, 2, range(41))
    for _ in train(problem, experiment, plain, plan_race(problem, experiment)):
        pass
    for one, other in zip(detailed.traces, plain.traces, strict=True):
        np.testing.assert_array_equal(one.theta, other.theta)
        np.testing.assert_array_equal(one.loss, other.loss)
        np.testing.assert_array_equal(one.rate, other.rate)


@pytest.mark.parametrize("optimizer", catalog.optimizers.names())
def test_on_surfaces_every_row_has_its_gradient_and_hessian_and_all_but_the_last_a_memory(optimizer: str) -> None:
    recorder, _ = recorded(asked(on_surface("himmelblau"), (0.001, 1e30), 300, optimizer))
    running, ended = recorder.traces
    for trace in (running, ended):
        rows = len(trace) if trace is running else len(trace) - 1  # the last one of the other overflowed
        for name in ("gradient", "hessian"):
            assert len(trace.detail(name)) == len(trace)
            assert np.isfinite(trace.detail(name)[:rows]).all()
        for name in trace.details:
            if name.startswith("state."):
                known = np.isfinite(trace.detail(name).sum(1))
                assert not known[-1]
                assert known[:-1].any()
    x, y = running.theta.T
    np.testing.assert_allclose(running.detail("hessian")[:, 0, 0], 12 * x**2 + 4 * y - 42, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(running.detail("hessian")[:, 0, 1], 4 * x + 4 * y, rtol=1e-9, atol=1e-9)


def test_neighbours_with_other_optimizers_have_memories_of_their_own() -> None:
    experiment = asked(on_surface("himmelblau"), (0.001, 0.001, 0.001), 20)
    runs = [Run(0.001, defaults(name)) for name in ("adam", "momentum", "rprop")]
    adam, momentum, rprop = recorded(replace(experiment, runs=tuple(runs)))[0].traces
    for trace, own in ((adam, "exp_avg"), (momentum, "momentum_buffer"), (rprop, "step_size")):
        for name in ("exp_avg", "momentum_buffer", "step_size"):
            assert np.isfinite(trace.detail(f"state.{name}")[:-1]).all() == (name == own)


def test_of_a_thinned_race_the_kept_rows_have_their_details(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = asked(on_surface("himmelblau"), (0.001,), 600, "momentum")
    every = recorded(experiment)[0].traces[0]
    monkeypatch.setattr(planning, "SNAPSHOT_BYTES", 30 * 2**10)
    some = recorded(experiment)[0].traces[0]
    kept = some.snapshot_step
    assert 100 < len(kept) < 300
    for name in ("gradient", "state.momentum_buffer"):
        np.testing.assert_array_equal(some.detail(name), every.detail(name)[kept])


def test_a_schedules_rates_are_recorded() -> None:
    recorder, _ = recorded(asked(on_surface("bowl"), (0.1,), 10, schedule="cosine"))
    np.testing.assert_allclose(recorder.traces[0].rate, 0.05 * (1 + np.cos(np.pi * np.arange(11) / 10)), atol=1e-15)


@pytest.mark.parametrize("spec", [on_surface("bowl"), on_model()])
def test_pauses_change_nothing(spec: ProblemSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = asked(spec, (0.1, 0.01), 40)
    seldom, few = recorded(experiment)
    for module in (training, surface_training):
        monkeypatch.setattr(module, "CHUNK_SECONDS", 0.0)
    often, many = recorded(experiment)
    assert many > 40 > few
    for first, second in zip(seldom.traces, often.traces, strict=True):
        np.testing.assert_array_equal(first.loss, second.loss)
        np.testing.assert_array_equal(first.theta, second.theta)
        for name, values in first.metrics.items():
            np.testing.assert_array_equal(values, second.metrics[name])
        for name in first.details:
            if name != "hessian":  # as many points at once, as many bits
                np.testing.assert_array_equal(first.detail(name), second.detail(name))
            np.testing.assert_allclose(first.detail(name), second.detail(name), rtol=1e-12)


def test_long_measurements_pause_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "CHUNK_SECONDS", 0.0)
    experiment = asked(on_model(), (0.1, 0.01, 0.001), 1)
    at_once, pauses = recorded(experiment)
    monkeypatch.setattr(ModelProblem, "metric_rows", 1)
    in_pieces, more = recorded(experiment)
    assert more == pauses + 2 * 2  # two measurements of three pieces instead of one
    for first, second in zip(at_once.traces, in_pieces.traces, strict=True):
        np.testing.assert_allclose(first.metrics["train_loss"], second.metrics["train_loss"], rtol=1e-6)


def test_rows_are_published_as_training_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(np.arange(0, 1000, 0.009).tolist())
    monkeypatch.setattr(time, "perf_counter", lambda: next(now))
    experiment = asked(on_surface("bowl"), (0.1,), 20)
    problem = problem_from_spec(experiment.problem, 0)
    recorder = Recorder((0.1,), 20, 2, range(21))
    assert isinstance(problem, SurfaceProblem)
    seen = [recorder.rows for _ in train_on_surface(problem, experiment, recorder, plan_race(problem, experiment))]
    assert seen[-1] == 21
    assert len(seen) > 5
    assert (np.diff(seen) >= 0).all()
