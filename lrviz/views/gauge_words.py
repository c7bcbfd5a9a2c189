"""The stability gauge in words: how near the curvature at the head is to what the learning rate bears."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from lrviz.core.gauge import Gauge, gauge_at
from lrviz.core.scene import Scene
from lrviz.views import numbers

SLIGHT = 0.01  # smaller ratios are all the same to a person
SCALE = 1.5  # the ratio at which the bar is full; the limit's mark is at 1


@dataclass(frozen=True)
class Reading:
    """What the gauge says at a step: figures as they are written, so that equal ones are not painted again."""

    fill: float  # of the bar, 0 to 1
    stable: bool
    texts: tuple[str, ...]  # longest first


def reading(scene: Scene, run: int, step: int) -> Reading | None:
    """The gauge of `run` at `step`; None where no limit or no curvature is known."""
    gauge = gauge_at(scene, run, step)
    if gauge is None or not (math.isfinite(gauge.ratio) and math.isfinite(gauge.sharpness)):
        return None
    stable = gauge.ratio < 1
    fill = round(min(max(gauge.ratio / SCALE, 0.0), 1.0), 2)
    return Reading(fill, stable, _texts(gauge, stable))


def gauge_sentence(scene: Scene, run: int, step: int) -> str:
    """The gauge in full, with the limit's formula; empty where there is none."""
    gauge = gauge_at(scene, run, step)
    if gauge is None or not math.isfinite(gauge.ratio):
        return ""
    figures = {
        "rate": numbers.number(gauge.rate),
        "sharpness": numbers.number(gauge.sharpness),
        "product": numbers.number(gauge.rate * gauge.sharpness),
        "limit": _limit(gauge),
        "ratio": numbers.number(gauge.ratio),
    }
    if gauge.sharpness <= 0:
        return _tr("The surface curves down here (λ = {sharpness}): no rate is too large for it.").format(**figures)
    said = _tr("Rate {rate} × largest curvature λ {sharpness} = {product}; the limit is {limit}.")
    if gauge.scaled:
        said = _tr(
            "Rate {rate} × largest curvature λ {sharpness}, as the optimizer scales the axes, = {product}; "
            "the limit is {limit}."
        )
    if gauge.ratio < 1:
        verdict = _tr("Ratio {ratio}, below 1: stable, across the steepest curve each step overshoots by less.")
    else:
        verdict = _tr("Ratio {ratio}, not below 1: unstable, across the steepest curve each step overshoots by more.")
    return f"{said} {verdict}".format(**figures)


def _limit(gauge: Gauge) -> str:
    """As formula and number, unless the formula is the number."""
    number = numbers.number(gauge.limit)
    return number if gauge.formula in ("", number) else f"{gauge.formula} = {number}"


def _texts(gauge: Gauge, stable: bool) -> tuple[str, ...]:
    sharpness, ratio = numbers.steady(gauge.sharpness), numbers.steady(gauge.ratio, 2)
    if gauge.sharpness <= 0:
        whole = _tr("λ {sharpness} · curves down").format(sharpness=sharpness)
        return (whole, whole, _tr("curves down"), "< 0")
    sign = "<" if stable else "≥"
    word = _tr("stable") if stable else _tr("unstable")
    if gauge.ratio < SLIGHT:
        slight = f"< {SLIGHT}"
        return (f"λ {sharpness} · {slight}, {word}", f"{slight}, {word}", slight, slight)
    return (
        f"λ {sharpness} · {ratio} {sign} 1, {word}",
        f"{ratio} {sign} 1, {word}",
        f"{ratio} {sign} 1",
        ratio,
    )


def longest_texts() -> tuple[str, ...]:
    """What each of the texts may need at most, as far as a person sees them grow."""
    gauge = Gauge(sharpness=1234.0, limit=2.0, rate=1.0, ratio=0.1234, formula="", scaled=False)
    return _texts(gauge, stable=False)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Gauge", text)
