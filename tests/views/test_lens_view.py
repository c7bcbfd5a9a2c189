from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.core.lens import COLUMNS, lens_at
from lrviz.core.scene import Scene
from lrviz.views.lens_frame import RAIL, frame_of
from lrviz.views.lens_table import BEST
from lrviz.views.lens_view import LensView
from lrviz.views.lens_words import figure_text
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.core.lens_scenes import FAST, SLOW, scene_of
from tests.views.scenes import FakeRace, smooth

SIZE = (980, 500)


def view_of(qtbot: QtBot, scene: Scene | None, *, size: tuple[int, int] = SIZE, theme: Theme = LIGHT) -> LensView:
    view = LensView()
    qtbot.addWidget(view)
    view.set_theme(theme)
    view.resize(*size)
    view.show()
    if scene is not None:
        view.show_scene(scene)
        view.show_step(scene.steps)
    QApplication.processEvents()
    return view


def image(view: LensView) -> QImage:
    return view.grab().toImage()


def level_of(view: LensView) -> float:
    assert view.lens is not None
    assert view.lens.level is not None
    return view.lens.level


def level_x(view: LensView) -> int:
    frame = view.chart.frame
    assert frame is not None
    return round(frame.x(level_of(view)))


def test_the_table_says_what_the_lens_does(qtbot: QtBot) -> None:
    scene = scene_of(SLOW, FAST)
    view = view_of(qtbot, scene)
    lens = lens_at(scene, scene.steps)
    for row, line in zip(lens.rows, view.table.lines, strict=True):
        readings = [row.reading(column) for column in COLUMNS]
        assert [cell.text for cell in line.cells] == [figure_text(lens, r.figure) for r in readings if r is not None]
    slow, fast = view.table.lines
    assert [cell.best for cell in slow.cells] == [True, True, True, True]
    assert [cell.note for cell in fast.cells] == ["", "epoch 1", "epoch 1", ""]
    assert view.table.heads[:2] == (("equal epochs", "epoch 3"), ("equal loss", "0.25"))


def test_a_run_without_a_figure_says_why(qtbot: QtBot) -> None:
    stuck = ([2.0, 1.9, 1.9, 1.9], [0.1] * 4)
    view = view_of(qtbot, scene_of(SLOW, stuck, SLOW, over={2: 5}))
    notes = [[(cell.text, cell.note) for cell in line.cells] for line in view.table.lines]
    assert notes[1][1] == ("–", "not reached")
    assert notes[2][0] == notes[2][3] == ("–", "diverged")


def test_what_the_table_shows_is_said_to_those_who_cannot_see_it(qtbot: QtBot) -> None:
    view = view_of(qtbot, scene_of(SLOW, FAST))
    assert "0.1: equal epochs epoch 3 60.0 %, equal loss 0.25 90.0 % epoch 1" in view.table.accessibleDescription()
    assert BEST not in view.table.accessibleDescription()


