"""The text's second example: the same model at 0.001."""

from __future__ import annotations

import numpy as np

from lrviz.claims._figures import POINTS, accuracies, best, mark_of, shortfall, within_a_point
from lrviz.claims._measured import Judgment, Measured
from lrviz.claims._settings import FORMS, HIGH, LOW, comparison, grid, setting_of
from lrviz.claims._statistics import mean_effect
from lrviz.claims._words import apart, by_optimizer, names, percent, tally
from lrviz.core.catalog import claim
from lrviz.core.claim import RULE, Evidence, Extent
from lrviz.core.sweep import SweepQuestion, SweepTable

METHOD = (
    "0.001 is compared with 0.1 after 10 epochs, and with the best rate after the longest budget. A setting bears it "
    "out where it beats 0.1, by the whole 95 % interval, and its median is within one point of the best in the end; it "
    f"speaks against it where it does worse than 0.1, by the whole interval, or is further off. {RULE}"
)
QUICKLY = 10  # epochs


def needs(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    return grid(extent, seeds)


@claim(
    "low_tests_well",
    title="At 0.001 the same model converges quickly and tests well",
    place=9,
    needs=needs,
    method=METHOD,
)
def low_tests_well(measured: Measured) -> Judgment:
    """The same model at 0.001 converges quickly, and is good on test data."""
    evidence = tuple(
        _evidence(measured.tables[one], FORMS[measured.extent].budgets[-1])
        for one in needs(measured.extent, measured.seeds)
    )
    parts = [
        f"{tally(some)} with {title} ({_lead(some)} points beside 0.1 in the median one)"
        for title, some in by_optimizer(evidence).items()
    ]
    reason = (
        f"0.001 beats 0.1 after {QUICKLY} epochs and comes to within one point of the best rate in {tally(evidence)} "
        f"settings: {names(parts)}."
    )
    return Judgment(evidence, reason)


def _lead(evidence: list[Evidence]) -> str:
    return f"{float(np.median([one.effect for one in evidence])):+.1f}".replace("-", "−")


def _evidence(table: SweepTable, budget: float) -> Evidence:
    early = mark_of(table, QUICKLY)
    effect, lack = mean_effect(accuracies(table, LOW, early) - accuracies(table, HIGH, early)), shortfall(table, LOW)
    ahead, close = effect.above(0.0), within_a_point(table, LOW)
    agrees = False if ahead is False or not close else ahead
    here, top = float(np.median(accuracies(table, LOW))), best(table)
    sentence = (
        f"After {QUICKLY} epochs the test accuracy at 0.001 beside that at 0.1 is {apart(effect)}. After {budget:g} "
        f"its median is {percent(here)}, the best rate's {percent(POINTS * top.median)}: {apart(lack)}."
    )
    figures = {
        f"test accuracy at 0.001 after {QUICKLY} epochs (mean, %)": float(accuracies(table, LOW, early).mean()),
        f"test accuracy at 0.1 after {QUICKLY} epochs (mean, %)": float(accuracies(table, HIGH, early).mean()),
        "below the best rate in the end (points)": -lack.mean,
    }
    return Evidence(
        setting_of(table.question, float(table.marks[-1])),
        figures,
        effect.interval,
        effect.mean,
        "points of test accuracy more than at 0.1",
        agrees,
        sentence,
        table.question,
        comparison(table.question, (HIGH, LOW)),
    )
