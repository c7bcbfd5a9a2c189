"""Ten times the rate that ends lowest: how often the loss goes up instead of down."""

from __future__ import annotations

import numpy as np

from lrviz.claims._figures import lowest_loss_rate, rate_index, uphill
from lrviz.claims._measured import Judgment, Measured
from lrviz.claims._settings import TENFOLD, comparison, grid, setting_of, surfaces
from lrviz.claims._statistics import mean_effect
from lrviz.claims._words import percent, rate, span, tally
from lrviz.core.catalog import claim
from lrviz.core.claim import RULE, Evidence, Extent
from lrviz.core.sweep import SweepQuestion, SweepTable

MORE = 10.0  # percentage points
METHOD = (
    "The training loss is measured after each epoch (of a surface: at steps in equal ratios). A setting bears it out "
    "where the loss goes up at least 10 percentage points more often at ten times the rate that ends lowest than at a "
    f"tenth of it, by the whole 95 % interval; a run that has diverged counts as going up. {RULE}"
)


def needs(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    return (*surfaces(extent, seeds), *grid(extent, seeds))


@claim("too_high", title="Too high a rate overshoots", place=2, needs=needs, method=METHOD)
def too_high(measured: Measured) -> Judgment:
    """A rate that is too high jumps over the minimum, so that training oscillates or diverges."""
    evidence = tuple(_evidence(measured.tables[one]) for one in needs(measured.extent, measured.seeds))
    diverged = sum(one.figures["runs diverged"] > 0 for one in evidence)
    share = float(np.median([one.effect for one in evidence]))
    reason = (
        f"In {tally(evidence)} settings, the loss goes up clearly more often at ten times the rate that ends lowest "
        f"than at a tenth of it: by {share:.0f} percentage points in the median setting. In {diverged} of them "
        "runs overflow."
    )
    return Judgment(evidence, reason)


def _evidence(table: SweepTable) -> Evidence:
    least = lowest_loss_rate(table)
    high, low = min(least * TENFOLD, table.lrs[-1]), max(least / TENFOLD, table.lrs[0])
    above, below = uphill(table, high), uphill(table, low)
    effect = mean_effect(above - below)
    lost = np.isfinite(table.diverged[0, rate_index(table, high)]).sum()
    sentence = (
        f"The loss ends lowest at {rate(least)}. At {rate(high)} it goes up in {percent(float(above.mean()))} of the "
        f"measurements, at {rate(low)} in {percent(float(below.mean()))}; {span(effect)} percentage points apart."
    )
    figures = {
        "rate that ends lowest": least,
        f"goes up at {rate(high)} (%)": float(above.mean()),
        f"goes up at {rate(low)} (%)": float(below.mean()),
        "runs diverged": float(lost),
    }
    return Evidence(
        setting_of(table.question),
        figures,
        effect.interval,
        effect.mean,
        "percentage points more often uphill",
        effect.above(MORE),
        sentence,
        table.question,
        comparison(table.question, (high, least, low)),
    )
