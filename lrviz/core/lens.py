"""Runs compared at equal epochs and at equal training loss, so that a slow rate is not mistaken for a regulariser.

A run at a slow rate may end with the better test figure only because it has come less far: the others passed through
the same training loss earlier, and had as good a figure there. So each run is read four times: at the step on screen,
where it first came down to a level of training loss, at its best, and at its end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lrviz.core.scene import Scene
from lrviz.core.trace import Trace

LEARNED = 0.5  # of the way down that the furthest run has come: a run that came less far has not learned
TINY = 1e-300  # in place of a training loss of 0, which has no logarithm

Column = Literal["here", "level", "best", "final"]
COLUMNS: tuple[Column, ...] = ("here", "level", "best", "final")


@dataclass(frozen=True)
class Reading:
    """A test figure, and the step at which it was measured; between two measurements it is interpolated."""

    figure: float
    step: float


@dataclass(frozen=True, eq=False)
class Row:
    """One run as it was measured up to the step on screen; measurements that are not finite are left out."""

    run: int
    steps: NDArray[np.int64]  # (M,) rising
    loss: NDArray[np.float64]  # (M,) on the whole training part
    figures: NDArray[np.float64]  # (M,) on the test part
    here: Reading | None  # None: nothing was measured yet, or the run overflowed before
    level: Reading | None  # None: it has not come down to the level
    best: Reading | None  # the first of equals
    final: Reading | None  # None: the run has not ended yet, or it overflowed
    overflow_step: int | None  # where loss or theta ceased to be finite

    def reading(self, column: Column) -> Reading | None:
        return {"here": self.here, "level": self.level, "best": self.best, "final": self.final}[column]

    @property
    def lowest(self) -> float:
        """The lowest training loss so far; inf before there is any."""
        return float(self.loss.min(initial=math.inf))

    @property
    def gained(self) -> float:
        """By how much the training loss has come down at most."""
        return float(self.loss[0]) - self.lowest if len(self.loss) else 0.0


@dataclass(frozen=True, eq=False)
class Lens:
    """One step of a race, seen through the lens."""

    rows: tuple[Row, ...]  # one a run, in the experiment's order
    metric: str  # what the figures are: "test_accuracy", or "test_loss" where there is none
    level: float | None  # of training loss; None while no run has come down from its start
    test_samples: int | None  # None where it is not known: then any difference counts

    @property
    def higher_is_better(self) -> bool:
        return self.metric == "test_accuracy"

    def gain(self, one: float, other: float) -> float:
        """By how much the figure `one` is better than `other`; below 0 where it is worse."""
        return one - other if self.higher_is_better else other - one

    def error(self, one: float, other: float) -> float:
        """The standard error of the difference of two figures, each measured on the test part.

        Of an accuracy p on n samples it is sqrt(p (1 − p) / n), the binomial one. A mean squared error m, with
        residuals near a normal distribution, has m sqrt(2 / n): the deviation of a chi-squared mean. Both are taken as
        independent, which is on the side of caution: the runs share their test samples.
        """
        if self.test_samples is None:
            return 0.0
        return math.sqrt((self._variance(one) + self._variance(other)) / self.test_samples)

    def differ(self, one: float, other: float) -> bool:
        """Whether two figures lie further apart than the test part can have made by chance: more than their error."""
        return abs(one - other) > self.error(one, other)

    def _variance(self, figure: float) -> float:
        return max(figure * (1 - figure), 0.0) if self.higher_is_better else 2 * figure**2

    def leader(self, column: Column) -> Row | None:
        """The run with the best figure in a column, the first of equals; None where no run has one."""
        with_one = [(reading.figure, row) for row in self.rows if (reading := row.reading(column)) is not None]
        if not with_one:
            return None
        return (max if self.higher_is_better else min)(with_one, key=lambda pair: pair[0])[1]


def has_lens(scene: Scene) -> bool:
    """Whether the scene's runs have a training loss and a test figure to be compared by."""
    return scene.steps_per_epoch is not None and {"train_loss", "test_loss"} <= set(scene.traces[0].metrics)


def lens_at(scene: Scene, step: int, level: float | None = None) -> Lens:
    """The lens at a step: nothing that was measured later has a part in it.

    `level` is the training loss at which runs are compared; unless told, `default_level`.
    """
    metric = "test_accuracy" if "test_accuracy" in scene.traces[0].metrics else "test_loss"
    pairs = [(trace, _measured(trace, metric, step)) for trace in scene.traces]
    if level is None:
        level = default_level(loss for trace, (_, loss, _) in pairs if not _overflowed(trace, step))
    pick = np.argmax if metric == "test_accuracy" else np.argmin
    rows = []
    for run, (trace, (steps, loss, figures)) in enumerate(pairs):
        over = trace.overflow_step if _overflowed(trace, step) else None
        best = int(pick(figures)) if len(figures) else 0
        last = _reading(steps, figures, -1) if over is None else None
        rows.append(
            Row(
                run=run,
                steps=steps,
                loss=loss,
                figures=figures,
                here=last,
                level=None if level is None else crossing(steps, loss, figures, level),
                best=_reading(steps, figures, best),
                final=last if step >= scene.steps and len(trace) > scene.steps else None,
                overflow_step=over,
            )
        )
    return Lens(tuple(rows), metric, level, scene.test_samples)


def default_level(losses: Iterable[NDArray[np.float64]]) -> float | None:
    """The lowest training loss that all runs which learned have reached, of the (M,) losses of those still under way.

    A run has learned where it came down at least half as far as the one that came furthest. None where none came down.
    """
    gained = [(float(loss[0] - loss.min()), float(loss.min())) for loss in losses if len(loss)]
    most = max((gain for gain, _ in gained), default=0.0)
    return max(lowest for gain, lowest in gained if gain >= LEARNED * most) if most > 0 else None


def crossing(
    steps: NDArray[np.int64], loss: NDArray[np.float64], figures: NDArray[np.float64], level: float
) -> Reading | None:
    """Where a run first comes down to `level`, and its figure there; None where it doesn't.

    Step and figure are taken between two measurements in proportion to the logarithm of the training loss. All arrays
    are (M,) and finite.
    """
    below = np.flatnonzero(loss <= level)
    if not len(below):
        return None
    at = int(below[0])
    if at == 0:
        return _reading(steps, figures, 0)
    above, under, wanted = (math.log(max(float(x), TINY)) for x in (loss[at - 1], loss[at], level))
    share = (above - wanted) / (above - under) if above > under else 1.0
    step = steps[at - 1] + share * (steps[at] - steps[at - 1])
    figure = figures[at - 1] + share * (figures[at] - figures[at - 1])
    return Reading(float(figure), float(step))


def _overflowed(trace: Trace, step: int) -> bool:
    return trace.overflow_step is not None and trace.overflow_step <= step


def _measured(
    trace: Trace, metric: str, step: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Steps, training losses and test figures (M,) up to a step, where both are finite."""
    loss, figures = trace.metric("train_loss"), trace.metric(metric)
    steps = trace.metric_step[: min(len(loss), len(figures))]
    count = int(steps.searchsorted(step, side="right"))
    steps, loss, figures = steps[:count], loss[:count], figures[:count]
    finite = np.isfinite(loss) & np.isfinite(figures)
    return steps[finite], loss[finite], figures[finite]


def _reading(steps: NDArray[np.int64], figures: NDArray[np.float64], at: int) -> Reading | None:
    return Reading(float(figures[at]), float(steps[at])) if len(figures) else None
