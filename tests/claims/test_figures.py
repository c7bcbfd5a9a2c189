"""What claims read from a sweep, on tables whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from lrviz.claims import _figures as figures
from tests.claims.tables import table

ACCURACY = {0.0001: 0.5, 0.001: 0.905, 0.01: 0.912, 0.1: 0.8, 1.0: 0.1}


def even(_lr: float, _epoch: float) -> float:
    return 1.0


def test_the_shortfall_is_a_seeds_accuracy_beside_that_of_the_best_rate() -> None:
    made = table(lambda lr, _: ACCURACY[lr], even)
    assert figures.best(made).lr == 0.01
    assert figures.shortfall(made, 0.1).mean == pytest.approx(-11.2)
    assert figures.shortfall(made, 0.01).interval == (0, 0)
    assert figures.within_a_point(made, 0.001)
    assert not figures.within_a_point(made, 0.1)


def test_a_run_that_has_diverged_has_no_accuracy_and_goes_uphill() -> None:
    made = table(lambda lr, _: ACCURACY[lr], lambda lr, epoch: np.inf if lr == 1 and epoch >= 5 else 1 / epoch)
    assert figures.accuracies(made, 1.0).tolist() == [0] * 5
    assert figures.uphill(made, 1.0) == pytest.approx(100 * 6 / 9)  # from epoch 5 to 10, of 9 steps
    assert figures.uphill(made, 0.1).tolist() == [0] * 5


def test_going_up_is_counted_and_a_ripple_is_not() -> None:
    made = table(lambda lr, _: ACCURACY[lr], lambda _lr, epoch: 1 + (0.5 if epoch % 2 else 0))
    assert figures.uphill(made, 0.1) == pytest.approx(100 * 4 / 9)
    made = table(lambda lr, _: ACCURACY[lr], lambda _lr, epoch: 1 + (0.0005 if epoch % 2 else 0))
    assert figures.uphill(made, 0.1).tolist() == [0] * 5


def test_the_budget_to_a_loss_lies_between_marks_or_is_infinite() -> None:
    made = table(lambda lr, _: ACCURACY[lr], lambda lr, epoch: 11 - epoch if lr == 0.1 else 11.0)
    seeds = 1 + 0.01 * np.linspace(-1, 1, 5)
    assert figures.budget_to_loss(made, 0.1, 8.5 * seeds) == pytest.approx(2.5)
    assert figures.budget_to_loss(made, 0.01, 8.5 * seeds).tolist() == [np.inf] * 5


def test_the_epoch_of_an_accuracy_is_the_first_after_which_it_is_there() -> None:
    made = table(lambda lr, epoch: min(0.1 * epoch, 0.8) if lr == 0.1 else 0.1, even)
    assert figures.goals_of(made) == pytest.approx(79 + 0.1 * np.linspace(-1, 1, 5))
    assert figures.epochs_to_accuracy(made, 0.1, figures.goals_of(made)).tolist() == [8] * 5
    assert figures.epochs_to_accuracy(made, 1.0, figures.goals_of(made)).tolist() == [np.inf] * 5


def test_accuracy_at_equal_loss_does_not_see_how_long_it_took() -> None:
    """Both rates walk the same path of loss and accuracy, one twice as fast: at equal loss they are alike."""

    def progress(lr: float, epoch: float) -> float:
        return epoch * (2 if lr == 0.1 else 1)

    made = table(lambda lr, at: 0.9 - 0.01 * progress(lr, at), lambda lr, at: 30 - progress(lr, at))
    goals = figures.losses(made, 0.01).min(axis=1)
    here, there = (figures.accuracy_at_loss(made, lr, goals) for lr in (0.01, 0.1))
    assert here == pytest.approx(there)
    assert figures.accuracies(made, 0.01).mean() > figures.accuracies(made, 0.1).mean() + 9
