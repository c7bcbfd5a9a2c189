"""Verdicts on models' runs, from losses made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from lrviz.core.model_verdict import judge_model
from lrviz.core.trace import Recorder, Trace
from lrviz.core.verdict import Verdict

EPOCH = 10


def trace(losses: Sequence[float], accuracy: float | None = 0.5) -> Trace:
    """A run that was measured at the start and at the end of each epoch."""
    steps = EPOCH * (len(losses) - 1)
    measured = range(0, steps + 1, EPOCH)
    names = ("train_loss", "test_loss") if accuracy is None else ("train_loss", "test_loss", "test_accuracy")
    recorder = Recorder((0.1,), steps, 1, measured, names)
    for loss in losses:
        values = {name: np.array([loss if accuracy is None or "loss" in name else accuracy]) for name in names}
        recorder.snapshot(np.zeros((1, 1)), values)
    recorder.append(np.ones((1, steps + 1)), np.full((1, steps + 1), 0.1))
    return recorder.traces[0]


def judged(losses: Sequence[float], likelihood: bool = True) -> Verdict:
    return judge_model(trace(losses), EPOCH, likelihood)


def falling(to: float, rate: float, epochs: int = 30) -> list[float]:
    """From 2.3 towards `to`, by the same part of the way each epoch."""
    return [to + (2.3 - to) * rate**epoch for epoch in range(epochs + 1)]


@pytest.mark.parametrize(
    ("losses", "likelihood", "kind", "reason"),
    [
        (falling(0.0, 0.7), True, "converged", "below a tenth of its start from step 70 on; test accuracy 50.0 %"),
        (falling(0.4, 0.7), True, "converged", "training loss 0.4, level from step 110 on"),
        (falling(0.0, 0.97), True, "crawling", "more epochs to a tenth of its start"),
        (falling(0.0, 0.97), False, "crawling", "an epoch; test accuracy"),
        ([2.3 - 1e-4 * epoch for epoch in range(31)], True, "crawling", "about 21,000 more epochs"),
        ([2.3] * 31, True, "stuck", "hardly moved from the 2.3 of the start"),
        ([2.3, 2.299, *[2.29] * 29], True, "stuck", "training loss 2.29, hardly moved"),
        ([2.3, *[0.5, 0.9] * 15], True, "oscillating", "up and down between 0.5 and 0.9"),
        ([2.3, *np.linspace(0.6, 1.6, 30)], True, "oscillating", "up and down"),
        ([2.3, 500.0, *[2.31] * 29], True, "diverged", "above the 2.3 of the start; it had risen to 500 by step 10"),
    ],
)
def test_verdicts(losses: list[float], likelihood: bool, kind: str, reason: str) -> None:
    verdict = judged(losses, likelihood)
    assert verdict.kind == kind
    assert reason in verdict.reason
    assert "\n" not in verdict.reason


def test_a_spike_by_the_way_does_not_unmake_convergence() -> None:
    losses = [*falling(0.0, 0.6, 20), 1.0, *[0.01] * 5]
    assert judged(losses) == Verdict(
        "converged", "training loss 0.01, below a tenth of its start from step 220 on; test accuracy 50.0 %", 220
    )


def test_the_step_of_divergence_is_the_first_above_the_start_for_good() -> None:
    assert judged([2.3, 3.0, 2.0, 2.4, 2.5]).step == 30


@pytest.mark.parametrize("loss", [np.inf, np.nan])
def test_an_overflow_is_divergence_at_its_step(loss: float) -> None:
    recorder = Recorder((0.1,), 20, 1, [0], ("train_loss", "test_loss"))
    recorder.snapshot(np.zeros((1, 1)), {"train_loss": np.ones(1), "test_loss": np.ones(1)})
    recorder.overflow(0, 7)
    recorder.append(np.array([[1.0] * 7 + [loss]]), np.full((1, 8), 0.1))
    verdict = judge_model(recorder.traces[0], EPOCH, True)
    assert (verdict.kind, verdict.step) == ("diverged", 7)
    assert "at step 7" in verdict.reason


@pytest.mark.parametrize("losses", [[2.3, 2.0], [2.3, 0.1], [2.3, 2.5], [2.3, 2.3], [2.3, 2.2, 2.1]])
def test_the_shortest_runs_get_a_verdict_too(losses: list[float]) -> None:
    assert judged(losses).reason


def test_a_regression_tells_its_test_loss() -> None:
    assert "test loss 0.4" in judge_model(trace(falling(0.4, 0.7), None), EPOCH, False).reason
