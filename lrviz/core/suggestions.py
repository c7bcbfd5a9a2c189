"""What rate to take from a range test: the rules that people go by, each named with its source.

Every rule reads one seed's raw losses (T,) against its rates (T,). How they are smoothed and where the curve is cut is
part of a rule, since it moves what the rule suggests by as much as a decade.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrviz.core.range_test import RangeTest, Rows

BETA = 0.98  # fastai's: a loss weighs a fiftieth of the mean that it enters
Pick = Callable[[Rows, Rows, Rows], float | None]

FASTAI_END = 4.0  # times the best smoothed loss, where fastai's test ends;
FASTAI_SKIPS = (10, 5)  # a tenth of the steps at its beginning and 5 at its end are not looked at
SLIDE_SPAN, SLIDE_SLOPE = 15, 0.005  # steps between the two places that the slide compares, and how alike they are
FINDER_WEIGHT = 0.05  # of a loss in torch-lr-finder's running mean, which begins with the first loss;
FINDER_END = 5.0  # times its best, where that test ends;
FINDER_SKIPS = (10, 5)  # steps at its beginning and its end that its plot leaves out


@dataclass(frozen=True)
class Rule:
    """How to read a rate from a curve."""

    name: str
    title: str
    source: str  # where it is described
    pick: Pick  # of rates, raw losses and smoothed losses, each (T,) and finite: the rate, or None where there is none


class Smoother:
    """An exponential mean of losses as they come, free of the bias of its start: of each of (S,) by itself."""

    def __init__(self, beta: float = BETA) -> None:
        self._beta = beta
        self._weight = 0.0  # of all losses so far together
        self._sum: Rows | float = 0.0

    def add(self, losses: Rows) -> Rows:
        """(S,) the means once `losses` (S,) are in them."""
        self._sum = self._beta * self._sum + (1 - self._beta) * losses
        self._weight = self._beta * self._weight + (1 - self._beta)
        mean: Rows = self._sum / self._weight
        return mean


def smoothed(losses: Rows, beta: float = BETA) -> Rows:
    """(…, T) exponential means of losses (…, T): D. P. Kingma and J. Ba's bias correction, arXiv:1412.6980 (2015).

    Nan from the first loss that is.
    """
    smoother = Smoother(beta)
    means = [smoother.add(column) for column in np.moveaxis(losses, -1, 0)]
    return np.stack(means, -1) if means else np.empty_like(losses)


def steepest(lrs: Rows, _losses: Rows, smooth: Rows) -> float | None:
    """Where the smoothed loss falls fastest with the logarithm of the rate."""
    lrs, smooth = _as_fastai(lrs, smooth)
    if len(lrs) < 2:
        return None
    slopes = np.diff(smooth) / np.diff(np.log(lrs))
    place = int(slopes.argmin())
    return float(lrs[place]) if slopes[place] < 0 else None


def minimum_over_ten(lrs: Rows, _losses: Rows, smooth: Rows) -> float | None:
    """A tenth of the rate at which the smoothed loss is lowest."""
    lrs, smooth = _as_fastai(lrs, smooth)
    return float(lrs[smooth.argmin()]) / 10 if len(lrs) else None


def valley(lrs: Rows, _losses: Rows, smooth: Rows) -> float | None:
    """About the middle of the valley: the longest run of ever smaller losses, others between them allowed.

    It is taken to reach back from its end by as many steps as it has losses, and half of its middle third on is chosen.
    """
    lrs, smooth = _as_fastai(lrs, smooth)
    if not len(lrs):
        return None
    depths = list[float]()  # of the falling runs of each length so far, the least loss that one ends with, negated
    longest, end = 0, 0
    for step, depth in enumerate((-smooth).tolist()):
        length = bisect_left(depths, depth)
        depths[length : length + 1] = [depth]
        if length + 1 > longest:
            longest, end = length + 1, step
    if longest < 2:
        return None
    first = end - longest
    third = longest / 3
    return float(lrs[first + int(third) + int(third / 2)])


def slide(lrs: Rows, _losses: Rows, smooth: Rows) -> float | None:
    """The left of two places, 15 steps apart, that slide from the right until the loss is as steep at both."""
    lrs, smooth = _as_fastai(lrs, smooth)
    if len(lrs) <= SLIDE_SPAN:
        return None
    slopes = np.gradient(smooth)
    unlike = np.abs(slopes[SLIDE_SPAN:] - slopes[:-SLIDE_SPAN]) > SLIDE_SLOPE  # by the left place
    alike = np.flatnonzero(~unlike)
    left = min(int(alike[-1]) + 1 if len(alike) else 0, len(unlike) - 1)
    return float(lrs[left])


def torch_lr_finder(lrs: Rows, losses: Rows, _smooth: Rows) -> float | None:
    """Where torch-lr-finder's own running mean of the loss falls most from one step to the next."""
    mean = losses.copy()
    for step in range(1, len(mean)):
        mean[step] = FINDER_WEIGHT * losses[step] + (1 - FINDER_WEIGHT) * mean[step - 1]
    end = _end(mean, FINDER_END)
    first, last = FINDER_SKIPS
    mean, lrs = mean[first : end - last], lrs[first : end - last]
    return float(lrs[np.gradient(mean).argmin()]) if len(mean) >= 2 else None


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("valley", "Valley", "ESRI, in fastai's lr_find, its default", valley),
        Rule("slide", "Slide", "A. Chang, Novetta, in fastai's lr_find", slide),
        Rule("steepest", "Steepest", "fastai's lr_find, steep", steepest),
        Rule("minimum", "Minimum / 10", "fastai's lr_find, minimum", minimum_over_ten),
        Rule("torch_lr_finder", "torch-lr-finder", "D. Silva, torch-lr-finder 0.2.2", torch_lr_finder),
    )
}


