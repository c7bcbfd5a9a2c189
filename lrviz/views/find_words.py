"""What the range test's view says in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.range_test import RangeQuestion, RangeTest
from lrviz.core.sweep import SweepTable
from lrviz.views.find_rows import Region, RuleRow
from lrviz.views.numbers import count, number


def translated(text: str) -> str:
    return QCoreApplication.translate("Find", text)


def invitation(experiment: Experiment | None, question: RangeQuestion | None) -> str:
    """What stands where the curve will be."""
    if experiment is None or question is None:
        return translated("Here the loss will be drawn against a learning rate that rises.")
    return translated(
        "Start raises the learning rate from {first} to {last} over {steps} updates, from {seeds} different starts, "
        "and draws the loss against it. Each rule then reads a rate from the curve."
    ).format(
        first=number(question.first),
        last=number(question.last),
        steps=count(question.steps),
        seeds=len(question.seeds),
    )


def chart_title(test: RangeTest, log: bool) -> str:
    """ "Loss (log) while the rate rises, 5 seeds"."""
    seeds = len(test.question.seeds)
    how = translated("Loss (log) while the rate rises") if log else translated("Loss while the rate rises")
    many = translated("one seed") if seeds == 1 else translated("{seeds} seeds").format(seeds=seeds)
    return f"{how}, {many}"


def reading_text(rate: float, losses: list[float], ended: int) -> str:
    """The smoothed losses at one rate: "0.01: loss 0.42, seeds 0.39 to 0.51"."""
    if not losses:
        return translated("{rate}: every seed has ended").format(rate=number(rate))
    ordered = sorted(losses)
    middle = ordered[len(ordered) // 2] if len(ordered) % 2 else sum(ordered[len(ordered) // 2 - 1 :][:2]) / 2
    text = translated("{rate}: loss {loss}").format(rate=number(rate), loss=number(middle))
    if len(ordered) > 1:
        span = translated("seeds {low} to {high}").format(low=number(ordered[0]), high=number(ordered[-1]))
        text = f"{text}, {span}"
    if ended:
        text = f"{text}, {translated('{count} ended').format(count=ended)}"
    return text


def spread_text(row: RuleRow) -> str:
    """The seeds' suggestions from lowest to highest; "" where there is one or none."""
    spread = row.suggestion.spread
    if spread is None or len(row.suggestion.known) < 2:
        return ""
    low, high = (number(rate, 2) for rate in spread)
    return low if low == high else translated("{low} to {high}").format(low=low, high=high)


def rate_text(row: RuleRow) -> str:
    median = row.suggestion.median
    return "–" if median is None else number(median, 2)


def distance_text(row: RuleRow) -> str:
    """How far from the sweep's best region: "within", "0.4 decades above"; "" without a sweep."""
    distance = row.judgement.distance if row.judgement is not None else None
    if distance is None:
        return ""
    size = abs(distance)
    if size == 0:
        return translated("within")
    text = translated("{decades} decades above") if distance > 0 else translated("{decades} decades below")
    return text.format(decades=f"{size:.1f}" if size >= 0.05 else "< 0.1")


def court_text(table: SweepTable | None, region: Region | None) -> str:
    """What the rules are judged by, in one line."""
    if table is None:
        return translated("A sweep shows which rates really train best, and how far each rule is from them.")
    seeds = len(table.question.seeds)
    if region is None:
        if table.complete:
            return translated("The sweep has no best rate: every run diverged.")
        return translated("The sweep is running: {share} %.").format(share=int(100 * table.share_done))
    span = translated("{low} to {high}").format(low=number(region.low, 2), high=number(region.high, 2))
    if region.low == region.high:
        span = number(region.best, 2)
    text = translated("The sweep's best region is {span}, {budget}, {seeds} seeds.").format(
        span=span, budget=_budget_text(table, region.budget), seeds=seeds
    )
    if not table.complete:
        text = f"{text} {translated('So far: {share} %.').format(share=int(100 * table.share_done))}"
    return text


def said_text(row: RuleRow) -> str:
    """A row for those who can't see it."""
    words = [row.title, rate_text(row), spread_text(row), row.sentence or distance_text(row)]
    return ", ".join(word for word in words if word)


def _budget_text(table: SweepTable, budget: float) -> str:
    if isinstance(table.question.experiment.problem, OnModel):
        return translated("after {epochs} epochs").format(epochs=count(round(budget)))
    return translated("after {steps} steps").format(steps=count(round(budget)))
