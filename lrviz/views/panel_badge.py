"""What a panel's title says of a run at a step: its loss so far, or what became of it, as sign and word."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from lrviz.core.scene import Scene
from lrviz.core.verdict import Kind
from lrviz.views import numbers
from lrviz.views.gauge_words import Reading, gauge_sentence, reading
from lrviz.views.plane_words import Beside, beside, beside_sentence
from lrviz.views.way import Way

SIGNS: dict[Kind, str] = {"diverged": "▲", "oscillating": "≈", "converged": "✓", "crawling": "…", "stuck": "■"}


@dataclass(frozen=True)
class Badge:
    """The same thing said in fewer and fewer letters, and the whole reason where there is one."""

    texts: tuple[str, ...]  # longest first: a panel shows the longest that fits
    reason: str = ""
    kind: Kind | None = None  # None: not decided at this step


def badge(scene: Scene, run: int, step: int) -> Badge:
    """The badge of `run` at `step`. A verdict shows only from the step on at which it was decided."""
    trace = scene.traces[run]
    rows = len(trace)
    if rows == 0:
        return Badge(("",))
    verdict = scene.verdicts[run] if scene.verdicts is not None else None
    if verdict is not None and step >= min(verdict.step, rows - 1):
        return Badge(_verdict_texts(verdict.kind, verdict.step), verdict.reason, verdict.kind)
    overflow = trace.overflow_step
    if verdict is None and overflow is not None and step >= overflow:
        return Badge(_verdict_texts("diverged", overflow), "", "diverged")
    value = numbers.steady(float(trace.loss[min(step, rows - 1)]))
    return Badge((_tr("loss {value}").format(value=value), value))


@dataclass(frozen=True)
class Said:
    """What a panel says of its run at a step."""

    badge: Badge
    measurement: int  # which of a model's; -1 before the first
    gauge: Reading | None
    beside: Beside | None = None  # a model's true loss beside the plane's


def said(scene: Scene, run: int, step: int, gauge: bool = True, way: Way | None = None) -> Said:
    """What is said of `run`, whose points are the `way`'s, at `step`; with the `gauge` or without."""
    measurement = int(scene.traces[run].metric_step.searchsorted(step, side="right")) - 1
    told = reading(scene, run, step) if gauge else None
    return Said(badge(scene, run, step), measurement, told, beside(scene, run, step, way))


def tip(scene: Scene, run: int, step: int, way: Way | None = None) -> str:
    """What a panel says under the pointer: a verdict's whole reason, the gauge with its formula, a model's plane."""
    reason, gauge = badge(scene, run, step).reason, gauge_sentence(scene, run, step)
    return "\n".join(filter(None, (reason, gauge, beside_sentence(scene, run, step, way))))


def figure(scene: Scene, run: int, measurement: int) -> str:
    """What a model had learned by a measurement: "test 97.2 %"; empty for surfaces."""
    trace = scene.traces[run]
    accuracy = trace.metric("test_accuracy")
    if 0 <= measurement < len(accuracy):
        return _tr("test {value}").format(value=numbers.percent(float(accuracy[measurement])))
    loss = trace.metric("test_loss")
    if 0 <= measurement < len(loss):
        return _tr("test loss {value}").format(value=numbers.steady(float(loss[measurement])))
    return ""


def verdict_word(kind: Kind) -> str:
    """A verdict's word as shown."""
    return {
        "diverged": _tr("diverged"),
        "oscillating": _tr("oscillating"),
        "converged": _tr("converged"),
        "crawling": _tr("crawling"),
        "stuck": _tr("stuck"),
    }[kind]


def longest_word() -> str:
    """The widest thing that a badge has to say, by its letters: grids leave room for it."""
    return max((f"{SIGNS[kind]} {verdict_word(kind)}" for kind in SIGNS), key=len)


def _verdict_texts(kind: Kind, step: int) -> tuple[str, ...]:
    short = f"{SIGNS[kind]} {verdict_word(kind)}"
    if kind in ("diverged", "converged"):
        return (_tr("{verdict} at {step}").format(verdict=short, step=numbers.count(step)), short, SIGNS[kind])
    return (short, SIGNS[kind])


def _tr(text: str) -> str:
    return QCoreApplication.translate("Badge", text)
