"""What a sweep says in words: its metrics, budgets, the best rate, and one run of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from lrviz.core import catalog
from lrviz.core.experiment import OnModel
from lrviz.core.knobs import KnobKind, KnobValue, find_knob
from lrviz.core.sweep import SweepQuestion, SweepTable
from lrviz.core.sweep_reading import ACCURACY_POINT, LOSS_SHARE, Best, Reading, larger_is_better
from lrviz.core.titles import problem_title
from lrviz.views import numbers


def translated(text: str) -> str:
    return QCoreApplication.translate("Sweep", text)


def metric_word(metric: str) -> str:
    words = {
        "test_accuracy": translated("test accuracy"),
        "train_accuracy": translated("train accuracy"),
        "test_loss": translated("test loss"),
        "train_loss": translated("train loss"),
        "loss": translated("loss"),
    }
    return words.get(metric, metric.replace("_", " "))


def metric_title(metric: str) -> str:
    word = metric_word(metric)
    return word[:1].upper() + word[1:]


def metric_text(metric: str, value: float) -> str:
    """A value of a metric; an infinite one is what a diverged run has."""
    if np.isinf(value):
        return translated("diverged")
    return numbers.percent(value) if larger_is_better(metric) else numbers.number(value)


def as_good_word(metric: str) -> str:
    """What the rates near the best one have in common."""
    if larger_is_better(metric):
        return translated("within {points} point of the best").format(points=numbers.number(100 * ACCURACY_POINT))
    return translated("within {share} of the best").format(share=numbers.percent(LOSS_SHARE).replace(".0 ", " "))


def budget_text(table: SweepTable, mark: int) -> str:
    """ "1 epoch", "30 epochs", "400 steps"."""
    budget = float(table.marks[mark])
    written = numbers.count(int(budget)) if budget == int(budget) else numbers.number(budget)
    if isinstance(table.question.experiment.problem, OnModel):
        text = translated("{number} epoch") if budget == 1 else translated("{number} epochs")
    else:
        text = translated("{number} step") if budget == 1 else translated("{number} steps")
    return text.format(number=written)


def knob_word(knob: KnobKind) -> str:
    """A parameter as the axis names it; that of a schedule with where it belongs, since "floor" says little."""
    label = knob.parameter.label
    return translated("{parameter}, schedule").format(parameter=label) if knob.name.startswith("schedule.") else label


def knob_title(question: SweepQuestion) -> str:
    """The name of the second axis; "" where there is none."""
    return "" if question.knob is None else knob_word(find_knob(question.experiment, question.knob.name))


def shown_text(question: SweepQuestion, value: int | None) -> str:
    """What part of a sweep over two parameters is shown: all of it, or that at one value."""
    if value is None:
        return translated("at every {knob}").format(knob=knob_title(question))
    return translated("at {knob} {value}").format(knob=knob_title(question), value=value_text(question.values[value]))


def value_text(value: KnobValue | None) -> str:
    match value:
        case None:
            return ""
        case tuple():
            return "-".join(map(str, value))
        case int():
            return numbers.count(value)
        case _:
            return numbers.number(value)


def rate_text(lr: float) -> str:
    return numbers.number(lr)


def question_title(question: SweepQuestion) -> str:
    """What was swept: "Digits · MLP 64-32 · Adam · 5 seeds"."""
    optimizer = catalog.optimizers.find(question.experiment.optimizer.name).title
    parts = [problem_title(question.experiment.problem), optimizer]
    if question.experiment.schedule.name != "constant":
        parts.append(catalog.schedules.find(question.experiment.schedule.name).title)
    many = len(question.seeds)
    seeds = translated("{count} seed") if many == 1 else translated("{count} seeds")
    return " · ".join([*parts, seeds.format(count=many)])


def best_text(table: SweepTable, reading: Reading, ridge: tuple[Best | None, ...]) -> str:
    """The best rate at a budget, in one or two sentences."""
    when = budget_text(table, reading.mark)
    found = [best for best in ridge if best is not None]
    if not found:
        if np.isnan(reading.values).all():
            return translated("Nothing is known after {budget} yet.").format(budget=when)
        return translated("After {budget} every run has diverged: try smaller rates.").format(budget=when)
    chosen = (max if larger_is_better(reading.metric) else min)(found, key=lambda best: best.median)
    said = translated("Best rate after {budget}: {lr}").format(budget=when, lr=rate_text(chosen.lr))
    if table.question.knob is not None:
        where = translated("at {knob} {value}")
        value = value_text(table.question.values[chosen.value])
        said = f"{said} {where.format(knob=knob_title(table.question), value=value)}"
    metric, figure = metric_word(reading.metric), metric_text(reading.metric, chosen.median)
    said = translated("{said}, median {metric} {figure}").format(said=said, metric=metric, figure=figure)
    return f"{said}. {_as_good(reading, chosen) if len(ridge) == 1 else _ridge_text(table, found)}".rstrip()


def _as_good(reading: Reading, best: Best) -> str:
    if best.first == best.last:
        return translated("No other rate is {near}.").format(near=as_good_word(reading.metric))
    text = translated("{low} to {high} are {near}.")
    low, high = best.within
    return text.format(low=rate_text(low), high=rate_text(high), near=as_good_word(reading.metric))


def _ridge_text(table: SweepTable, found: list[Best]) -> str:
    if len(found) < 2:
        return ""
    first, last = found[0], found[-1]
    values = table.question.values
    text = translated("The best rate goes from {low} at {knob} {a} to {high} at {b}.")
    return text.format(
        knob=knob_title(table.question),
        low=rate_text(first.lr),
        a=value_text(values[first.value]),
        high=rate_text(last.lr),
        b=value_text(values[last.value]),
    )


def moved_text(table: SweepTable, first: Best | None, last: Best | None, late: int, mark: int) -> str:
    """How the best rate moves with the budget: what it is at the first and at the last mark, read at `mark`."""
    if first is None or last is None or late < 1:
        return ""
    if mark == 0:
        text = translated("After {late} the best is {b}.")
    elif mark == late:
        text = translated("After {early} the best is {a}.")
    else:
        text = translated("After {early} the best is {a}, after {late} {b}.")
    return text.format(
        early=budget_text(table, 0), a=rate_text(first.lr), late=budget_text(table, late), b=rate_text(last.lr)
    )


def column_text(table: SweepTable, reading: Reading, value: int, rate: int) -> str:
    """All seeds of a rate: "rate 0.003: median 96.4 %, half of 5 seeds within 95.9 % to 96.8 %"."""
    said = _where(table, value, rate)
    known, lost = int(reading.known[value, rate]), int(reading.diverged[value, rate])
    if known == 0:
        return translated("{where}: not known yet").format(where=said)
    if lost == known:
        text = translated("{where}: diverged with every seed") if known > 1 else translated("{where}: diverged")
        return text.format(where=said)
    low, median, high = (
        metric_text(reading.metric, float(q[value, rate])) for q in (reading.low, reading.median, reading.high)
    )
    metric = metric_word(reading.metric)
    if known == 1:
        return translated("{where}: {metric} {median}").format(where=said, metric=metric, median=median)
    text = translated("{where}: median {metric} {median}, half of {count} seeds within {low} to {high}")
    said = text.format(where=said, metric=metric, median=median, count=known, low=low, high=high)
    return translated("{said}, {count} diverged").format(said=said, count=lost) if lost else said


def run_text(table: SweepTable, reading: Reading, value: int, rate: int, seed: int) -> str:
    """One run: "rate 0.003, seed 2: test accuracy 96.4 % after 10 epochs"."""
    where = translated("{where}, seed {seed}").format(where=_where(table, value, rate), seed=table.question.seeds[seed])
    over = float(table.diverged[value, rate, seed])
    if over <= table.marks[reading.mark]:
        unit = translated("epoch") if isinstance(table.question.experiment.problem, OnModel) else translated("step")
        return translated("{where}: diverged at {unit} {number}").format(
            where=where, unit=unit, number=numbers.number(over)
        )
    figure = metric_text(reading.metric, float(reading.values[value, rate, seed]))
    text = translated("{where}: {metric} {figure} after {budget}")
    budget = budget_text(table, reading.mark)
    return text.format(where=where, metric=metric_word(reading.metric), figure=figure, budget=budget)


def duration_text(seconds: float) -> str:
    """ "4 s", "3 min", "1 h 20 min"."""
    if seconds < 100:
        return translated("{count} s").format(count=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 100:
        return translated("{count} min").format(count=minutes)
    return translated("{hours} h {minutes} min").format(hours=numbers.count(minutes // 60), minutes=minutes % 60)


def _where(table: SweepTable, value: int, rate: int) -> str:
    said = translated("rate {lr}").format(lr=rate_text(table.lrs[rate]))
    if table.question.knob is None:
        return said
    return f"{knob_title(table.question)} {value_text(table.question.values[value])}, {said}"
