"""The verdict on a model's run, from its loss on the whole training part as measured along the way.

stuck        The loss never moved from its start by more than a ten-thousandth; or by a hundredth at the end, and lately
             by nothing to speak of.
diverged     Loss or theta overflowed, or the training loss ended above where it began.
converged    The loss came down to a tenth of its start and stayed there; or it levelled off: its last quarter brought
             less than a fiftieth of all that it gained.
oscillating  In the last third it moved by more than a twentieth of its start's height, and upwards for at least three
             tenths of the way.
crawling     Anything else: it was still coming down.

"A tenth of the start" counts for cross-entropy alone, whose least value is 0; a squared error may have to level off.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.trace import Trace
from lrviz.core.verdict import Verdict, figure

DONE = 0.1  # of the loss at the start
LEVEL = 0.02  # of all that a run gained
SWING = 0.05  # of the loss at the start
UPWARDS = 0.3  # of the way that the loss went, up and down
UNMOVED = 1e-4  # of the loss at the start, ever
HARDLY_MOVED = 0.01  # the same, at the end

Array = NDArray[np.floating[Any]]


def judge_model(trace: Trace, steps_per_epoch: int, likelihood: bool) -> Verdict:
    """The verdict on a finished run; `likelihood` where its loss is a cross-entropy."""
    if trace.overflow_step is not None:
        step = trace.overflow_step
        last = float(trace.loss[step])
        what = "its parameters are no longer finite" if np.isfinite(last) else f"loss {figure(last)}"
        return Verdict("diverged", f"{what} at step {step:,}, rate {figure(float(trace.rate[step]))}", step)
    loss = trace.metrics["train_loss"]
    return (
        _stuck(trace, loss)
        or _diverged(trace, loss)
        or (_done(trace, loss) if likelihood else None)
        or _oscillating(trace, loss)
        or _levelled_off(trace, loss)
        or _crawling(trace, loss, steps_per_epoch, likelihood)
    )


def _diverged(trace: Trace, loss: Array) -> Verdict | None:
    if loss[-1] <= loss[0]:
        return None
    reason = f"training loss {figure(float(loss[-1]))} at the end, above the {figure(float(loss[0]))} of the start"
    step = int(trace.metric_step[int(np.flatnonzero(loss <= loss[0])[-1]) + 1])
    if loss.max() > 1.5 * loss[0]:
        reason += f"; it had risen to {figure(float(loss.max()))} by step {trace.metric_step[loss.argmax()]:,}"
    return Verdict("diverged", reason + _accuracy(trace), step)


def _done(trace: Trace, loss: Array) -> Verdict | None:
    level = DONE * float(loss[0])
    return _from_then_on(trace, loss, level, "below a tenth of its start") if loss[-1] <= level else None


def _levelled_off(trace: Trace, loss: Array) -> Verdict | None:
    gained = float(loss[0] - loss[-1])
    if _lately(loss) > LEVEL * gained:
        return None
    return _from_then_on(trace, loss, float(loss[-1]) + LEVEL * gained, "level")


def _from_then_on(trace: Trace, loss: Array, level: float, what: str) -> Verdict:
    """Converged since the first measurement after which the loss stays at or below the level."""
    above = np.flatnonzero(loss > level)
    step = int(trace.metric_step[above[-1] + 1]) if len(above) else 0
    words = f"training loss {figure(float(loss[-1]))}, {what} from step {step:,} on"
    return Verdict("converged", words + _accuracy(trace), step)


def _oscillating(trace: Trace, loss: Array) -> Verdict | None:
    last = loss[2 * (len(loss) - 1) // 3 :]
    moves = np.diff(last)
    way = float(np.abs(moves).sum())
    if way < SWING * loss[0] or moves[moves > 0].sum() < UPWARDS * way:
        return None
    low, high = figure(float(last.min())), figure(float(last.max()))
    return Verdict(
        "oscillating", f"training loss up and down between {low} and {high}{_accuracy(trace)}", len(trace) - 1
    )


def _stuck(trace: Trace, loss: Array) -> Verdict | None:
    moved, gained = float(np.abs(loss - loss[0]).max()), float(loss[0] - loss[-1])
    unmoved = moved <= UNMOVED * loss[0]
    halted = 0 < gained <= HARDLY_MOVED * loss[0] and _lately(loss) <= LEVEL * gained
    if not (unmoved or halted):
        return None
    words = (
        f"training loss {figure(float(loss[-1]), 5)}, hardly moved from the {figure(float(loss[0]), 5)} of the start"
    )
    return Verdict("stuck", words + _accuracy(trace), len(trace) - 1)


def _crawling(trace: Trace, loss: Array, steps_per_epoch: int, likelihood: bool) -> Verdict:
    steps = trace.metric_step[-1] - trace.metric_step[_three_quarters(loss)]
    pace = _lately(loss) / max(1, int(steps)) * steps_per_epoch
    words = f"training loss {figure(float(loss[-1]))}, falling by {figure(pace, 2)} an epoch"
    if likelihood and pace > 0:
        needed = (float(loss[-1]) - DONE * float(loss[0])) / pace
        epochs = "1 more epoch" if needed < 1.5 else f"{figure(needed, 2)} more epochs"
        words += f": at this pace about {epochs} to a tenth of its start"
    return Verdict("crawling", words + _accuracy(trace), len(trace) - 1)


def _lately(loss: Array) -> float:
    """What the last quarter of the measurements brought."""
    return float(loss[_three_quarters(loss)] - loss[-1])


def _three_quarters(loss: Array) -> int:
    return 3 * (len(loss) - 1) // 4


def _accuracy(trace: Trace) -> str:
    metrics = trace.metrics
    if "test_accuracy" in metrics:
        return f"; test accuracy {100 * metrics['test_accuracy'][-1]:.1f} %"
    return f"; test loss {figure(float(metrics['test_loss'][-1]))}"
