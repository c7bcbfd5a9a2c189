"""0.001 alone: does the loss go up on the way, or is the run lost?"""

from __future__ import annotations

import numpy as np

from lrviz.claims._figures import rate_index, uphill
from lrviz.claims._measured import Judgment, Measured
from lrviz.claims._settings import LOW, comparison, grid, setting_of, surfaces
from lrviz.claims._statistics import mean_effect
from lrviz.claims._words import names, percent, span, tally
from lrviz.core.catalog import claim
from lrviz.core.claim import RULE, Evidence, Extent
from lrviz.core.sweep import SweepQuestion, SweepTable

SELDOM = 10.0  # percent of the measurements
METHOD = (
    "The training loss is measured after each epoch (of a surface: at steps in equal ratios). A setting bears it out "
    "where at 0.001 the loss goes up in at most 10 % of the measurements, by the whole 95 % interval, and speaks "
    f"against it where it does so more often; a run that has diverged counts as going up. {RULE}"
)


def needs(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    return (*surfaces(extent, seeds), *grid(extent, seeds))


@claim("small_enough", title="At 0.001 steps are small enough not to overshoot", place=5, needs=needs, method=METHOD)
def small_enough(measured: Measured) -> Judgment:
    """At 0.001 the steps are small enough not to jump over the minimum."""
    evidence = tuple(_evidence(measured.tables[one]) for one in needs(measured.extent, measured.seeds))
    against = [one.setting for one in evidence if one.agrees is False]
    but = f" It overshoots all the same on {names(against)}." if against else ""
    mean = float(np.mean([one.effect for one in evidence]))
    reason = (
        f"At 0.001 the loss goes up seldom or never in {tally(evidence)} settings, and in {percent(mean)} of all "
        f"measurements.{but}"
    )
    return Judgment(evidence, reason)


def _evidence(table: SweepTable) -> Evidence:
    values = uphill(table, LOW)
    effect = mean_effect(values)
    lost = int(np.isfinite(table.diverged[0, rate_index(table, LOW)]).sum())
    after = f", and {lost} of {len(values)} runs diverge" if lost else ""
    sentence = f"At 0.001 the loss goes up in {percent(effect.mean)} of the measurements ({span(effect)}){after}."
    above = effect.above(SELDOM)
    return Evidence(
        setting_of(table.question),
        {"goes up at 0.001 (%)": effect.mean, "runs diverged": float(lost)},
        effect.interval,
        effect.mean,
        "percent of measurements uphill",
        None if above is None else not above,
        sentence,
        table.question,
        comparison(table.question, (LOW,)),
    )
