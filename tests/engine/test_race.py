"""The generator that everyone iterates."""

from __future__ import annotations

import gc
import inspect
import itertools
import time

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, Run, choose
from lrviz.engine import process, training
from lrviz.engine import race as race_module
from lrviz.engine.race import race
from tests.engine.questions import asked, defaults, on_expression, on_model, on_surface, run, until_judged

ROSENBROCK = asked(on_surface("rosenbrock", (-1.2, 1.0)), (0.001, 0.01), 200)
MOONS = asked(on_model(), (1.0, 0.01), 24, "adam")


def numpys_own_descent(lr: float, steps: int) -> list[tuple[float, float, float]]:
    """x, y and loss on Rosenbrock's function, until one is not finite."""
    x, y = np.float64(-1.2), np.float64(1.0)
    rows = []
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps + 1):
            loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
            if not np.isfinite([x, y, loss]).all():
                break
            rows.append((float(x), float(y), float(loss)))
            x, y = x - lr * (-2 * (1 - x) - 400 * x * (y - x * x)), y - lr * 200 * (y - x * x)
    return rows


def test_rosenbrock_agrees_with_numpys_own_descent_until_it_diverges() -> None:
    scene = run(ROSENBROCK)
    for trace in scene.traces:
        own = np.array(numpys_own_descent(trace.lr, 200))
        np.testing.assert_allclose(trace.theta[: len(own)], own[:, :2], rtol=1e-9)
        np.testing.assert_allclose(trace.loss[: len(own)], own[:, 2], rtol=1e-9)
        assert trace.overflow_step == (None if len(own) == 201 else len(own))
    assert scene.verdicts is not None
    assert [(verdict.kind, verdict.step) for verdict in scene.verdicts] == [("crawling", 200), ("diverged", 3)]


def test_a_surface_is_there_before_the_first_step() -> None:
    first = next(race(ROSENBROCK))
    assert first.rows == 0
    assert first.plane is not None
    assert first.plane.axes == ("x", "y")
    assert first.landscape is not None
    assert first.minima == ((1.0, 1.0),)
    assert (first.parameters, first.steps_per_epoch, first.verdicts) == (2, None, None)


def test_schedules_are_known_before_the_first_step_but_for_those_that_losses_decide() -> None:
    experiment = asked(on_surface("bowl"), (0.1,), 1_000, schedule="cosine")
    own = choose(catalog.schedules, "plateau")
    experiment = replace(experiment, runs=(Run(0.1), Run(0.1, schedule=own), Run(0.3)))
    cosine, by_loss, again = next(race(experiment)).factors
    assert by_loss is None
    assert cosine is not None
    np.testing.assert_allclose(cosine, (1 + np.cos(np.pi * np.arange(201) / 200)) / 2, atol=1e-12)
    np.testing.assert_array_equal(again, cosine)
    short = next(race(replace(experiment, steps=10))).factors[0]
    assert short is not None
    assert len(short) == 11


def test_a_typed_formula_races_too() -> None:
    scene = run(asked(on_expression("x**2 + 10*y**2", (1.0, 1.0)), (0.05,), 300))
    assert scene.verdicts is not None
    assert scene.verdicts[0].kind == "converged"
    assert scene.minima == ()


@pytest.mark.parametrize("experiment", [ROSENBROCK, MOONS])
def test_the_same_object_comes_until_more_than_the_traces_has_changed(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "CHUNK_SECONDS", 0.0)
    scenes = list(race(experiment))
    for before, after in itertools.pairwise(scenes):
        known = [(s.plane, s.landscape, s.verdicts, s.note) for s in (before, after)]
        assert (before is after) == (known[0] == known[1])
        assert after.traces is before.traces
        assert after.fingerprint == before.fingerprint
    assert len({id(scene) for scene in scenes}) <= 5
    assert scenes[-1].verdicts is not None
    assert len(scenes[-1].verdicts) == len(experiment.runs)
    assert scenes[-1].rows == experiment.steps + 1


def test_a_models_landscapes_come_after_its_verdicts_the_coarse_one_first() -> None:
    seen = {id(scene): scene for scene in race(MOONS)}
    judged = [scene for scene in seen.values() if scene.verdicts is not None]
    sizes = [len(scene.landscape.loss) for scene in judged if scene.landscape is not None]
    assert sizes[-1] > sizes[-2]
    assert judged[-1].plane is not None
    assert judged[-1].plane.axes[0].startswith("main direction 1 (")
    assert judged[-1].plane.origin.shape == (judged[-1].parameters,)


def test_nothing_is_drawn_behind_runs_that_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "CHUNK_SECONDS", 0.0)
    monkeypatch.setattr(race_module, "CHUNKS_BEFORE_BACKDROP", 2)
    for watched in (True, False):
        under_way = [scene for scene in race(MOONS, watched=watched) if scene.verdicts is None]
        assert any(scene.landscape is not None for scene in under_way) == watched


