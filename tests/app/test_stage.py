"""The stage shows one view, and tells it what it has missed when it comes to the front."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from lrviz.app.stage import Stage
from lrviz.core.scene import Scene
from lrviz.views.theme import DARK, Theme
from tests.views.scenes import FakeRace


class Listener(QWidget):
    """A view that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []

    def show_scene(self, scene: Scene) -> None:
        self.told.append(scene)

    def show_step(self, step: int) -> None:
        self.told.append(step)

    def set_theme(self, theme: Theme) -> None:
        self.told.append(theme.name)

    def picture(self, scale: float) -> QImage:
        return QImage()


def test_a_view_is_made_when_it_is_first_wanted_and_told_what_it_has_missed(qtbot: QtBot) -> None:
    panels, overlay = Listener(), Listener()
    stage = Stage({"panels": lambda: panels, "overlay": lambda: overlay})
    qtbot.addWidget(stage)
    stage.show_view("panels")
    scene = FakeRace([[3.0, 2.0, 1.0]]).publish()
    stage.set_theme(DARK)
    stage.show_scene(scene)
    stage.show_step(2)
    assert stage.known("overlay") is None
    with qtbot.waitSignal(stage.made) as made:
        stage.show_view("overlay")
    assert made.args == ["overlay", overlay]
    assert overlay.told == ["dark", scene, 2]


def test_only_the_view_that_is_shown_is_kept_up_to_date(qtbot: QtBot) -> None:
    panels, overlay = Listener(), Listener()
    stage = Stage({"panels": lambda: panels, "overlay": lambda: overlay})
    qtbot.addWidget(stage)
    stage.show_view("panels")
    stage.show_view("overlay")
    panels.told.clear()
    stage.show_step(7)
    assert panels.told == []
    assert overlay.told[-1] == 7
    stage.show_view("panels")
    assert panels.told[0] == "light"
