"""Groups of a sweep: how it is divided, and that a run in it is the run that a race would show."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Experiment, Run
from lrviz.core.sweep import Knob, rates_between
from lrviz.engine import sweep_group
from lrviz.engine.sweep_group import GroupResult, groups_of, metric_names, run_group
from lrviz.engine.sweep_marks import Marks, marks_of, steps_at
from tests.engine.questions import asked, on_expression, on_model, on_surface, until_judged
from tests.engine.sweeps import bowl, question, small_model

METRICS = ["train_loss", "test_loss", "train_accuracy", "test_accuracy"]


def last_of(experiment: Experiment, marks: Marks | None = None) -> GroupResult:
    *_, last = (result for result in run_group(experiment, marks) if result is not None)
    return last


def test_every_rate_seed_and_value_is_in_exactly_one_group() -> None:
    wanted = question(rates_between(1e-3, 1, 150), (3, 4), Knob("batch_size", (16, 32)))
    groups = groups_of(wanted)
    assert max(len(group.lrs) for group in groups) <= 64
    runs = [(group.value, group.seed, lr) for group in groups for lr in group.lrs]
    assert sorted(runs) == sorted((v, s, lr) for v in (0, 1) for s in (3, 4) for lr in wanted.lrs)
    for group in groups:
        assert group.experiment.lrs == group.lrs
        assert group.experiment.seed == group.seed
        assert group.experiment.problem.batch_size == (16, 32)[group.value]


def test_an_odd_number_of_groups_ends_in_two_halves() -> None:
    rates = tuple(np.geomspace(1e-3, 1, 40).tolist())
    sizes = [len(group.lrs) for group in groups_of(question(rates, seeds=(0, 1, 2)))]
    assert sizes == [40, 40, 20, 20]
    assert [len(group.lrs) for group in groups_of(question(rates, seeds=(0, 1)))] == [40, 40]
    assert [len(group.lrs) for group in groups_of(question(rates[:20], seeds=(0,)))] == [20]
    for group in groups_of(question(rates, seeds=(0,))):
        assert tuple(run.lr for run in group.experiment.runs) == group.lrs


def test_a_large_model_goes_in_smaller_groups_and_one_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = 2 * 4 + 4 + 4 * 2 + 2
    monkeypatch.setattr(sweep_group, "MOST_NUMBERS", 2 * parameters)
    assert [len(group.lrs) for group in groups_of(question(seeds=(0,)))] == [2, 2, 1]
    monkeypatch.setattr(sweep_group, "MOST_PARAMETERS", parameters - 1)
    with pytest.raises(ExperimentError, match=f"a model of {parameters} parameters"):
        groups_of(question())


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_model_measured_at_its_epochs_has_the_figures_of_its_race(optimizer: str) -> None:
    experiment = replace(small_model(optimizer=optimizer), runs=tuple(map(Run, (0.01, 0.3))))
    result, scene = last_of(experiment), until_judged(experiment)
    assert list(result.metrics) == METRICS
    per_epoch = scene.steps_per_epoch
    assert per_epoch is not None
    compared = 0
    for run, trace in enumerate(scene.traces):
        for mark, budget in enumerate(result.marks):
            at = np.flatnonzero(trace.metric_step == round(budget * per_epoch))
            for name in METRICS if len(at) else ():
                assert result.metrics[name][run, mark] == trace.metrics[name][at[0]]
                compared += 1
    assert compared >= 2 * len(METRICS) * 2


def test_a_surface_is_measured_by_its_loss_and_diverges_where_its_race_does() -> None:
    experiment = replace(bowl(400), runs=tuple(map(Run, (0.01, 5.0))))
    result, scene = last_of(experiment), until_judged(experiment)
    assert list(result.metrics) == ["loss"]
    for mark, step in enumerate(result.marks.astype(int)):
        assert result.metrics["loss"][0, mark] == scene.traces[0].loss[step]
    overflow = scene.traces[1].overflow_step
    assert overflow is not None
    assert result.diverged.tolist() == [np.inf, overflow]
    lost = result.marks >= overflow
    assert lost.any()
    assert np.isnan(result.metrics["loss"][1]).tolist() == lost.tolist()


def test_a_group_of_which_every_run_diverges_ends_early_and_is_complete() -> None:
    experiment = replace(bowl(10**6), runs=(Run(1e3), Run(1e4)))
    result = last_of(experiment)
    assert result.complete
    assert np.isfinite(result.diverged).all()
    assert np.isnan(result.metrics["loss"][:, -1]).all()


def test_results_come_mark_by_mark_and_are_not_written_any_more() -> None:
    results = [result for result in run_group(small_model()) if result is not None]
    assert [result.reached for result in results] == list(range(1, len(results) + 1))
    assert [result.complete for result in results] == [False] * (len(results) - 1) + [True]
    assert np.isnan(results[0].metrics["train_loss"][:, 1:]).all()
    assert np.isfinite(results[-1].metrics["train_loss"]).all()


def test_a_run_that_overflows_between_two_steps_of_a_mark_has_diverged_by_the_mark() -> None:
    # 2.6 epochs of one step each: the last mark is measured at step 3.
    experiment = asked(on_model("linear", "diabetes", batch_size=0), (1e30,), 3)
    result = last_of(experiment, marks=(1.0, 2.6))
    assert result.diverged[0] <= 2.6


def test_marks_are_every_epoch_and_the_end() -> None:
    per_epoch = len(marks_of(small_model(1000)))
    assert per_epoch == 60
    marks = marks_of(small_model(12))
    assert marks[0] == 1
    assert list(marks) == sorted(set(marks))
    steps = steps_at(marks, round(12 / marks[-1]), 12)
    assert steps[-1] == 12


def test_marks_of_a_surface_are_steps_at_equal_ratios() -> None:
    marks = marks_of(bowl(10_000))
    assert (marks[0], marks[-1]) == (1, 10_000)
    assert 30 <= len(marks) <= 40
    assert marks_of(bowl(1)) == (1.0,)
    assert marks_of(bowl(3)) == (1.0, 2.0, 3.0)


def test_a_knob_that_changes_the_epoch_keeps_the_sweeps_marks() -> None:
    groups = groups_of(question(seeds=(0,), knob=Knob("batch_size", (7, 1000))))
    assert groups[0].marks == groups[1].marks == marks_of(small_model())
    for group in groups:
        assert last_of(group.experiment, marks=group.marks).complete


def test_metric_names_are_what_is_measured() -> None:
    assert list(metric_names(small_model())) == METRICS
    assert metric_names(bowl()) == ("loss",)
    assert metric_names(asked(on_expression("x**2 + y**2", (1.0, 1.0)), (0.1,), 3)) == ("loss",)
    assert metric_names(asked(on_surface("rosenbrock"), (0.1,), 3)) == ("loss",)