def test_all_of_a_races_figures_are_the_same_again() -> None:
    first, again = until_judged(MOONS), until_judged(MOONS)
    assert first.verdicts == again.verdicts
    assert first.fingerprint == again.fingerprint
    for one, other in zip(first.traces, again.traces, strict=True):
        np.testing.assert_array_equal(one.loss, other.loss)
        np.testing.assert_array_equal(one.theta, other.theta)
        np.testing.assert_array_equal(one.metrics["test_accuracy"], other.metrics["test_accuracy"])


def test_a_race_on_all_processors_comes_to_the_same_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SPREAD", 2)
    alone = until_judged(MOONS)
    spread = next(scene for scene in race(MOONS, on_all_processors=True) if scene.verdicts is not None)
    for one, other in zip(alone.traces, spread.traces, strict=True):
        np.testing.assert_allclose(one.loss, other.loss, rtol=1e-5)  # a product's last bits may depend on its rows
        np.testing.assert_allclose(one.metrics["test_loss"], other.metrics["test_loss"], rtol=1e-5)


def test_a_models_metrics_are_measured_from_the_start_to_the_end() -> None:
    scene = until_judged(MOONS)
    for trace in scene.traces:
        assert set(trace.metrics) >= {"train_loss", "test_loss", "train_accuracy", "test_accuracy"}
        assert (trace.metric_step[0], trace.metric_step[-1]) == (0, 24)
        assert ((trace.metrics["test_accuracy"] >= 0) & (trace.metrics["test_accuracy"] <= 1)).all()
    assert scene.traces[0].metrics["train_loss"][0] == scene.traces[1].metrics["train_loss"][0]


def test_a_run_may_have_an_optimizer_of_its_own() -> None:
    mixed = until_judged(replace(MOONS, runs=(Run(0.01), Run(0.01, defaults("sgd")))))
    adam, sgd = until_judged(MOONS).traces[1], until_judged(replace(MOONS, optimizer=defaults("sgd"))).traces[1]
    np.testing.assert_array_equal(mixed.traces[0].loss, adam.loss)
    np.testing.assert_array_equal(mixed.traces[1].loss, sgd.loss)


@pytest.mark.parametrize("experiment", [ROSENBROCK, MOONS])
@pytest.mark.parametrize("scenes", [1, 2, 3, 6, 30])
def test_closing_early_leaves_everything_clean(
    experiment: Experiment, scenes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "CHUNK_SECONDS", 0.0)
    under_way = race(experiment)
    last = [scene for scene, _ in zip(under_way, range(scenes), strict=False)][-1]
    rows = last.rows
    under_way.close()
    gc.collect()
    assert last.rows == rows
    for trace in last.traces:
        assert len(trace.loss) == len(trace)
    complete = until_judged(experiment)  # and the next race is none the worse
    np.testing.assert_array_equal(complete.traces[0].loss[:rows], last.traces[0].loss)


def test_a_race_that_cannot_fit_is_refused_before_anything_is_computed() -> None:
    begun = time.perf_counter()
    with pytest.raises(LrvizError, match="GB of memory, and 2 GB are the most"):
        next(race(asked(on_surface("bowl"), [0.1] * 1024, 10_000_000)))
    assert time.perf_counter() - begun < 10  # of the allocation alone it would be more


def test_a_race_without_batches_sees_all_samples_at_each_step() -> None:
    scene = until_judged(asked(on_model(batch_size=0), (0.1,), 6))
    assert scene.steps_per_epoch == 1
    trace = scene.traces[0]
    np.testing.assert_allclose(trace.loss[trace.metric_step], trace.metrics["train_loss"], rtol=1e-5)


@pytest.mark.parametrize("schedule", catalog.schedules.names())
def test_every_schedule_races(schedule: str) -> None:
    experiment = replace(ROSENBROCK, schedule=choose(catalog.schedules, schedule))
    trace = run(experiment).traces[0]
    assert (trace.rate[:-1] >= 0).all()
    assert trace.rate.max() <= 0.001 * (1 + 1e-12)


@pytest.mark.parametrize("optimizer", catalog.optimizers.names())
@pytest.mark.parametrize("model", catalog.models.names())
def test_every_model_races_with_every_optimizer(model: str, optimizer: str) -> None:
    part = catalog.models.find(model)
    small = "moons" if "classification" in part.tasks else "diabetes"
    reads_rows = "shape" in inspect.signature(part.factory).parameters
    scene = until_judged(asked(on_model(model, "digits" if reads_rows else small), (0.01,), 8, optimizer))
    assert np.isfinite(scene.traces[0].loss).all()
    assert scene.traces[0].metrics["train_loss"][-1] < scene.traces[0].metrics["train_loss"][0]
