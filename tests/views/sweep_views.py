"""The sweep's view on a model's experiment, and what its tests do with it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF
from pytestqt.qtbot import QtBot

from lrviz.core.experiment import Experiment
from lrviz.core.scene import Scene
from lrviz.core.sweep import SweepQuestion, SweepTable
from lrviz.views.entry import ValueEntry
from lrviz.views.sweep_chart import run_places
from lrviz.views.sweep_frame import Frame
from lrviz.views.sweep_view import SweepView
from tests.views.descents import Descents
from tests.views.sweeps import model_experiment


def scene_of(experiment: Experiment, steps_per_epoch: int | None = 19) -> Scene:
    made = Descents().publish()
    return Scene(**{**vars(made), "experiment": experiment, "steps_per_epoch": steps_per_epoch})


def sweep_view(qtbot: QtBot) -> SweepView:
    made = SweepView()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show_scene(scene_of(model_experiment()))
    made.show()
    return made


def shown(view: SweepView, table: SweepTable) -> SweepTable:
    view.show_question(table.question)
    view.show_table(table)
    return table


def asked_of(view: SweepView) -> list[SweepQuestion]:
    asked: list[SweepQuestion] = []
    view.question_asked.connect(asked.append)
    return asked


def opened_of(view: SweepView) -> list[tuple[int, float, int]]:
    opened: list[tuple[int, float, int]] = []
    view.run_opened.connect(lambda *run: opened.append(run))
    return opened


def typed(entry: ValueEntry, text: str) -> None:
    entry.setText(text)
    entry.setModified(True)
    entry.enter()


def frame(view: SweepView) -> Frame:
    assert view.canvas.frame is not None
    return view.canvas.frame


def place_of(view: SweepView, rate: int, seed: int) -> QPoint:
    assert view.canvas.reading is not None
    return QPointF(*run_places(view.canvas.reading, frame(view))[rate, seed].tolist()).toPoint()
