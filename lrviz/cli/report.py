"""What a person reads after a run: one line a rate, and what all of them shared."""

from __future__ import annotations

from lrviz.cli.columns import aligned
from lrviz.core.experiment import OnModel
from lrviz.core.scene import Scene
from lrviz.core.titles import experiment_title
from lrviz.core.trace import Trace
from lrviz.views.numbers import count, number, percent

# A model's metrics in the order of their interest, as the heads of columns.
_METRICS = {"train_loss": "train loss", "test_accuracy": "test accuracy", "test_loss": "test loss"}


def report(scene: Scene) -> str:
    """A small aligned table of a race that has ended, between its headline and its fingerprint."""
    assert scene.verdicts is not None, "a report is of what has ended"
    names = _columns(scene)
    head = ["rate", "verdict", *(_METRICS.get(name, name) for name in names), "why"]
    rows = [
        [number(trace.lr, 6), verdict.kind, *(_figure(trace, name) for name in names), verdict.reason]
        for trace, verdict in zip(scene.traces, scene.verdicts, strict=True)
    ]
    right = [True, False, *(True for _ in names), False]
    title = f"{experiment_title(scene.experiment)} · {count(scene.steps)} steps"
    lines = [title, *aligned([head, *rows], right), _shared(scene)]
    return "\n".join([*lines, scene.note] if scene.note else lines)


def _shared(scene: Scene) -> str:
    """What all runs have in common, with the fingerprint that stands for it."""
    batches = ", same batches" if isinstance(scene.experiment.problem, OnModel) else ""
    return f"same start{batches} · {scene.fingerprint}"


def _columns(scene: Scene) -> list[str]:
    measured = scene.traces[0].metrics
    if not measured:
        return ["final loss"]
    second = "test_accuracy" if "test_accuracy" in measured else "test_loss"
    return [name for name in ("train_loss", second) if name in measured]


def _figure(trace: Trace, name: str) -> str:
    if name not in trace.metrics:
        return number(float(trace.loss[-1])) if len(trace) else "–"
    if name == "train_loss" and trace.overflow_step is not None:
        return number(float(trace.loss[-1]))
    values = trace.metrics[name]
    if not len(values):
        return "–"
    return percent(float(values[-1])) if name.endswith("accuracy") else number(float(values[-1]))
