"""What a person reads after a sweep: a line a rate, or a value of the knob, and the best rate in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from lrviz.cli.columns import aligned
from lrviz.core.sweep import SweepTable
from lrviz.core.sweep_reading import Best, Reading, best_at, larger_is_better, primary_metric, read_sweep, ridge
from lrviz.core.titles import experiment_title
from lrviz.export.sweep_results import unit_of
from lrviz.views.numbers import number, percent


def sweep_report(table: SweepTable) -> str:
    """A small aligned table between its headline and what follows from it."""
    metric = primary_metric(table)
    reading = read_sweep(table, metric, len(table.marks) - 1)
    lines = _by_value(table, reading) if table.question.knob else _by_rate(table, reading)
    return "\n".join([_title(table), *lines])


def _title(table: SweepTable) -> str:
    question = table.question
    seeds = f"{len(question.seeds)} seed{'s' * (len(question.seeds) > 1)}"
    budget = f"{number(float(table.marks[-1]), 6)} {unit_of(table)}"
    return " · ".join([experiment_title(question.experiment), budget, f"{len(table.lrs)} rates", seeds])


def _by_rate(table: SweepTable, reading: Reading) -> list[str]:
    name = reading.metric.replace("_", " ")
    head = ["rate", f"{name} (median)", "quartiles", "diverged"]
    rows = []
    for rate, lr in enumerate(table.lrs):
        quartiles = (reading.low, reading.median, reading.high)
        low, median, high = (_figure(reading.metric, float(of[0, rate])) for of in quartiles)
        diverged, known = int(reading.diverged[0, rate]), int(reading.known[0, rate])
        rows.append([number(lr, 6), median, f"{low} – {high}", f"{diverged} of {known}" if diverged else ""])
    best = best_at(table, reading)
    return [*aligned([head, *rows], [True, True, True, False]), _sentence(best, reading.metric)]


def _by_value(table: SweepTable, reading: Reading) -> list[str]:
    knob = table.question.knob
    assert knob is not None
    head = [knob.name, "best rate", f"{reading.metric.replace('_', ' ')} (median)", "as good"]
    rows: list[Sequence[str]] = [head]
    for value, best in zip(knob.values, ridge(table, reading), strict=True):
        said = ",".join(map(str, value)) if isinstance(value, tuple) else number(value, 6)
        rows.append(
            [said, number(best.lr, 6), _figure(reading.metric, best.median), _within(best)]
            if best
            else [said, "–", "every run diverged", ""]
        )
    return list(aligned(rows, [True, True, True, False]))


def _sentence(best: Best | None, metric: str) -> str:
    if best is None:
        return "every run diverged: smaller rates would say more"
    as_good = "within one point" if larger_is_better(metric) else "within a tenth"
    rates = _within(best)
    return f"best rate {number(best.lr, 6)}: {_figure(metric, best.median)}; {as_good} of it: {rates}"


def _within(best: Best) -> str:
    low, high = (number(lr, 6) for lr in best.within)
    return low if low == high else f"{low} to {high}"


def _figure(metric: str, value: float) -> str:
    return percent(value) if larger_is_better(metric) else number(value)
