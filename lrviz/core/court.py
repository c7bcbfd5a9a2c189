"""The finder court: how far what each rule suggests is from the rates that a sweep found to train best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrviz.core.range_test import RangeTest, Rows
from lrviz.core.suggestions import Suggestion, suggestions
from lrviz.core.sweep import SweepTable
from lrviz.core.sweep_reading import Best, best_at, last_known_mark, primary_metric, read_sweep

NEAR = 1.0  # decades: a suggestion that far off is still a place to begin


@dataclass(frozen=True)
class Judgement:
    """One rule before the court. S seeds of the range test."""

    suggestion: Suggestion
    distances: Rows  # (S,) decades from the best region: negative below it, 0 within, positive above; nan where no rate

    @property
    def known(self) -> Rows:
        """(N,) those that there are."""
        return self.distances[np.isfinite(self.distances)]

    @property
    def distance(self) -> float | None:
        """The middle one; None where the rule suggests nothing."""
        return float(np.median(self.known)) if len(self.known) else None

    @property
    def near(self) -> int:
        """Of how many seeds the suggestion is within a decade of the best region."""
        return int((np.abs(self.known) <= NEAR).sum())

    @property
    def sentence(self) -> str:
        """What becomes of the rule, in one sentence."""
        seeds, found = len(self.distances), len(self.known)
        title, middle = self.suggestion.rule.title, self.distance
        if middle is None:
            return f"{title} reads no rate from any of the {seeds} curves."
        inside = int((self.known == 0).sum())
        if inside == seeds:
            return f"{title} is within the best region for {_of(seeds, seeds)}."
        where = "within it" if middle == 0 else f"{abs(middle):.1f} decades {'below' if middle < 0 else 'above'} it"
        told = f"{title} is within a decade of the best region for {_of(self.near, seeds)}, in the middle {where}"
        if found == seeds:
            return f"{told}."
        return f"{told}; {'1 curve gives' if seeds - found == 1 else f'{seeds - found} curves give'} no rate."


def best_region(table: SweepTable, value: int = 0) -> Best | None:
    """A sweep's best rates at the last budget that it knows, at a value of its knob; None where every run diverged."""
    metric = primary_metric(table)
    return best_at(table, read_sweep(table, metric, last_known_mark(table, metric)), value)


def judge(test: RangeTest, table: SweepTable, value: int = 0) -> dict[str, Judgement]:
    """Every rule's judgement by its name; none where the sweep has no best region (yet)."""
    best = best_region(table, value)
    if best is None:
        return {}
    return {
        name: Judgement(suggestion, decades_from(suggestion.rates, *best.within))
        for name, suggestion in suggestions(test).items()
    }


def decades_from(rates: Rows, low: float, high: float) -> Rows:
    """How many decades rates (S,) lie below (negative) or above the region from low to high; 0 within, nan of nan."""
    with np.errstate(invalid="ignore"):
        return np.log10(rates / np.clip(rates, low, high))


def _of(count: int, seeds: int) -> str:
    if seeds == 1:
        return "the one seed" if count else "no seed"
    return f"all {seeds} seeds" if count == seeds else f"{count} of {seeds} seeds"