@dataclass(frozen=True)
class Suggestion:
    """What one rule says of a range test."""

    rule: Rule
    rates: Rows  # (S,) of each seed's curve; nan where it gives none

    @property
    def known(self) -> Rows:
        """(N,) those that there are, rising."""
        return np.sort(self.rates[np.isfinite(self.rates)])

    @property
    def median(self) -> float | None:
        """In the middle on a logarithmic axis; None where no seed's curve gives any."""
        known = self.known
        return float(np.exp(np.median(np.log(known)))) if len(known) else None

    @property
    def spread(self) -> tuple[float, float] | None:
        """The lowest and the highest of any seed."""
        known = self.known
        return (float(known[0]), float(known[-1])) if len(known) else None


def suggestions(test: RangeTest) -> dict[str, Suggestion]:
    """Every rule's suggestion for each seed as far as it is known, by the rule's name, in the registry's order."""
    seeds = zip(test.losses, smoothed(test.losses), test.steps.tolist(), strict=True)
    curves = [(test.lrs[:steps], losses[:steps], smooth[:steps]) for losses, smooth, steps in seeds]
    return {
        name: Suggestion(rule, np.array([_picked(rule, *curve) for curve in curves])) for name, rule in RULES.items()
    }


def _picked(rule: Rule, lrs: Rows, losses: Rows, smooth: Rows) -> float:
    rate = rule.pick(lrs, losses, smooth) if len(losses) else None
    return np.nan if rate is None else rate


def _as_fastai(lrs: Rows, smooth: Rows) -> tuple[Rows, Rows]:
    """The part of a curve that fastai's rules look at."""
    first, last = len(lrs) // FASTAI_SKIPS[0], FASTAI_SKIPS[1]
    end = _end(smooth, FASTAI_END)
    return lrs[first : end - last], smooth[first : end - last]


def _end(mean: NDArray[np.float64], times: float) -> int:
    """How many steps there are until the mean has come to so many times its best, that one included."""
    beyond = np.flatnonzero(mean > times * np.minimum.accumulate(mean))
    return int(beyond[0]) + 1 if len(beyond) else len(mean)
