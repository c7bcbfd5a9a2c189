"""Models whose course is known: linear regression by formula, digits by what is measured again and again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from lrviz.core.epochs import load_data
from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.scene import Scene
from tests.engine.questions import asked, on_model, until_judged

Array = NDArray[np.float64]


def quadratic(problem: OnModel) -> tuple[Array, Array]:
    """Hessian (P, P) and minimum (P,) of the mean squared error of weights and a bias, in float64."""
    data = load_data(problem.data, 0)
    inputs, targets = data.train_inputs.astype(np.float64), data.train_targets.astype(np.float64)
    rows = np.column_stack([inputs, np.ones(len(inputs))])
    minimum: Array = np.linalg.lstsq(rows, targets, rcond=None)[0].astype(np.float64)
    return 2 * rows.T @ rows / len(rows), minimum


def test_linear_regression_on_the_full_batch_follows_its_closed_form() -> None:
    problem = on_model("linear", "diabetes", batch_size=0)
    hessian, minimum = quadratic(problem)
    values, vectors = np.linalg.eigh(hessian)
    rates = tuple(share / values[-1] for share in (0.01, 0.3, 1.0, 1.9))
    for trace in until_judged(asked(problem, rates, 200)).traces:
        start = trace.theta[0].astype(np.float64)
        powers = (1 - trace.lr * values) ** trace.snapshot_step[:, None]  # (S, P): w* + (I − rate·H)^t (w0 − w*)
        expected = minimum + (powers * (vectors.T @ (start - minimum))) @ vectors.T
        np.testing.assert_allclose(trace.theta, expected, atol=1e-5 * np.abs(expected).max())


def test_linear_regression_diverges_just_past_two_over_the_largest_curvature() -> None:
    problem = on_model("linear", "diabetes", batch_size=0)
    hessian, minimum = quadratic(problem)
    limit = 2 / np.linalg.eigvalsh(hessian)[-1]
    below, past = until_judged(asked(problem, (0.99 * limit, 1.01 * limit), 2_000)).traces
    assert below.loss[-1] < below.loss[0]
    assert np.linalg.norm(below.theta[-1] - minimum) < np.linalg.norm(below.theta[0] - minimum)
    assert past.overflow_step is not None or past.loss[-1] > 1e3 * past.loss[0]


def digits(optimizer: str) -> Experiment:
    """What `lrviz run --model mlp --data digits --lr 0.1 --lr 0.001 --epochs 30` asks."""
    return asked(on_model("mlp", "digits"), (0.1, 0.001), 30 * 19, optimizer)


def accuracies(scene: Scene) -> tuple[Array, Array]:
    high, low = (trace.metrics["test_accuracy"] for trace in scene.traces)
    return high, low


@pytest.fixture(scope="module")
def measured() -> Callable[[str], tuple[Array, Array]]:
    known = {name: accuracies(until_judged(digits(name))) for name in ("sgd", "adam")}
    return known.__getitem__


def test_on_digits_sgd_learns_at_a_tenth_and_hardly_moves_at_a_thousandth(
    measured: Callable[[str], tuple[Array, Array]],
) -> None:
    high, low = measured("sgd")
    assert 0.94 < high[-1] < 0.985
    assert low[-1] < 0.6


def test_on_digits_adam_learns_at_a_thousandth_and_is_worse_and_unsteady_at_a_tenth(
    measured: Callable[[str], tuple[Array, Array]],
) -> None:
    high, low = measured("adam")
    assert 0.955 < low[-1] < 0.99
    late = slice(len(low) // 2, None)
    assert np.median(high[late]) < low[-1] - 0.02
    assert np.ptp(high[late]) > 3 * np.ptp(low[late])
