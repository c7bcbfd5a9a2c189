"""Wrong labels, learned by heart: is a small rate a protection, or does it only come to that point later?"""

from __future__ import annotations

import numpy as np

from lrviz.claims._figures import accuracies, accuracy_at_loss, losses
from lrviz.claims._measured import Judgment, Measured
from lrviz.claims._settings import LOW, TENFOLD, comparison, noisy, setting_of
from lrviz.claims._statistics import Effect, mean_effect
from lrviz.claims._words import apart, names, percent, rate, some
from lrviz.core.catalog import claim
from lrviz.core.claim import RULE, Evidence, Extent
from lrviz.core.sweep import Rows, SweepQuestion, SweepTable

HIGHER = LOW * TENFOLD
AT_EPOCHS, AT_LOSS, BY_ITSELF = "at equal epochs", "at equal training loss", "by itself"
FALL = 1.0  # points from the best epoch to the last that are no protection's
METHOD = (
    "A fifth of the training labels is wrong. 0.001 is compared with ten times as much after as many epochs, and where "
    "both have come down to the same training loss, so that training less is not taken for learning better: a setting "
    "bears it out where 0.001 tests better by the whole 95 % interval. By itself it protects where the test accuracy "
    f"at 0.001 does not fall by more than a point from its best epoch to its last. {RULE}"
)


def needs(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    return noisy(extent, seeds)


@claim("overfitting", title="A rate of 0.001 helps against overfitting", place=7, needs=needs, method=METHOD)
def overfitting(measured: Measured) -> Judgment:
    """A small learning rate such as 0.001 helps against overfitting."""
    tables = [measured.tables[one] for one in needs(measured.extent, measured.seeds)]
    epochs, loss, alone = ([ask(table) for table in tables] for ask in (_at_epochs, _at_loss, _by_itself))
    reason = (
        f"Beside {rate(HIGHER)}, the test accuracy at 0.001 differs by {_differences(epochs)} points after as many "
        f"epochs, and by {_differences(loss)} at the same training loss: only the latter is not explained by its "
        f"having trained less. By itself, from its best epoch to its last, it changes by {_differences(alone)} points."
    )
    return Judgment((*epochs, *loss, *alone), reason)


def _differences(evidence: list[Evidence]) -> str:
    return names([f"{one.effect:+.1f}".replace("-", "−") for one in evidence])


def _at_epochs(table: SweepTable) -> Evidence:
    here, there = accuracies(table, LOW), accuracies(table, HIGHER)
    effect = mean_effect(here - there)
    sentence = (
        f"After {table.marks[-1]:g} epochs 0.001 tests {percent(float(here.mean()))} right, {rate(HIGHER)} "
        f"{percent(float(there.mean()))}: {apart(effect)}."
    )
    return _evidence(table, AT_EPOCHS, here, there, effect, sentence)


def _at_loss(table: SweepTable) -> Evidence:
    """The lowest training loss that both come to is where both have learned the most by heart."""
    goals = np.maximum(losses(table, LOW).min(axis=1), losses(table, HIGHER).min(axis=1))
    here, there = accuracy_at_loss(table, LOW, goals), accuracy_at_loss(table, HIGHER, goals)
    effect = mean_effect(here - there)
    sentence = (
        f"When both have come down to a training loss of {some(float(np.median(goals)))}, 0.001 tests "
        f"{percent(float(here.mean()))} right, {rate(HIGHER)} {percent(float(there.mean()))}: {apart(effect)}."
    )
    return _evidence(table, AT_LOSS, here, there, effect, sentence)


def _by_itself(table: SweepTable) -> Evidence:
    curves = np.stack([accuracies(table, LOW, mark) for mark in range(len(table.marks))])
    top, last = curves.max(axis=0), curves[-1]
    effect = mean_effect(last - top)
    when = float(np.median(table.marks[curves.argmax(axis=0)]))
    sentence = (
        f"At 0.001 the test accuracy is at its best after about {when:g} epochs, {percent(float(top.mean()))}, and "
        f"after {table.marks[-1]:g} it is {percent(float(last.mean()))}: {apart(effect)}."
    )
    figures = {
        "test accuracy at its best epoch (mean, %)": float(top.mean()),
        "test accuracy at the last epoch (mean, %)": float(last.mean()),
        "best epoch (median)": when,
    }
    return Evidence(
        f"{setting_of(table.question)}, {BY_ITSELF}",
        figures,
        effect.interval,
        effect.mean,
        "points of test accuracy",
        effect.above(-FALL),
        sentence,
        table.question,
        comparison(table.question, (LOW,)),
    )


def _evidence(table: SweepTable, when: str, here: Rows, there: Rows, effect: Effect, sentence: str) -> Evidence:
    figures = {
        f"test accuracy at 0.001, {when} (mean, %)": float(here.mean()),
        f"test accuracy at {rate(HIGHER)}, {when} (mean, %)": float(there.mean()),
    }
    return Evidence(
        f"{setting_of(table.question)}, {when}",
        figures,
        effect.interval,
        effect.mean,
        "points of test accuracy",
        effect.above(0.0),
        sentence,
        table.question,
        comparison(table.question, (LOW, HIGHER)),
    )
