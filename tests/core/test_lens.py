from __future__ import annotations

import math

import numpy as np
import pytest

from lrviz.core.lens import Lens, Reading, Row, default_level, has_lens, lens_at
from lrviz.core.lens_finding import finding, standing
from tests.core.lens_scenes import FAST, SLOW, scene_of
from tests.views.scenes import FakeRace


def test_each_run_is_read_at_equal_epochs_at_equal_loss_at_its_best_and_at_its_end() -> None:
    lens = lens_at(scene_of(SLOW, FAST), 30)
    assert lens.level == 0.25  # the slow run's end
    slow, fast = lens.rows
    assert (slow.here, slow.level, slow.best, slow.final) == (Reading(0.9, 30.0),) * 4
    assert (fast.here, fast.level) == (Reading(0.6, 30.0), Reading(0.9, 10.0))
    assert (fast.best, fast.final) == (Reading(0.9, 10.0), Reading(0.6, 30.0))


def test_a_crossing_is_interpolated_in_the_logarithm_of_the_loss() -> None:
    # From 1 to 0.01 the level 0.1 is half of the way down, whatever the losses' mean.
    row = lens_at(scene_of(([1.0, 0.01], [0.2, 0.6])), 10, level=0.1).rows[0]
    assert row.level is not None
    assert row.level.step == pytest.approx(5.0)
    assert row.level.figure == pytest.approx(0.4)


def test_the_first_crossing_counts_where_a_loss_goes_up_and_down() -> None:
    row = lens_at(scene_of(([1.0, 0.1, 1.0, 0.01], [0.0, 0.5, 0.6, 0.7])), 30, level=0.1).rows[0]
    assert row.level == Reading(0.5, 10.0)


def test_a_loss_of_zero_is_crossed_and_a_start_below_the_level_is_where_it_crosses() -> None:
    row = lens_at(scene_of(([1.0, 0.0], [0.0, 1.0])), 10, level=1e-150).rows[0]
    assert row.level is not None
    assert row.level.figure == pytest.approx(0.5)
    assert lens_at(scene_of(([1.0, 0.5], [0.3, 1.0])), 10, level=3.0).rows[0].level == Reading(0.3, 0.0)


def test_a_run_that_never_comes_down_to_the_level_has_no_reading_there() -> None:
    slow, fast = lens_at(scene_of(SLOW, FAST), 30, level=0.1).rows
    assert slow.level is None
    assert fast.level is not None


def test_nothing_that_was_measured_later_has_a_part_in_it() -> None:
    scene = scene_of(SLOW, FAST)
    lens = lens_at(scene, 15)
    assert [row.here for row in lens.rows] == [Reading(0.5, 10.0), Reading(0.9, 10.0)]
    assert [row.best for row in lens.rows] == [Reading(0.5, 10.0), Reading(0.9, 10.0)]
    assert [row.final for row in lens.rows] == [None, None]
    assert lens.level == 1.0
    assert [list(row.loss) for row in lens.rows] == [[2.0, 1.0], [2.0, 0.25]]


def test_the_level_leaves_out_runs_that_have_not_learned() -> None:
    stuck, rising = np.array([2.0, 1.9]), np.array([2.0, 50.0])
    assert default_level([np.array([2.0, 0.5]), np.array([2.0, 0.1]), stuck, rising]) == 0.5
    assert default_level([stuck, rising]) == 1.9
    assert default_level([rising, np.empty(0)]) is None


def test_a_run_that_overflowed_keeps_its_best_alone() -> None:
    curve = ([2.0, 1.0, math.nan, math.nan], [0.1, 0.4, math.nan, math.nan])
    scene = scene_of(SLOW, curve, over={1: 25})
    row = lens_at(scene, 30).rows[1]
    assert row.overflow_step == 25
    assert (row.here, row.final) == (None, None)
    assert (row.best, row.level) == (Reading(0.4, 10.0), None)
    assert lens_at(scene, 24).rows[1].here == Reading(0.4, 10.0)  # measurements that are not finite are left out


