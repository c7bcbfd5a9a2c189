"""A grid of model, data, optimizer and budget: how often 0.001 is as good as the best rate there."""

from __future__ import annotations

import numpy as np

from lrviz.claims._figures import POINTS, best, mark_of, shortfall, within_a_point
from lrviz.claims._measured import Judgment, Measured
from lrviz.claims._settings import FORMS, LOW, comparison, grid, setting_of
from lrviz.claims._words import apart, by_optimizer, names, percent, rate, tally
from lrviz.core.catalog import claim
from lrviz.core.claim import RULE, Evidence, Extent
from lrviz.core.sweep import SweepQuestion, SweepTable
from lrviz.core.sweep_reading import read_sweep

EPOCHS, BEST = "epochs", "best rate"  # figures
METHOD = (
    "Every model and data set, with every optimizer, read at every budget. The best rate is the one with the best "
    "median test accuracy over seeds. A setting bears it out where 0.001's median is within one point of it, and "
    f"speaks against it where it is not. {RULE}"
)


def needs(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    return grid(extent, seeds)


@claim("many_cases", title="In many cases 0.001 works well", place=4, needs=needs, method=METHOD)
def many_cases(measured: Measured) -> Judgment:
    """0.001 is a good learning rate in many cases."""
    budgets = FORMS[measured.extent].budgets
    tables = [measured.tables[one] for one in needs(measured.extent, measured.seeds)]
    evidence = tuple(_evidence(table, budget) for table in tables for budget in budgets)
    by = [f"{tally(some)} with {title}" for title, some in by_optimizer(evidence).items()]
    larger = sum(one.figures[BEST] > LOW for one in evidence)
    factor = float(np.median([one.figures[BEST] / LOW for one in evidence]))
    reason = (
        f"0.001 is within one point of the best rate in {tally(evidence)} settings: {names(by)}. The best rate is "
        f"larger in {larger} of {len(evidence)}, and {factor:.3g} times 0.001 in the median setting."
    )
    return Judgment(evidence, reason)


def _evidence(table: SweepTable, budget: float) -> Evidence:
    mark = mark_of(table, budget)
    reading, top = read_sweep(table, "test_accuracy", mark), best(table, mark=mark)
    effect = shortfall(table, LOW, mark)
    here = POINTS * float(reading.median[0, table.lrs.index(LOW)])
    sentence = (
        f"The best rate is {rate(top.lr)}, with a median test accuracy of {percent(POINTS * top.median)}. At 0.001 it "
        f"is {percent(here)}: {apart(effect)}."
    )
    figures = {
        EPOCHS: float(budget),
        "test accuracy at 0.001 (median, %)": here,
        "test accuracy at the best rate (median, %)": POINTS * top.median,
        BEST: top.lr,
    }
    return Evidence(
        setting_of(table.question, budget),
        figures,
        effect.interval,
        effect.mean,
        "points of test accuracy",
        within_a_point(table, LOW, mark),
        sentence,
        table.question,
        comparison(table.question, (LOW, top.lr), budget),
    )
