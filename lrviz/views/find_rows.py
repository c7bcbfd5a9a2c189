"""What the view of a range test tells of each rule, and of the sweep by which the finder court judges them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lrviz.core.court import Judgement, best_region, decades_from
from lrviz.core.suggestions import Suggestion
from lrviz.core.sweep import SweepTable
from lrviz.core.sweep_reading import last_known_mark, primary_metric


@dataclass(frozen=True)
class Region:
    """The sweep's rates that are as good as its best, at the last budget that it knows."""

    low: float
    high: float
    best: float
    budget: float  # epochs of a model, steps of a surface


@dataclass(frozen=True)
class RuleRow:
    """One rule: what it suggests and, where there is a region to judge it by, how far off that is."""

    suggestion: Suggestion
    judgement: Judgement | None = None

    @property
    def title(self) -> str:
        return self.suggestion.rule.title

    @property
    def sentence(self) -> str:
        return self.judgement.sentence if self.judgement is not None else ""


def rows_of(suggestions: Iterable[Suggestion], region: Region | None) -> tuple[RuleRow, ...]:
    """A row for every suggestion."""
    return tuple(RuleRow(one, _judged(one, region)) for one in suggestions)


def region_of(table: SweepTable | None) -> Region | None:
    """The best region; None where nothing is known yet, where every run diverged, and where there is a second axis."""
    if table is None or table.question.knob is not None:
        return None
    best = best_region(table)
    mark = last_known_mark(table, primary_metric(table))
    return None if best is None else Region(*best.within, best.lr, float(table.marks[mark]))


def _judged(suggestion: Suggestion, region: Region | None) -> Judgement | None:
    if region is None:
        return None
    return Judgement(suggestion, decades_from(suggestion.rates, region.low, region.high))