def test_a_regression_is_read_by_its_test_loss_and_less_is_better() -> None:
    lens = lens_at(scene_of(([1.0, 0.5], [1.0, 0.6]), ([1.0, 0.4], [1.0, 0.9]), regression=True), 10)
    assert lens.metric == "test_loss"
    assert lens.rows[1].best == Reading(0.9, 10.0)
    leader = lens.leader("here")
    assert leader is not None
    assert leader.run == 0


def test_before_the_first_measurement_there_is_nothing_to_read() -> None:
    race = FakeRace(
        [[1.0, 1.0]], steps_per_epoch=1, metrics={"train_loss": np.ones((1, 2)), "test_loss": np.ones((1, 2))}
    )
    lens = lens_at(race.scene, 0)
    assert lens.level is None
    assert lens.rows[0].here is None
    assert lens.leader("here") is None
    assert finding(lens).here is None


def test_only_a_models_race_has_a_lens() -> None:
    assert has_lens(scene_of(SLOW))
    assert not has_lens(FakeRace([[1.0, 0.5]]).scene)


# What the test part can show


def lens_of(*figures: tuple[float, float | None, float], samples: int | None = 100, accuracy: bool = True) -> Lens:
    """One run each: its figure now, its figure at equal training loss, and its training loss now."""
    rows = tuple(
        Row(
            run=run,
            steps=np.array([0]),
            loss=np.array([loss]),
            figures=np.array([here]),
            here=Reading(here, 0.0),
            level=None if level is None else Reading(level, 0.0),
            best=Reading(here, 0.0),
            final=None,
            overflow_step=None,
        )
        for run, (here, level, loss) in enumerate(figures)
    )
    return Lens(rows, "test_accuracy" if accuracy else "test_loss", 0.1, samples)


def test_the_error_of_two_accuracies_is_binomial_and_of_two_losses_that_of_a_mean_of_squares() -> None:
    assert lens_of((0.5, None, 1)).error(0.5, 0.9) == pytest.approx(math.sqrt((0.25 + 0.09) / 100))
    assert lens_of((0.5, None, 1), accuracy=False).error(0.3, 0.4) == pytest.approx(math.sqrt(2 * (0.09 + 0.16) / 100))
    assert lens_of((0.5, None, 1), samples=None).error(0.3, 0.4) == 0


def test_runs_nearer_than_the_error_are_tied_with_the_leader() -> None:
    found = standing(lens_of((0.90, None, 1), (0.87, None, 1), (0.80, None, 1)), "here")
    assert found is not None
    assert (found.leader, found.best, found.worst, found.tied, found.beaten) == (0, 0.9, 0.8, (1,), (2,))
    assert standing(lens_of((0.9, 0.9, 1), (0.8, None, 1)), "level") is None  # one alone leads nobody


def test_a_lead_is_told_to_be_one_of_stopping_of_having_come_further_or_to_remain() -> None:
    found = finding(
        lens_of(
            (0.9, 0.9, 0.1),
            (0.8, 0.9, 0.01),  # as good at equal training loss, and further down by now
            (0.8, 0.95, 0.01),  # even better there
            (0.7, 0.9, 1.0),  # as good there, and lagging
            (0.7, 0.7, 0.01),  # worse there too
            (0.1, None, 2.0),  # never there
            (0.89, 0.5, 0.1),  # not to be told from the leader now
        )
    )
    assert (found.stopped, found.further, found.remains, found.unknown) == ((1, 2), (3,), (4,), (5,))


def test_of_a_leader_that_never_came_down_to_the_level_nothing_is_said() -> None:
    found = finding(lens_of((0.9, None, 1.0), (0.5, 0.9, 0.01)))
    assert (found.stopped, found.further, found.remains, found.unknown) == ((), (), (), (1,))
