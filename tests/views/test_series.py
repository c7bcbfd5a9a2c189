from __future__ import annotations

import math

import numpy as np
import pytest

from lrviz.views.model_quantities import ACCURACY
from lrviz.views.quantities import LOSS
from lrviz.views.series import Series
from lrviz.views.smoothing import Smoothing, smoothing_span
from tests.views.scenes import FakeRace, noisy


def test_smoothing_leaves_a_constant_alone_from_the_first_reading_on() -> None:
    np.testing.assert_allclose(Smoothing(20).extend(np.full(50, 3.0)), 3.0)


def test_smoothing_is_the_weighted_mean_of_all_readings_so_far() -> None:
    values = np.random.default_rng(0).normal(size=30)
    keep = 1 - 2 / 11
    by_hand = [np.average(values[: n + 1], weights=keep ** np.arange(n, -1, -1)) for n in range(30)]
    np.testing.assert_allclose(Smoothing(10).extend(values), by_hand)


def test_with_a_floor_smoothing_is_the_geometric_mean() -> None:
    values = np.exp(np.random.default_rng(0).normal(size=30))
    np.testing.assert_allclose(Smoothing(10, 1e-9).extend(values), np.exp(Smoothing(10).extend(np.log(values))))


def test_with_a_floor_one_enormous_reading_is_soon_forgotten_and_zero_is_no_end() -> None:
    means = Smoothing(10, 1e-12).extend(np.array([1.0] * 5 + [1e9, 0.0] + [1.0] * 60))
    assert means[5] > 10
    assert means[-1] == pytest.approx(1, rel=0.01)


def test_what_is_not_finite_stays_so_when_smoothed() -> None:
    assert Smoothing(10, 1e-12).extend(np.array([1.0, math.inf]))[-1] == math.inf
    assert math.isnan(Smoothing(10, 1e-12).extend(np.array([1.0, math.nan]))[-1])


def test_negative_readings_are_smoothed_by_the_plain_mean_from_the_beginning() -> None:
    loss = np.linspace(1, -1, 40)[None]
    race = FakeRace(loss, steps_per_epoch=20)
    series = Series(race.scene, 0, LOSS, 10)
    for rows in (10, 40):
        race.publish(rows)
        series.grow()
    np.testing.assert_allclose(series.line, Smoothing(10).extend(loss[0]))


def test_a_series_does_not_tell_in_how_many_parts_it_came() -> None:
    loss = noisy(1, 200)
    whole, parts = FakeRace(loss, steps_per_epoch=20), FakeRace(loss, steps_per_epoch=20)
    whole.publish()
    at_once, bit_by_bit = Series(whole.scene, 0, LOSS, 10), Series(parts.scene, 0, LOSS, 10)
    at_once.grow()
    for rows in (1, 2, 7, 60, 61, 201):
        parts.publish(rows)
        bit_by_bit.grow()
    assert np.array_equal(at_once.line, bit_by_bit.line)
    assert np.array_equal(at_once.values, loss[0])
    assert at_once.reach == bit_by_bit.reach


def test_a_metric_is_read_at_the_steps_where_it_was_measured() -> None:
    metrics = {"test_accuracy": np.array([[0.1, 0.5, 0.9]])}
    race = FakeRace(noisy(1, 20), metrics=metrics, metric_steps=[0, 10, 20])
    race.publish(15)
    series = Series(race.scene, 0, ACCURACY)
    series.grow()
    assert series.steps.tolist() == [0, 10]
    assert series.values.tolist() == [0.1, 0.5]
    assert [series.count(step) for step in (0, 9, 10, 20)] == [1, 1, 2, 2]


def test_a_metric_that_the_problem_lacks_is_read_as_nothing() -> None:
    race = FakeRace(noisy(1, 20))
    race.publish()
    series = Series(race.scene, 0, ACCURACY)
    series.grow()
    assert len(series.values) == 0
    assert math.isnan(series.start)


@pytest.mark.parametrize(
    ("steps", "per_epoch", "span"),
    [(1680, 60, 50), (570, 19, 20), (10_000, 60, 200), (100, 20, None), (570, None, None), (570, 1, None)],
)
def test_only_the_losses_of_batches_are_smoothed_over_a_part_of_the_race(
    steps: int, per_epoch: int | None, span: int | None
) -> None:
    scene = FakeRace(np.ones((1, 1)), steps=steps, steps_per_epoch=per_epoch).scene
    assert smoothing_span(LOSS, scene) == span
    assert smoothing_span(ACCURACY, scene) is None
