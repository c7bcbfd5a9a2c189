"""Figures as the sentences of the claims say them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from lrviz.claims._statistics import Effect
from lrviz.core import catalog
from lrviz.core.claim import Evidence


def rate(lr: float) -> str:
    """ "0.001", "0.000316", "1e-5"."""
    return f"{lr:.3g}".replace("e-0", "e-")


def some(value: float, digits: int = 2) -> str:
    """So many significant figures, but all of those before the decimal point."""
    if not math.isfinite(value):
        return "∞"
    return f"{value:.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"


def percent(value: float) -> str:
    return f"{value:.1f} %"


def span(effect: Effect, digits: int = 2) -> str:
    """ "95 %: 0.9 to 2.7"."""
    return f"95 %: {some(effect.low, digits)} to {some(effect.high, digits)}"


def apart(effect: Effect) -> str:
    """ "3.1 points more (95 %: 1.9 to 4.2)"."""
    if abs(effect.mean) < 0.05:
        return f"as much ({_points(effect.low)} to {_points(effect.high)} points, 95 %)"
    word = "more" if effect.mean > 0 else "less"
    low, high = sorted((effect.low, effect.high)) if effect.mean > 0 else sorted((-effect.low, -effect.high))
    return f"{abs(effect.mean):.1f} points {word} (95 %: {_points(low)} to {_points(high)})"


def tally(evidence: Iterable[Evidence]) -> str:
    """ "3 of 12", of those that bear a claim out."""
    told = list(evidence)
    return f"{sum(one.agrees is True for one in told)} of {len(told)}"


def by_optimizer(evidence: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    """The settings of each optimizer, by its title."""
    found: dict[str, list[Evidence]] = {}
    for one in evidence:
        assert one.question is not None
        title = catalog.optimizers.find(one.question.experiment.optimizer.name).title
        found.setdefault(title, []).append(one)
    return found


def names(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _points(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
