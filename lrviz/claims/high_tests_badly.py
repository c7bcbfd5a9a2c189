"""The text's first example: a model at 0.1."""

from __future__ import annotations

import numpy as np

from lrviz.claims._figures import POINTS, accuracies, best, shortfall, uphill
from lrviz.claims._measured import Judgment, Measured
from lrviz.claims._settings import HIGH, comparison, grid, setting_of
from lrviz.claims._words import apart, by_optimizer, names, percent, rate, tally
from lrviz.core.catalog import claim
from lrviz.core.claim import RULE, Evidence, Extent
from lrviz.core.sweep import SweepQuestion, SweepTable
from lrviz.core.sweep_reading import ACCURACY_POINT

OFTEN = 20.0  # percent of the epochs
METHOD = (
    "After the longest budget, 0.1 is compared with the rate that tests best. A setting bears it out where 0.1 is more "
    "than one point worse, by the whole 95 % interval, and its training loss has gone up after at least a fifth of the "
    "epochs; it speaks against it where 0.1 is within one point of the best, by the whole interval, or goes up after "
    f"fewer. {RULE}"
)


def needs(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    return grid(extent, seeds)


@claim("high_tests_badly", title="At 0.1 a model oscillates and tests badly", place=8, needs=needs, method=METHOD)
def high_tests_badly(measured: Measured) -> Judgment:
    """A model that is trained at 0.1 oscillates, and is bad on test data."""
    evidence = tuple(_evidence(measured.tables[one]) for one in needs(measured.extent, measured.seeds))
    parts = [
        f"{tally(some)} with {title} ({_lack(some)} points below the best in the median one)"
        for title, some in by_optimizer(evidence).items()
    ]
    reason = (
        f"At 0.1 the loss oscillates and the model tests clearly worse than at the best rate in {tally(evidence)} "
        f"settings: {names(parts)}."
    )
    return Judgment(evidence, reason)


def _lack(evidence: list[Evidence]) -> str:
    return f"{-float(np.median([one.effect for one in evidence])) + 0.0:.1f}"


def _evidence(table: SweepTable) -> Evidence:
    effect, ups = shortfall(table, HIGH), float(uphill(table, HIGH).mean())
    top, here = best(table), float(np.median(accuracies(table, HIGH)))
    close = effect.above(-POINTS * ACCURACY_POINT)
    agrees = False if close or ups < OFTEN else None if close is None else True
    sentence = (
        f"At 0.1 the training loss goes up after {ups:.0f} % of the epochs. The median test accuracy is "
        f"{percent(here)}, at {rate(top.lr)}, the best rate, {percent(POINTS * top.median)}: {apart(effect)}."
    )
    figures = {
        "goes up at 0.1 (% of epochs)": ups,
        "test accuracy at 0.1 (median, %)": here,
        "test accuracy at the best rate (median, %)": POINTS * top.median,
        "best rate": top.lr,
    }
    return Evidence(
        setting_of(table.question, float(table.marks[-1])),
        figures,
        effect.interval,
        effect.mean,
        "points of test accuracy",
        agrees,
        sentence,
        table.question,
        comparison(table.question, (HIGH, top.lr)),
    )
