from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.views.axis import Scale
from lrviz.views.fit import Fit, fit
from lrviz.views.model_quantities import ACCURACY, ACCURACY_GAP, LOSS_GAP
from lrviz.views.quantities import LOSS
from lrviz.views.reach import Reach, reach_of
from lrviz.views.series import Series
from tests.views.scenes import FakeRace, smooth


def fitted(loss: object, log: bool = True) -> Fit:
    race = FakeRace(np.atleast_2d(np.asarray(loss, float)))
    race.publish()
    series = [Series(race.scene, run, LOSS) for run in range(len(race.lrs))]
    for one in series:
        one.grow()
    return fit(LOSS, series, log)


def test_an_extent_knows_the_finite_ends_and_what_lies_beyond() -> None:
    reach = reach_of(np.array([3.0, 0.0, -2.0, 0.5, math.inf]), LOSS)
    assert reach == Reach(-2.0, 3.0, 0.5, above=True, below=False)
    assert reach_of(np.array([2.0, 1.0]), LOSS) == Reach(1.0, 2.0, 1.0)
    assert reach_of(np.empty(0), LOSS) == Reach()


def test_no_number_falls_to_the_side_that_is_worse() -> None:
    assert reach_of(np.array([math.nan]), LOSS).above
    assert reach_of(np.array([math.nan]), ACCURACY).below


@given(st.lists(st.floats(), max_size=20), st.integers(0, 20))
def test_the_reach_of_all_is_that_of_the_parts_joined(values: list[float], cut: int) -> None:
    array = np.array(values, float)
    assert reach_of(array, LOSS) == Reach() | reach_of(array[:cut], LOSS) | reach_of(array[cut:], LOSS)


def test_a_run_that_diverges_does_not_squash_the_others() -> None:
    loss = smooth(3, 50, lowest=0.1)
    alone = fitted(loss[1:])
    loss[0, 1:6] = [3e3, 1e7, 1e20, 1e200, math.inf]
    assert fitted(loss) == Fit(alone.scale, above=True)


def test_a_run_that_goes_on_far_above_the_start_counts_only_up_to_a_hundred_times() -> None:
    loss = np.ones((2, 100))
    loss[0, 10:] = 1e9
    assert fitted(loss) == Fit(Scale(1.0, 100, log=True), above=True)


def test_where_all_runs_diverge_they_are_seen_doing_so() -> None:
    result = fitted([[1.0, 5.0, 60.0, math.inf], [1.0, 2.0, 4.0, math.inf]])
    assert result.scale.high >= 60


def test_a_loss_that_vanishes_ends_on_the_rail_below_after_twelve_decades() -> None:
    result = fitted([[10.0, 1e-3, 1e-30, 0.0]])
    assert result.below
    assert result.scale.log
    assert result.scale.low == pytest.approx(1e-11)


def test_a_negative_loss_makes_the_scale_linear() -> None:
    result = fitted([[4.0, 1.0, -3.0]])
    assert not result.scale.log
    assert result.scale.low <= -3


def test_a_linear_scale_begins_at_0_where_that_costs_little() -> None:
    assert fitted([[2.3, 1.0, 0.2]], log=False).scale == Scale(0, 2.5)
    assert fitted([[100.2, 100.1, 100.0]], log=False).scale.low >= 99


def test_a_standstill_is_shown_within_a_decade() -> None:
    scale = fitted([[2.3, 2.3, 2.3]]).scale
    assert scale.high / scale.low >= 10


def test_accuracy_has_the_whole_scale_from_the_beginning() -> None:
    assert fit(ACCURACY, [], log=False).scale == Scale(0, 1)


@given(st.lists(st.one_of(st.floats(), st.sampled_from([1e300, -1e300, 1e-300, 0.0, 1.0])), min_size=1), st.booleans())
def test_any_readings_have_a_scale_with_ticks(values: list[float], log: bool) -> None:
    finite = [value for value in values if math.isfinite(value)] + [value for value in values if math.isinf(value)][:1]
    if not finite:
        return
    result = fitted([finite], log)
    assert result.scale.low < result.scale.high
    assert 2 <= len(result.scale.ticks(6)) <= 6
    assert not result.scale.log or result.scale.low > 0


def test_a_mark_is_on_the_scale_whatever_the_readings_are() -> None:
    for log in (True, False):
        race = FakeRace([[0.02, 0.03, 0.01]])
        race.publish()
        series = Series(race.scene, 0, replace(LOSS, mark=1.0))
        series.grow()
        scale = fit(replace(LOSS, mark=1.0), [series], log).scale
        assert scale.low <= 0.01
        assert scale.high >= 1


def test_a_quantity_says_how_far_below_its_beginning_it_means_anything() -> None:
    race = FakeRace([[1.0, 1e-3, 1e-8]])
    race.publish()
    series = Series(race.scene, 0, LOSS)
    series.grow()
    assert fit(LOSS, [series], True).scale.low <= 1e-8
    result = fit(replace(LOSS, decades=2), [series], True)
    assert result.below
    assert result.scale.low == pytest.approx(0.01)


def test_runs_that_begin_far_apart_are_all_within_the_scale() -> None:
    race = FakeRace([[1e-4, 1e-4], [1.0, 1.0]])
    race.publish()
    series = [Series(race.scene, run, LOSS) for run in range(2)]
    for one in series:
        one.grow()
    result = fit(LOSS, series, True)
    assert not result.above
    assert not result.below


def test_a_gap_has_a_linear_scale_that_shows_all_of_it_although_it_begins_at_next_to_nothing() -> None:
    gap = np.array([[0.001, 0.05, 0.2], [-0.002, 0.04, 0.15]])
    race = FakeRace(np.ones((2, 3)), metrics={"train_accuracy": 0.5 + gap, "test_accuracy": np.full((2, 3), 0.5)})
    race.publish()
    series = [Series(race.scene, run, ACCURACY_GAP) for run in range(2)]
    for one in series:
        one.grow()
    fitted = fit(ACCURACY_GAP, series, log=True)
    assert not fitted.scale.log
    assert fitted.scale.low <= -0.002
    assert fitted.scale.high >= 0.2
    assert not fitted.above


def test_a_run_whose_gap_is_enormous_does_not_squash_the_others() -> None:
    test_loss = np.array([[1.0, 1.1, 1.3], [1.0, 1.0, 1.2], [1.0, 1e6, 1e9]])
    race = FakeRace(np.ones((3, 3)), metrics={"train_loss": np.ones((3, 3)), "test_loss": test_loss})
    race.publish()
    series = [Series(race.scene, run, LOSS_GAP) for run in range(3)]
    for one in series:
        one.grow()
    fitted = fit(LOSS_GAP, series, log=False)
    assert fitted.scale.high <= 5
    assert fitted.above
