"""What a race keeps, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core.errors import ExperimentError
from lrviz.engine import plan
from lrviz.engine.plan import Plan, plan_race
from lrviz.engine.problems import problem_from_spec
from tests.engine.questions import asked, on_model, on_surface


def planned(steps: int, runs: int = 4, data: str = "digits", batch_size: int = 64, sharpness: bool = False) -> Plan:
    spec = on_model(data=data, batch_size=batch_size)
    experiment = replace(asked(spec, [0.1] * runs, steps), sharpness=sharpness)
    return plan_race(problem_from_spec(spec, 0), experiment)


def on_bowl(steps: int, runs: int) -> Plan:
    spec = on_surface("bowl")
    return plan_race(problem_from_spec(spec, 0), asked(spec, [0.1] * runs, steps))


def test_a_surface_keeps_every_step_and_measures_nothing() -> None:
    kept = on_bowl(300, 4)
    np.testing.assert_array_equal(kept.snapshot_steps, np.arange(301))
    assert len(kept.metric_steps) == 0


@pytest.mark.parametrize("steps", [3_998, 3_999, 4_000])
def test_a_surface_is_thinned_by_halves_only_where_memory_demands(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SNAPSHOT_BYTES", 4 * 2**20)
    kept = on_bowl(steps, 10).snapshot_steps  # 6.4 MB of theta and details, were every step kept
    assert np.unique(np.diff(kept[:-1])).tolist() == [2]
    assert len(kept) * 10 * (2 * 8 + plan.DETAIL_BYTES) <= plan.SNAPSHOT_BYTES
    assert (kept[0], kept[-1]) == (0, steps)


def test_details_are_kept_of_no_more_runs_than_are_looked_at() -> None:
    assert on_bowl(300, plan.DETAILED_RUNS).details
    assert not on_bowl(300, plan.DETAILED_RUNS + 1).details
    assert not planned(300).details


@pytest.mark.parametrize("steps", [1, 2, 18, 57, 570, 5_700, 57_000])
def test_a_model_keeps_a_few_hundred_snapshots_with_both_ends(steps: int) -> None:
    kept = planned(steps)
    for some in (kept.snapshot_steps, kept.metric_steps):
        assert (some[0], some[-1]) == (0, steps)
        assert (np.diff(some) > 0).all()
    assert min(steps + 1, 150) <= len(kept.snapshot_steps) <= 550
    assert set(kept.metric_steps) <= set(kept.snapshot_steps)
    assert set(range(min(steps, plan.DENSE_STEPS))) <= set(kept.snapshot_steps)


@pytest.mark.parametrize("epochs", [1, 3, 10, 20])
def test_metrics_are_measured_at_the_end_of_every_epoch(epochs: int) -> None:
    kept = planned(19 * epochs)
    assert {19 * epoch for epoch in range(epochs + 1)} <= set(kept.metric_steps)
    assert len(kept.metric_steps) >= min(19 * epochs, 12)


def test_of_many_epochs_some_ends_are_measured_at_even_intervals() -> None:
    kept = planned(19 * 1000).metric_steps
    ends = kept[kept >= 19 * 20]
    assert (ends % 19 == 0).all()
    assert len(np.unique(np.diff(ends[:-1]))) == 1


@pytest.mark.parametrize("steps", [5_700, 57_000])
def test_in_a_long_race_measuring_takes_a_quarter_at_most(steps: int) -> None:
    spec = on_model(data="digits")
    cost = problem_from_spec(spec, 0).metrics_cost
    assert len(planned(steps).metric_steps) * cost <= 0.3 * steps


def test_what_is_measured_has_names_and_sharpness_only_where_it_is_asked_for() -> None:
    plain, sharp = planned(570), planned(570, sharpness=True)
    assert "gradient_norm" in plain.metric_names
    assert sharp.metric_names == (*plain.metric_names, "sharpness", "batch_sharpness")
    assert len(plain.sharpness_steps) == 0
    assert on_bowl(10, 2).metric_names == ()


@pytest.mark.parametrize("batch_size", [0, 64])
@pytest.mark.parametrize("steps", [1, 18, 570, 5_700])
def test_sharpness_is_measured_at_some_of_the_steps_of_metrics_with_both_ends(steps: int, batch_size: int) -> None:
    kept = planned(steps, batch_size=batch_size, sharpness=True)
    assert set(kept.sharpness_steps) <= set(kept.metric_steps)
    assert (kept.sharpness_steps[0], kept.sharpness_steps[-1]) == (0, steps)
    assert min(len(kept.metric_steps), 12) <= len(kept.sharpness_steps) <= 201


def test_of_many_runs_sharpness_is_measured_less_often() -> None:
    few, many = (len(planned(570, runs, sharpness=True).sharpness_steps) for runs in (4, 64))
    assert many < few


def test_snapshots_of_models_are_thinned_where_memory_demands(monkeypatch: pytest.MonkeyPatch) -> None:
    freely = planned(570)
    monkeypatch.setattr(plan, "SNAPSHOT_BYTES", 5 * 2**20)
    thinned = planned(570)
    assert len(thinned.snapshot_steps) < len(freely.snapshot_steps) / 2
    assert set(thinned.metric_steps) == set(freely.metric_steps) & set(thinned.snapshot_steps)
    assert (thinned.snapshot_steps[0], thinned.snapshot_steps[-1]) == (0, 570)


def test_what_cannot_fit_is_refused_with_its_figures() -> None:
    with pytest.raises(
        ExperimentError, match=r"1024 runs of 10,000,000 steps with 2 parameters need 152\.\d GB"
    ) as error:
        on_bowl(10_000_000, 1024)
    assert "2 GB are the most" in str(error.value)
    assert "\n" not in str(error.value)
