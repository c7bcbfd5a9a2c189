"""What a sweep says at one budget: medians and quartiles over seeds, the best rate, and the rates that are as good."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from lrviz.core.sweep import Knob, Rows, SweepTable

ACCURACY_POINT = 0.01  # an accuracy is as good as the best within one point of it
LOSS_SHARE = 0.1  # and a loss within a tenth of it,
NEGLIGIBLE = 1e-6  # or within this part of what lies between it and the slowest rate: both have come to the bottom
PRIMARY = ("test_accuracy", "test_loss", "loss", "train_accuracy", "train_loss")  # the first that was measured


def larger_is_better(metric: str) -> bool:
    """True of accuracies, False of losses."""
    return metric.endswith("accuracy")


def primary_metric(table: SweepTable) -> str:
    """What a sweep is judged by where nobody says otherwise."""
    return next((name for name in PRIMARY if name in table.metrics), next(iter(table.metrics)))


@dataclass(frozen=True)
class Reading:
    """One metric at one mark. V values, R rates, S seeds; seeds that are not known yet count in none of it."""

    metric: str
    mark: int  # an index into the table's marks
    values: Rows  # (V, R, S) a diverged run has the worst there is, inf of a loss and -inf of an accuracy; nan: unknown
    low: Rows  # (V, R) the lower quartile over the seeds; nan where none is known
    median: Rows  # (V, R)
    high: Rows  # (V, R) the upper quartile

    @property
    def known(self) -> NDArray[np.intp]:
        """(V, R) how many seeds are known."""
        return np.asarray((~np.isnan(self.values)).sum(axis=2))

    @property
    def diverged(self) -> NDArray[np.intp]:
        """(V, R) how many of them had diverged by then."""
        return np.asarray(np.isinf(self.values).sum(axis=2))


@dataclass(frozen=True)
class Best:
    """The rate with the best median at one value of the knob, and the rates around it that are as good."""

    value: int  # an index into the question's values
    rate: int  # an index into the table's rates
    lr: float
    median: float
    first: int  # indices of the lowest and the highest rate as good as it, with none that is worse between
    last: int
    within: tuple[float, float]  # these two rates


def read_sweep(table: SweepTable, metric: str, mark: int) -> Reading:
    """A metric at the mark with this index."""
    values = values_at(table, metric, mark)
    low, median, high = quantiles(values, (0.25, 0.5, 0.75))
    return Reading(metric, mark, values, low, median, high)


def values_at(table: SweepTable, metric: str, mark: int) -> Rows:
    """(V, R, S) of a metric at a mark: runs that had diverged by then are worst, what is unknown is nan."""
    values = table.metrics[metric][..., mark]
    worst = -np.inf if larger_is_better(metric) else np.inf
    lost = (table.diverged <= table.marks[mark]) | np.isinf(values)
    return np.where(lost, worst, values)


def quantiles(values: Rows, shares: tuple[float, ...]) -> tuple[Rows, ...]:
    """Each (...) over the last axis of (..., S), by linear interpolation between neighbours; nan is passed over.

    An infinite neighbour makes it infinite, where np.nanquantile says nan.
    """
    ordered = np.sort(values, axis=-1)  # nan last
    count = (~np.isnan(ordered)).sum(axis=-1)
    found = []
    for share in shares:
        place = share * np.maximum(count - 1, 0)
        below = np.floor(place).astype(np.intp)
        above = np.ceil(place).astype(np.intp)
        a = np.take_along_axis(ordered, below[..., None], -1)[..., 0]
        b = np.take_along_axis(ordered, above[..., None], -1)[..., 0]
        with np.errstate(invalid="ignore"):
            between = a + (b - a) * (place - below)
        found.append(np.where((below == above) | (a == b) | np.isinf(a), a, between))
    return tuple(found)


def best_at(table: SweepTable, reading: Reading, value: int = 0) -> Best | None:
    """The best rate at a value of the knob: the middle one of equals. None where every known rate has diverged."""
    medians = reading.median[value]
    known = np.flatnonzero(~np.isnan(medians))
    losses = -medians[known] if larger_is_better(reading.metric) else medians[known]
    finite = np.isfinite(losses)
    if not finite.any():
        return None
    least = float(losses.min())
    equals = np.flatnonzero(losses == least)
    middle = int(equals[len(equals) // 2])
    good = losses <= least + _tolerance(reading.metric, least, float(losses[finite][0]))
    worse = np.flatnonzero(~good)
    after = int(np.searchsorted(worse, middle))
    first = int(known[worse[after - 1] + 1]) if after else int(known[0])
    last = int(known[worse[after] - 1]) if after < len(worse) else int(known[-1])
    rate = int(known[middle])
    return Best(value, rate, table.lrs[rate], float(medians[rate]), first, last, (table.lrs[first], table.lrs[last]))


def at_value(table: SweepTable, value: int) -> SweepTable:
    """The part of a table at one value of its knob, as the sweep of that value alone."""
    knob = table.question.knob
    assert knob is not None
    only = slice(value, value + 1)
    return replace(
        table,
        question=msgspec.structs.replace(table.question, knob=Knob(knob.name, knob.values[only])),
        metrics={name: figures[only] for name, figures in table.metrics.items()},
        diverged=table.diverged[only],
        done=table.done[only],
    )


def ridge(table: SweepTable, reading: Reading) -> tuple[Best | None, ...]:
    """(V,) the best rate at each value of the knob."""
    return tuple(best_at(table, reading, value) for value in range(len(reading.median)))


def last_known_mark(table: SweepTable, metric: str) -> int:
    """The last mark at which the metric of any run is known; the last of all where none is."""
    known = np.flatnonzero(np.isfinite(table.metrics[metric]).any(axis=(0, 1, 2)))
    return int(known[-1]) if len(known) else len(table.marks) - 1


def _tolerance(metric: str, best: float, slowest: float) -> float:
    """How much worse than the best median is as good. `slowest` is the median of the lowest rate that has one."""
    if larger_is_better(metric):
        return ACCURACY_POINT + 1e-9  # 0.97 is within a point of 0.98, whatever their difference is in binary
    return max(LOSS_SHARE * abs(best), NEGLIGIBLE * abs(slowest - best))
