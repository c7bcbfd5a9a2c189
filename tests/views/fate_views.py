"""The fate map's view, and maps made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnSurface, choose
from lrviz.core.fate import PLACELESS, FateKind, FateMap, FateQuestion, Outcome, axes_of
from lrviz.core.scene import Scene
from lrviz.views.fate_map import FateView
from lrviz.views.theme import LIGHT
from tests.views.descents import Descents

KINDS: tuple[FateKind, ...] = ("starts", "rate_momentum", "rate_start")
OUTCOMES = (*PLACELESS, Outcome("minimum", (1.0, 1.0)), Outcome("minimum", (-1.0, 0.5)), Outcome("rest", (0.0, 0.0)))


def scene(optimizer: str = "momentum") -> Scene:
    made = Descents().publish()
    problem = OnSurface(choose(catalog.surfaces, "rosenbrock"), (-1.2, 1.0))
    own = choose(catalog.optimizers, optimizer)
    return Scene(**{**vars(made), "experiment": replace(made.experiment, problem=problem, optimizer=own)})


def found(
    experiment: Experiment, question: FateQuestion, known: int | None = None, fates: Any = None, steps: int = 40
) -> FateMap:
    """A map in bands from left to right, one an outcome."""
    size = question.size
    bands = np.arange(size) * len(OUTCOMES) // size if fates is None else fates
    fate = np.broadcast_to(np.asarray(bands, np.int16), (size, size)).copy()
    taken = np.full((size, size), steps, np.int32)
    return FateMap(question, *axes_of(experiment, question), OUTCOMES, fate, taken, size if known is None else known)


def fate_view(qtbot: QtBot) -> FateView:
    made = FateView()
    qtbot.addWidget(made)
    made.resize(1000, 620)
    made.set_theme(LIGHT)
    made.show()
    return made


def asked_of(view: FateView) -> list[Any]:
    asked: list[Any] = []
    view.question_changed.connect(asked.append)
    return asked


def shown(view: FateView, kind: FateKind = "starts", **more: Any) -> FateMap:
    """The view with a whole map."""
    asked = asked_of(view)
    view.show_scene(scene())
    if kind != "starts":
        view.bar.kind.picked.emit(kind)
    answered = found(scene().experiment, asked[-1], **more)
    view.show_map(answered)
    return answered


def middle_of_map(view: FateView) -> QPoint:
    return view.canvas._layout.map.center()


def colors_of(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())})
