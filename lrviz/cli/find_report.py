"""What a person reads after a range test: a line a rule, and how far it is from the best rates where that is known."""

from __future__ import annotations

from lrviz.cli.columns import aligned
from lrviz.core.court import best_region, judge
from lrviz.core.range_test import RangeTest
from lrviz.core.suggestions import Suggestion, suggestions
from lrviz.core.titles import experiment_title
from lrviz.export.find_results import FindResult
from lrviz.views.numbers import count, number


def find_report(result: FindResult) -> str:
    """A small aligned table below a headline; the court's sentences below it."""
    test, table = result.test, result.table
    seeds = len(test.question.seeds)
    rows = [["rule", "rate", "over seeds" if seeds > 1 else "", "source"]]
    rows += [_row(suggestion, seeds) for suggestion in suggestions(test).values()]
    lines = [_headline(test), *aligned(rows, [False, True, False, False]), *test.notes]
    if table is None:
        return "\n".join(lines)
    best = best_region(table)
    if best is None:
        return "\n".join([*lines, "the sweep has no best rate: every run diverged"])
    low, high = (number(rate, 2) for rate in best.within)
    lines.append(f"the sweep's best region: {low if low == high else f'{low} to {high}'}")
    return "\n".join([*lines, *(judgement.sentence for judgement in judge(test, table).values())])


def _row(suggestion: Suggestion, seeds: int) -> list[str]:
    spread = suggestion.spread
    told = "" if spread is None or seeds == 1 else " to ".join(dict.fromkeys(number(end, 2) for end in spread))
    middle = "–" if suggestion.median is None else number(suggestion.median, 2)
    return [suggestion.rule.title, middle, told, suggestion.rule.source]


def _headline(test: RangeTest) -> str:
    question = test.question
    seeds = len(question.seeds)
    early = int((test.steps < question.steps).sum())
    told = [
        experiment_title(question.experiment),
        f"rates {number(question.first)} to {number(question.last)} in {count(question.steps)} steps",
        "1 seed" if seeds == 1 else f"{seeds} seeds",
    ]
    return " · ".join([*told, f"{early} ended before the last rate"] if early else told)
