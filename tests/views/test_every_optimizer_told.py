"""Real races of every optimizer, as slow motion and the arrows show them."""

from __future__ import annotations

from functools import lru_cache

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnSurface, Run, choose
from lrviz.core.scene import Scene
from lrviz.core.updates import stages_at
from lrviz.engine.race import race
from lrviz.views.panel_gauge import GaugeLabel
from lrviz.views.slow_motion import SlowMotion
from tests.views.boards import board_of

OPTIMIZERS = [part.name for part in catalog.optimizers]
STEPS = 12


@lru_cache
def raced(optimizer: str, surface: str = "rosenbrock") -> Scene:
    part = catalog.surfaces.find(surface)
    problem = OnSurface(choose(catalog.surfaces, surface), part.start)
    chosen = choose(catalog.optimizers, optimizer), choose(catalog.schedules, "constant")
    scenes = list(race(Experiment(problem, *chosen, (Run(0.001), Run(0.0005)), STEPS)))
    return scenes[-1]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_stage_of_every_optimizer_has_room_in_the_panel(qtbot: QtBot, optimizer: str) -> None:
    scene = raced(optimizer)
    widget = SlowMotion()
    qtbot.addWidget(widget)
    widget.resize(widget.width(), 460)
    widget.show_scene(scene)
    widget.show()
    for step in (0, 5, STEPS - 1):
        widget._stage = 0
        widget.show_step(step)
        stages = stages_at(scene, 0, step)
        assert stages
        for stage in stages:
            QApplication.processEvents()
            assert stage.name in [label.text() for label in widget._text.findChildren(QLabel)]
            for label in widget._text.findChildren(QLabel):
                if label.isVisible():
                    needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
                    assert label.height() >= needed, label.text()
                    assert label.wordWrap() or label.width() >= label.sizeHint().width(), label.text()
                    assert widget._text.rect().contains(label.geometry().center())
            widget.next()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_has_arrows_that_end_in_the_step(qtbot: QtBot, optimizer: str) -> None:
    board = board_of(qtbot, raced(optimizer))
    board.show_arrows(True)
    board.show_step(5)
    for head in board._heads_placed:
        assert head.arrows is not None
        assert head.arrows.shafts[-1].kind == "step"


def test_a_real_loss_has_gauge_arrows_and_its_data(qtbot: QtBot) -> None:
    scene = raced("momentum", "diabetes_line")
    board = board_of(qtbot, scene)
    board.show_arrows(True)
    board.show_step(5)
    head = board._heads_placed[0]
    assert head.inset is not None
    assert not head.inset.line.isEmpty()
    assert head.arrows is not None
    assert any(isinstance(label, GaugeLabel) for label in head.labels)
