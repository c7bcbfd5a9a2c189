"""A tenth of the rate that is quickest: how many times as long it takes to come as far."""

from __future__ import annotations

import math

import numpy as np

from lrviz.claims._figures import budget_to_loss, losses, mark_of
from lrviz.claims._measured import Judgment, Measured
from lrviz.claims._settings import FORMS, TENFOLD, comparison, grid, setting_of
from lrviz.claims._statistics import ratio_effect
from lrviz.claims._words import rate, some, span, tally
from lrviz.core.catalog import claim
from lrviz.core.claim import RULE, Evidence, Extent
from lrviz.core.sweep import SweepQuestion, SweepTable

LONG = 2.0  # times
METHOD = (
    "The goal is the training loss that the best rate comes to within the shortest budget. A setting bears it out "
    "where a tenth of that rate takes at least twice as many epochs to the same loss, by the whole 95 % interval. A "
    f"run that does not come there counts as if it did at its end, so that its factor is the least it can be. {RULE}"
)


def needs(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    return grid(extent, seeds)


@claim("too_low", title="Too low a rate is slow", place=3, needs=needs, method=METHOD)
def too_low(measured: Measured) -> Judgment:
    """A rate that is too low makes training take very long."""
    budget = FORMS[measured.extent].budgets[0]
    evidence = tuple(_evidence(measured.tables[one], budget) for one in needs(measured.extent, measured.seeds))
    factor = float(np.median([one.effect for one in evidence]))
    late = sum(one.figures["runs that did not come there"] > 0 for one in evidence)
    reason = (
        f"In {tally(evidence)} settings, a tenth of the quickest rate takes clearly more than twice as long to the "
        f"same training loss: {some(factor)} times as many epochs in the median setting. In {late} of them some runs "
        "did not come there at all."
    )
    return Judgment(evidence, reason)


def _evidence(table: SweepTable, budget: float) -> Evidence:
    mark = mark_of(table, budget)
    finals = [float(np.median(losses(table, lr)[:, mark])) for lr in table.lrs]
    quickest = table.lrs[int(np.argmin(finals))]
    low = max(quickest / TENFOLD, table.lrs[0])
    goals = losses(table, quickest)[:, mark]
    needed = budget_to_loss(table, quickest, goals), budget_to_loss(table, low, goals)
    late = int(np.isinf(needed[1]).sum())
    end = float(table.marks[-1])
    effect = ratio_effect(np.minimum(needed[1], end) / needed[0])
    than = "at least " if late else ""
    sentence = (
        f"{rate(quickest)} comes to a training loss of {some(float(np.median(goals)))} in "
        f"{some(float(needed[0].mean()))} epochs, {rate(low)} takes {than}{some(effect.mean)} times as many "
        f"({span(effect)})."
    )
    figures = {
        "quickest rate": quickest,
        f"epochs at {rate(low)} (median)": float(np.median(needed[1])),
        "runs that did not come there": float(late),
    }
    return Evidence(
        setting_of(table.question),
        figures,
        (effect.low, math.inf if late else effect.high),
        effect.mean,
        "times as many epochs",
        effect.above(LONG),
        sentence,
        table.question,
        comparison(table.question, (quickest, low)),
    )
