"""Runs added, copied, removed, moved and turned: each gives another experiment and leaves the old one alone."""

from __future__ import annotations

import pytest

from lrviz.core import catalog
from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Change, Experiment, choose
from lrviz.core.openings import opening
from lrviz.core.runs import (
    LOWEST_RATE,
    MAX_PANELS,
    only_rates_differ,
    with_another_run,
    with_copy_of_run,
    with_fork,
    with_only_rates,
    with_own_parts,
    with_rate,
    with_run_changed,
    with_run_moved,
    without_run,
)


@pytest.fixture
def experiment() -> Experiment:
    return opening()  # 1, 0.1, 0.01, 0.001


def test_turning_a_rate_leaves_the_old_experiment_as_it_was(experiment: Experiment) -> None:
    turned = with_rate(experiment, 1, 0.3)
    assert turned.lrs == (1.0, 0.3, 0.01, 0.001)
    assert experiment.lrs == (1.0, 0.1, 0.01, 0.001)


def test_a_rate_that_is_none_is_refused(experiment: Experiment) -> None:
    with pytest.raises(ExperimentError, match="above 0"):
        with_rate(experiment, 0, 0.0)


def test_another_run_takes_a_rate_that_nobody_has(experiment: Experiment) -> None:
    while len(experiment.runs) < MAX_PANELS:
        experiment = with_another_run(experiment)
    assert len(set(experiment.lrs)) == MAX_PANELS
    assert min(experiment.lrs) >= LOWEST_RATE


def test_another_run_goes_down_the_ladder_of_ones_and_threes(experiment: Experiment) -> None:
    for rate in (0.0003, 0.0001, 0.00003):
        experiment = with_another_run(experiment)
        assert experiment.lrs[-1] == rate


def test_below_the_lowest_rate_another_run_goes_up(experiment: Experiment) -> None:
    lowest = with_rate(experiment, 3, LOWEST_RATE)
    assert with_another_run(lowest).lrs[-1] == 3e-6


def test_a_copy_stands_beside_its_run(experiment: Experiment) -> None:
    assert with_copy_of_run(experiment, 1).lrs == (1.0, 0.1, 0.1, 0.01, 0.001)


def test_removing_takes_one_run_and_never_the_last(experiment: Experiment) -> None:
    for left in (3, 2, 1):
        experiment = without_run(experiment, 0)
        assert len(experiment.runs) == left
    with pytest.raises(ExperimentError, match="at least one"):
        without_run(experiment, 0)


@pytest.mark.parametrize(
    ("run", "to", "lrs"),
    [(0, 3, (0.1, 0.01, 0.001, 1.0)), (3, 0, (0.001, 1.0, 0.1, 0.01)), (1, 1, (1, 0.1, 0.01, 0.001))],
)
def test_moving_puts_a_run_where_it_was_wished(
    experiment: Experiment, run: int, to: int, lrs: tuple[float, ...]
) -> None:
    assert with_run_moved(experiment, run, to).lrs == lrs


def test_a_fork_keeps_its_parents_beginning_and_stands_at_the_end(experiment: Experiment) -> None:
    forked = with_fork(experiment, 1, 40, 0.03)
    assert forked.runs[:4] == experiment.runs
    assert forked.runs[4].lr == 0.1
    assert forked.runs[4].changes == (Change(40, 0.03),)


def test_a_fork_of_a_fork_keeps_what_was_changed_before_it_and_drops_the_rest(experiment: Experiment) -> None:
    twice = with_run_changed(with_run_changed(experiment, 0, 40, 0.03), 0, 80, 0.01)
    assert with_fork(twice, 0, 60, 0.5).runs[4].changes == (Change(40, 0.03), Change(60, 0.5))
    assert with_run_changed(twice, 0, 40, 0.7).runs[0].changes == (Change(40, 0.7),)


def test_a_change_at_the_start_is_another_run(experiment: Experiment) -> None:
    adam = choose(catalog.optimizers, "adam")
    run = with_run_changed(with_run_changed(experiment, 0, 40, 0.03), 0, 0, 0.5, adam).runs[0]
    assert (run.lr, run.optimizer, run.changes) == (0.5, adam, ())


def test_the_knob_of_a_run_that_changes_turns_its_last_rate(experiment: Experiment) -> None:
    turned = with_rate(with_run_changed(experiment, 1, 40, 0.03), 1, 0.2).runs[1]
    assert turned.rates == (0.1, 0.2)


def test_a_part_like_that_of_all_runs_is_not_a_runs_own(experiment: Experiment) -> None:
    sgd, cosine = choose(catalog.optimizers, "sgd"), choose(catalog.schedules, "cosine")
    own = with_own_parts(experiment, 2, sgd, cosine)
    assert own.optimizer_of(own.runs[2]) == sgd
    assert own.schedule_of(own.runs[2]) == cosine
    assert with_own_parts(own, 2, experiment.optimizer, experiment.schedule) == experiment


def test_a_run_is_asked_which_optimizer_it_has_at_a_step(experiment: Experiment) -> None:
    adam, sgd = experiment.optimizer, choose(catalog.optimizers, "sgd")
    changed = with_run_changed(with_run_changed(experiment, 0, 40, 0.03, sgd), 0, 80, 0.01)
    found = [changed.optimizer_at(changed.runs[0], step) for step in (0, 39, 40, 79, 80, 99)]
    assert found == [adam, adam, sgd, sgd, sgd, sgd]


def test_only_rates_differ_until_a_run_has_something_of_its_own(experiment: Experiment) -> None:
    sgd = choose(catalog.optimizers, "sgd")
    assert only_rates_differ(experiment)
    assert only_rates_differ(with_run_changed(experiment, 0, 40, 0.03))
    for other in (with_own_parts(experiment, 1, sgd, None), with_run_changed(experiment, 0, 40, 0.03, sgd)):
        assert not only_rates_differ(other)
        assert only_rates_differ(with_only_rates(other))
        assert with_only_rates(other).lrs == experiment.lrs