def test_the_level_is_dragged(qtbot: QtBot) -> None:
    view = view_of(qtbot, scene_of(SLOW, FAST))
    at = QPoint(level_x(view), view.chart.height() // 2)
    with qtbot.waitSignal(view.level_changed) as asked:
        qtbot.mousePress(view.chart, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(view.chart, at + QPoint(40, 0))
    moved = level_of(view)
    qtbot.mouseRelease(view.chart, Qt.MouseButton.LeftButton, pos=at + QPoint(40, 0))
    assert asked.args == [pytest.approx(0.25, rel=0.05)]
    assert moved < 0.24
    assert view.table.lines[0].cells[1].text == "–"  # the slow run was never there


def test_the_level_stays_on_the_axis(qtbot: QtBot) -> None:
    view = view_of(qtbot, scene_of(SLOW, FAST))
    for x, end in ((0, 2.0), (view.chart.width() - 1, 0.001)):
        qtbot.mouseClick(view.chart, Qt.MouseButton.LeftButton, pos=QPoint(x, 100))
        assert level_of(view) == pytest.approx(end)


def test_arrow_keys_move_the_level_and_home_puts_it_back(qtbot: QtBot) -> None:
    view = view_of(qtbot, scene_of(SLOW, FAST))
    view.chart.setFocus(Qt.FocusReason.TabFocusReason)
    first = level_x(view)
    qtbot.keyClick(view.chart, Qt.Key.Key_Right)
    assert level_x(view) == first + 4
    qtbot.keyClick(view.chart, Qt.Key.Key_Left)
    qtbot.keyClick(view.chart, Qt.Key.Key_Left)
    assert level_x(view) == first - 4
    qtbot.keyClick(view.chart, Qt.Key.Key_Home)
    assert level_of(view) == 0.25


def test_a_level_is_kept_for_its_race_alone(qtbot: QtBot) -> None:
    scene = scene_of(SLOW, FAST)
    view = view_of(qtbot, scene)
    view.set_level(0.05)
    view.show_scene(replace(scene, note="more is known"))
    assert level_of(view) == 0.05
    view.show_scene(scene_of(SLOW, FAST))
    assert level_of(view) == 0.25


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_step_looks_the_same_however_it_was_reached(qtbot: QtBot, theme: Theme) -> None:
    scene = scene_of(SLOW, FAST)
    view = view_of(qtbot, scene, theme=theme)
    whole = image(view)
    for step in (0, 15, 7, 30):
        view.show_step(step)
    assert image(view) == whole
    view.show_step(15)
    assert image(view) != whole


def test_as_a_race_goes_on_the_lens_takes_in_what_is_measured(qtbot: QtBot) -> None:
    losses = smooth(2, 100)
    metrics = {"train_loss": losses[:, ::10], "test_loss": losses[:, ::10], "test_accuracy": 1 / (1 + losses[:, ::10])}
    race = FakeRace(losses, lrs=[1.0, 0.1], steps_per_epoch=10, metrics=metrics, metric_steps=range(0, 101, 10))
    view = view_of(qtbot, race.scene)
    assert "once the first test figures have been measured" in view.empty.text()
    assert view.empty.isVisible()
    race.publish(1)
    view.show_step(0)
    assert view.chart.isVisible()
    assert [line.cells[3].text for line in view.table.lines] == ["–", "–"]
    race.publish()
    view.show_step(100)
    assert [line.cells[3].text for line in view.table.lines] == ["100.0 %", "7.6 %"]


@pytest.mark.parametrize("scene", [None, FakeRace([[1.0, 0.5]]).publish()], ids=["nothing", "a surface"])
def test_an_empty_lens_says_what_goes_there(qtbot: QtBot, scene: Scene | None) -> None:
    view = view_of(qtbot, scene)
    assert view.empty.isVisible()
    assert "at equal training loss" in view.empty.text() or "equal training loss" in view.empty.text()
    assert view.lens is None


@pytest.mark.parametrize("size", [SIZE, (980, 690), (620, 690), (320, 192), (1600, 900)])
@pytest.mark.parametrize("runs", [1, 8, 16])
def test_any_number_of_runs_is_drawn_in_any_room(qtbot: QtBot, runs: int, size: tuple[int, int]) -> None:
    view = view_of(qtbot, scene_of(*[SLOW, FAST] * 8)) if runs == 16 else view_of(qtbot, scene_of(*[SLOW] * runs))
    view.resize(*size)
    assert view.size().toTuple() == size
    assert len(view.table.lines) == runs
    assert not image(view).isNull()


def test_a_picture_is_as_sharp_as_it_is_asked_for(qtbot: QtBot) -> None:
    view = view_of(qtbot, scene_of(SLOW, FAST))
    assert view.picture(2.0).size().toTuple() == (1960, 1000)
    assert view.picture(1.0) == image(view).convertToFormat(QImage.Format.Format_RGB32)


def test_training_loss_falls_to_the_right_and_what_lies_outside_stands_at_the_edge() -> None:
    exploding = ([2.0, 1e9, 1e9, 1e9], [0.1, 0.0, 0.0, 0.0])
    scene = scene_of(SLOW, FAST, exploding)
    frame = frame_of(lens_at(scene, scene.steps), QSize(480, 480))
    assert frame is not None
    xs = frame.xs(np.array([1e9, 2.0, 0.1, 0.001, 0.0]))
    assert xs[0] == xs[1] == pytest.approx(frame.plot.left())
    assert (np.diff(xs[1:]) >= 0).all()
    assert frame.y(0.0) == frame.plot.bottom() + RAIL
    assert frame.plot.top() <= frame.y(0.9) < frame.y(0.6) <= frame.plot.bottom()
    assert frame.level(frame.x(0.02)) == pytest.approx(0.02)
