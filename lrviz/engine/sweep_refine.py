"""Rates in between: where a sweep's curve bends most, and around its best rates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lrviz.core.sweep import MAX_RATES, Rows, SweepTable
from lrviz.core.sweep_reading import best_at, larger_is_better, primary_metric, read_sweep

ADDED = 6  # rates for each value of the knob in one refinement
CLOSEST = 1.02  # times the next rate: nothing is put in between
BEST_BEND = 1.0  # an interval at the edge of the best region counts as if it rose from best to worst

Numbers = NDArray[np.float64]


def rates_in_between(table: SweepTable) -> tuple[float, ...]:
    """The geometric middles of the intervals that are worth a closer look, rising; none where all are narrow.

    At the last mark, by the primary metric; where there is a knob, all its values together have a say.
    """
    metric = primary_metric(table)
    reading = read_sweep(table, metric, len(table.marks) - 1)
    lrs = np.array(table.lrs)
    middles: set[float] = set()
    for value, medians in enumerate(reading.median):
        interest = _interest(lrs, medians, larger_is_better(metric))
        best = best_at(table, reading, value)
        if best is not None:
            for edge in {best.first - 1, best.first, best.rate - 1, best.rate, best.last - 1, best.last}:
                if 0 <= edge < len(interest):
                    interest[edge] += BEST_BEND
        interest[lrs[1:] / lrs[:-1] < CLOSEST] = 0.0
        most = np.argsort(-interest, kind="stable")[:ADDED]
        middles.update(_middle(lrs[i], lrs[i + 1]) for i in most if interest[i] > 0)
    return tuple(sorted(middles - set(table.lrs)))[: MAX_RATES - len(lrs)]


def _interest(lrs: Numbers, medians: Rows, larger: bool) -> Numbers:
    """(R - 1,) how much the slope against log rate changes at the two ends of each interval.

    The curve runs from 0 at its best to 1 at its first rate or worse, since how bad it is out there says nothing.
    """
    losses = -medians if larger else medians
    finite = losses[np.isfinite(losses)]
    if len(finite) < 2 or len(lrs) < 2:
        return np.zeros(max(0, len(lrs) - 1))
    least = finite.min()
    span = max(float(np.median(finite)) - least, 1e-12)
    heights = np.clip((np.where(np.isfinite(losses), losses, np.inf) - least) / (2 * span), 0.0, 1.0)
    rises = np.diff(heights)
    bends = np.abs(np.diff(rises, prepend=rises[:1], append=rises[-1:]))
    return np.asarray(np.maximum(bends[:-1], bends[1:]) * np.log10(lrs[1:] / lrs[:-1]))


def _middle(low: float, high: float) -> float:
    return float(f"{np.sqrt(low * high):.6g}")
