"""Sweeps made by hand, for tests of what claims read from them: nothing is trained."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np

from lrviz.claims._measured import Walk
from lrviz.claims._settings import model_experiment, small_network
from lrviz.core.sweep import Rows, SweepQuestion, SweepTable

SEEDS = (0, 1, 2, 3, 4)
LRS = (0.0001, 0.001, 0.01, 0.1, 1.0)
Curve = Callable[[float, float], float]  # of rate and epoch


def table(accuracy: Curve, loss: Curve, lrs: tuple[float, ...] = LRS, epochs: int = 10) -> SweepTable:
    """Accuracies (0 to 1) and losses by rate and epoch; seeds differ by 0.001 of accuracy and 1 % of the loss."""
    question = SweepQuestion(model_experiment(small_network(), "adam", epochs, lrs), lrs, SEEDS)
    return table_of(question, accuracy, loss)


def table_of(question: SweepQuestion, accuracy: Curve, loss: Curve) -> SweepTable:
    """The same for any question on a model; a loss of inf is a run that has diverged."""
    epochs = np.arange(1.0, 41.0) if question.experiment.steps > 400 else np.arange(1.0, 11.0)
    spread = np.linspace(-1, 1, len(question.seeds))[:, None]
    right = np.array([[[accuracy(lr, at) for at in epochs]] for lr in question.lrs]) + 0.001 * spread
    losses = np.array([[[loss(lr, at) for at in epochs]] for lr in question.lrs]) * (1 + 0.01 * spread)
    lost = np.isinf(losses)
    first = np.where(lost.any(axis=2), epochs[lost.argmax(axis=2)], np.inf)
    metrics = {
        "train_loss": np.where(lost, np.nan, losses)[None],
        "test_accuracy": np.where(lost, np.nan, np.broadcast_to(right, losses.shape))[None],
    }
    done = np.ones((1, len(question.lrs), len(question.seeds)), bool)
    return SweepTable(question, question.lrs, epochs, metrics, first[None], done, 0.0, complete=True)


def swapped(made: SweepTable) -> SweepTable:
    """The same table with every rate's figures at the rate that lies as far from the other end."""
    metrics = {name: values[:, ::-1] for name, values in made.metrics.items()}
    return replace(made, metrics=metrics, diverged=made.diverged[:, ::-1], done=made.done[:, ::-1])


def swapped_lengths(lengths: Rows) -> Rows:
    """(S, K, T) the same."""
    return lengths[:, ::-1]


def walk_of(lengths: Rows) -> Generator[None, None, Rows]:
    """As the engine walks."""
    yield
    return lengths


def lengths_of(walk: Walk) -> Rows:
    """Steps that are as long as their rate, to a thousandth."""
    of_rates = np.array(walk.experiment.lrs)[None, :, None]
    of_seeds = 1 + 0.001 * np.arange(len(walk.seeds))[:, None, None]
    return np.asarray(of_rates * of_seeds * np.ones(walk.experiment.steps))
