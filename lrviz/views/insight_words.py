"""The names of what can be shown of a model, and how each picture is read."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from lrviz.core.insight import Insight, InsightKind, Units
from lrviz.views import numbers
from lrviz.views.insight_panel import SIGNS

LETTERS = {  # that look like the signs
    "disc": "●",
    "cross": "✖",
    "square": "■",
    "triangle": "▲",
    "diamond": "◆",
    "star": "★",
    "ring": "○",
    "bar": "▬",
}


def kind_word(kind: InsightKind) -> str:
    return {
        "boundary": _tr("Decision boundary"),
        "curve": _tr("Fitted curve"),
        "wall": _tr("Test pictures"),
        "confusion": _tr("Confusion matrix"),
        "units": _tr("Hidden units"),
        "weights": _tr("Weights and gradients"),
    }[kind]


def reading_hint(insight: Insight) -> str:
    """How the picture is read, and of which step it is where that is not the one on screen."""
    hints: dict[InsightKind, str] = {
        "boundary": f"{_classes(insight)} · "
        + _tr("deeper: surer · line: where the answer changes · ringed: test samples"),
        "curve": _tr("dots: training samples · rings: test samples"),
        "wall": _tr("4→9: a 4 taken for a 9 · bar: how sure"),
        "confusion": _tr("rows: true class · columns: what it is taken for · test samples"),
        "units": _units_hint(insight),
        "weights": _tr("each layer's, biases left out · gradients of the step's batch, by size"),
    }
    hint = hints[insight.kind]
    if insight.measured != insight.step and any(run is not None for run in insight.runs):
        return f"{hint} · " + _tr("as of step {step}").format(step=numbers.count(insight.measured))
    return hint


def _classes(insight: Insight) -> str:
    """Every class behind the sign of its samples."""
    names = insight.studied.classes
    return "  ".join(f"{LETTERS[SIGNS[index % len(SIGNS)]]} {name}" for index, name in enumerate(names))


def _units_hint(insight: Insight) -> str:
    units = next((run for run in insight.runs if isinstance(run, Units)), None)
    match None if units is None else units.form:
        case "pictures":
            return _tr("each unit's weights in the first layer: what it looks for, and what it shuns")
        case "groups":
            return _tr("each row a unit of the last hidden layer: its mean answer to the test samples of a group")
        case _:
            return _tr("how strongly each unit of the last hidden layer answers")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Insight", text)
