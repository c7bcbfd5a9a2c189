"""0.001 alone: does it come to the end within the budget, and how long does it take beside the quickest rate?"""

from __future__ import annotations

import math

import numpy as np

from lrviz.claims._figures import epochs_to_accuracy, goals_of
from lrviz.claims._measured import Judgment, Measured
from lrviz.claims._settings import LOW, comparison, grid, setting_of
from lrviz.claims._statistics import ratio_effect
from lrviz.claims._words import by_optimizer, names, rate, some, span, tally
from lrviz.core.catalog import claim
from lrviz.core.claim import RULE, Evidence, Extent
from lrviz.core.sweep import SweepQuestion, SweepTable

MOST_RUNS = 0.8  # that arrive, or do not
METHOD = (
    "The goal is a test accuracy within one point of what the best rate comes to by the end of the longest budget. A "
    "setting bears it out where at 0.001 at least four in five runs come there within that budget, and speaks against "
    "it where at least four in five do not. The effect is how many times as many epochs it takes as the quickest rate; "
    f"a run that does not come there counts as if it did at its end, so that its factor is the least it can be. {RULE}"
)


def needs(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    return grid(extent, seeds)


@claim("large_enough", title="At 0.001 steps are large enough to converge quickly", place=6, needs=needs, method=METHOD)
def large_enough(measured: Measured) -> Judgment:
    """At 0.001 the steps are large enough for a model to converge quickly."""
    evidence = tuple(_evidence(measured.tables[one]) for one in needs(measured.extent, measured.seeds))
    parts = [
        f"{tally(some_of)} with {title} (taking {_factor(some_of)} times as long as the quickest rate)"
        for title, some_of in by_optimizer(evidence).items()
    ]
    reason = (
        f"Most runs at 0.001 come to within one point of the best accuracy within the budget in {tally(evidence)} "
        f"settings: {names(parts)}."
    )
    return Judgment(evidence, reason)


def _factor(evidence: list[Evidence]) -> str:
    """The median setting's."""
    late = sum(math.isinf(one.interval[1]) for one in evidence) > len(evidence) / 2
    return f"{'at least ' if late else ''}{some(float(np.median([one.effect for one in evidence])))}"


def _evidence(table: SweepTable) -> Evidence:
    goals, end = goals_of(table), float(table.marks[-1])
    needed = {lr: epochs_to_accuracy(table, lr, goals) for lr in table.lrs}
    quickest = min(table.lrs, key=lambda lr: (np.minimum(needed[lr], 2 * end).mean(), lr))
    here = needed[LOW]
    arrived = float(np.isfinite(here).mean())
    effect = ratio_effect(np.minimum(here, end) / np.minimum(needed[quickest], end))
    late = bool(np.isinf(here).any())
    than = "at least " if late else ""
    sentence = (
        f"At 0.001, {100 * arrived:.0f} % of the runs come within one point of the best accuracy in {end:g} epochs. "
        f"They take {than}{some(effect.mean)} times as long as at {rate(quickest)}, the quickest rate ({span(effect)})."
    )
    figures = {
        "runs at 0.001 that come there (%)": 100 * arrived,
        "epochs at 0.001 (median)": float(np.median(here)),
        "epochs at the quickest rate (median)": float(np.median(needed[quickest])),
        "quickest rate": quickest,
    }
    return Evidence(
        setting_of(table.question),
        figures,
        (effect.low, math.inf if late else effect.high),
        effect.mean,
        "times as many epochs",
        True if arrived >= MOST_RUNS else False if arrived <= 1 - MOST_RUNS + 1e-9 else None,
        sentence,
        table.question,
        comparison(table.question, (quickest, LOW)),
    )
