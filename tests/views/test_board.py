from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace as with_fields
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.core.experiment import Change, Choice, Run
from lrviz.core.landscape import Landscape
from lrviz.core.scene import Scene
from lrviz.views import relief
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.boards import SIZE, assert_alike, board_of, controls_of, pixels
from tests.views.descents import BOUNDS, START, Descents, model_scene

# Drawing has no memory


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_step_looks_the_same_however_it_was_reached(qtbot: QtBot, theme: Theme) -> None:
    scene = Descents().judged()
    board = board_of(qtbot, scene, theme=theme)
    steps = [0, 1, 2, 3, 10, 11, 60, 12, 5, 5, 59, 60, 0, 30]
    for step in steps + random.Random(0).choices(range(61), k=10):
        board.show_step(step)
        QApplication.processEvents()
        fresh = board_of(qtbot, scene, theme=theme)
        fresh.show_step(step)
        assert_alike(pixels(board), pixels(fresh))


def test_jumping_back_and_forth_gives_the_same_bits(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().judged())
    board.show_step(40)
    before = pixels(board)
    for step in (3, 0, 40):
        board.show_step(step)
        QApplication.processEvents()
    assert (pixels(board) == before).all()


def test_only_what_changed_is_painted_and_it_is_enough(qtbot: QtBot) -> None:
    """What the screen shows after many small updates is what one full painting gives."""
    board = board_of(qtbot, Descents().judged())
    board.show_step(0)
    QApplication.processEvents()
    for step in range(1, 61):
        board.show_step(step)
        QApplication.processEvents()
    shown = board.screen().grabWindow(board.winId()).toImage()
    assert (pixels(shown) == pixels(board)).all()


def test_rows_that_come_late_are_drawn_once_they_are_there(qtbot: QtBot) -> None:
    descents = Descents()
    board = board_of(qtbot, descents.scene)
    for rows in (1, 2, 7, 30, 61):
        descents.publish(rows)
        board.show_step(50)  # asked for before its rows are there
        QApplication.processEvents()
    fresh = board_of(qtbot, descents.scene)
    fresh.show_step(50)
    assert_alike(pixels(board), pixels(fresh))


def test_a_model_race_is_drawn_at_its_snapshots(qtbot: QtBot) -> None:
    scene = model_scene()
    board = board_of(qtbot, scene)
    pictures = []
    for step in (0, 4, 5, 60):
        board.show_step(step)
        QApplication.processEvents()
        fresh = board_of(qtbot, scene)
        fresh.show_step(step)
        assert_alike(pixels(board), pixels(fresh))
        pictures.append([trail.count(step) for trail in board._trails])
    assert pictures == [[1] * 3, [1] * 3, [2] * 3, [13] * 3]


# What a scene has in common with the last one is not painted again


def test_verdicts_alone_repaint_no_map_and_no_trail(qtbot: QtBot) -> None:
    descents = Descents()
    scene = descents.publish()
    board = board_of(qtbot, scene)
    board.show_step(60)
    QApplication.processEvents()
    still, ink = board._still, board._ink
    board.show_scene(descents.judged())
    QApplication.processEvents()
    assert board._still is still
    assert board._ink is ink
    fresh = board_of(qtbot, board.scene)
    fresh.show_step(60)
    assert_alike(pixels(board), pixels(fresh))


def test_another_race_on_the_same_landscape_keeps_the_map(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    board = board_of(qtbot, Descents().judged())
    made: list[object] = []
    painting = relief.Relief._paint

    def counted(self: relief.Relief, *given: Any) -> None:
        made.append(self)
        painting(self, *given)

    monkeypatch.setattr(relief.Relief, "_paint", counted)
    again = Descents((0.0011, 0.0005, 0.002, 0.01)).judged()  # its landscape is another object with the same losses
    board.show_scene(again)
    board.show_step(60)
    QApplication.processEvents()
    assert made == []
    fresh = board_of(qtbot, again)
    fresh.show_step(60)
    assert len(made) == 1  # once for all four panels
    assert_alike(pixels(board), pixels(fresh))


def test_another_landscape_is_drawn(qtbot: QtBot) -> None:
    scene = Descents().judged()
    assert scene.landscape is not None
    board = board_of(qtbot, scene)
    before = pixels(board)
    board.show_scene(replace(scene, landscape=Landscape(BOUNDS, scene.landscape.loss[::-1].copy())))
    assert (pixels(board) != before).any()


@pytest.mark.parametrize("shown", [None, Descents().scene, model_scene(runs=2)], ids=["nothing", "no rows", "a model"])
def test_a_scene_looks_the_same_whatever_was_shown_before(qtbot: QtBot, shown: Scene | None) -> None:
    scene = Descents((0.001, 0.002)).judged()
    board = board_of(qtbot, shown)
    board.show_scene(scene)
    board.show_step(20)
    fresh = board_of(qtbot, scene)
    fresh.show_step(20)
    assert_alike(pixels(board), pixels(fresh))


# What there is to see


@pytest.mark.parametrize("interactive", [True, False])
def test_a_board_says_what_will_be_there(qtbot: QtBot, interactive: bool) -> None:
    empty = board_of(qtbot, None, interactive=interactive)
    assert len(np.unique(pixels(empty).reshape(-1, 3), axis=0)) > 2  # a word on the empty ground
    waiting = replace(Descents().publish(), landscape=None)
    board = board_of(qtbot, waiting, interactive=interactive)
    board.show_step(30)
    assert board._trails == []
    assert board._view is not None
    area = board._view.map(0)
    inside = pixels(board)[area.top() : area.bottom(), area.left() : area.right()]
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) > 2


@pytest.mark.parametrize("size", [(1020, 420), (1640, 720), (300, 200), (40, 30), (1, 1)])
@pytest.mark.parametrize("runs", [1, 2, 7, 8, 16, 20])
def test_any_number_of_runs_is_drawn_in_any_room(qtbot: QtBot, runs: int, size: tuple[int, int]) -> None:
    scene = Descents(tuple(0.0001 * (run + 1) for run in range(runs)), steps=5).judged()
    board = board_of(qtbot, scene, size=size)
    board.show_step(5)
    assert not board.grab().isNull()
    assert not board.picture(1).isNull()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300, -1e300, 1e160])
def test_no_point_is_too_far_to_draw(qtbot: QtBot, bad: float) -> None:
    theta = np.array([[START, START], [(0.5, 0.5), (bad, 1.0)], [(0.6, 0.5), (bad, bad)], [(0.7, 0.5), (1.0, 1.0)]])
    scene = Descents((0.1, 0.2), theta=theta).judged()
    board = board_of(qtbot, scene)
    for step in (0, 1, 2, 3, 1):
        board.show_step(step)
        board.grab()


def test_a_head_off_the_map_is_pointed_to_and_told(qtbot: QtBot) -> None:
    theta = np.array([[START], [(30.0, 1.0)]])
    board = board_of(qtbot, Descents((0.1,), theta=theta).publish())
    board.show_step(0)
    board.grab()
    (head,) = board._heads_placed
    assert head.arrow is None
    board.show_step(1)
    (head,) = board._heads_placed
    assert head.at is None
    assert head.arrow is not None
    assert head.arrow.angle == pytest.approx(0)
    assert any(label.text.startswith("outside from step 1: 30, 1") for label in head.labels)
    assert head.map.contains(head.arrow.tip)


def test_a_trail_that_was_off_the_map_is_pointed_to_even_when_its_head_is_back(qtbot: QtBot) -> None:
    theta = np.array([[START], [(0.0, 30.0)], [(0.0, 50.0)], [(0.0, 1.0)]])
    board = board_of(qtbot, Descents((0.1,), theta=theta).publish())
    board.show_step(3)
    board.grab()
    (head,) = board._heads_placed
    assert head.at is not None
    assert head.arrow is not None
    assert head.arrow.angle == pytest.approx(-np.pi / 2)


def test_an_undefined_landscape_is_drawn_all_the_same(qtbot: QtBot) -> None:
    scene = replace(Descents().publish(), landscape=Landscape(BOUNDS, np.full((9, 9), np.nan)))
    board_of(qtbot, scene).show_step(10)


def test_a_run_of_its_own_optimizer_says_so(qtbot: QtBot) -> None:
    scene = Descents((0.001, 0.002)).publish()
    plain = pixels(board_of(qtbot, scene))
    own = Run(0.002, Choice("adam"))
    experiment = with_fields(scene.experiment, runs=(scene.experiment.runs[0], own))
    board = board_of(qtbot, replace(scene, experiment=experiment))
    assert board._view is not None
    assert board._view.optimizer(1) == "Adam"
    assert (pixels(board) != plain).any()


def test_a_run_that_changes_on_the_way_says_so_and_has_a_ring_there(qtbot: QtBot) -> None:
    scene = Descents((0.001, 0.002)).publish()
    plain = board_of(qtbot, scene)
    changed = Run(0.002, schedule=Choice("step"), changes=(Change(30, 0.0005, Choice("adam")),))
    experiment = with_fields(scene.experiment, runs=(scene.experiment.runs[0], changed))
    board = board_of(qtbot, replace(scene, experiment=experiment))
    assert board._view is not None
    assert board._view.title_text(1) == "0.002 → 0.0005"
    assert board._view.optimizer(1) == "SGD → Adam, Step"
    assert controls_of(board).panels[1].entry.text() == "0.0005"
    inks = []
    for each in (plain, board):
        each.show_step(29)
        before = each._trails[1].pixel(30) + QPointF(each._spots[1].rect.topLeft())
        each.show_step(60)
        assert each._ink is not None
        inks.append(each._ink.pixelColor((before + QPointF(4, 0)).toPoint()))
    assert inks[0] != inks[1]


def test_no_figure_of_a_rate_is_cut_off_in_the_narrowest_title(qtbot: QtBot) -> None:
    scene = Descents(tuple([0.00056] * 16), steps=3).judged()
    board = board_of(qtbot, scene, size=(900, 300))
    for controls in controls_of(board).panels:
        assert controls.entry.width() >= controls.entry.sizeHint().width()


# Pictures


@pytest.mark.parametrize("scale", [1.0, 2.0, 1.5])
def test_a_picture_shows_titles_and_no_controls_at_any_scale(qtbot: QtBot, scale: float) -> None:
    scene = Descents((0.001, 0.002)).judged()
    board = board_of(qtbot, scene)
    board.show_step(60)
    picture = board.picture(scale)
    assert picture.size().toTuple() == (SIZE[0] * scale, SIZE[1] * scale)
    plain = board_of(qtbot, scene, interactive=False)
    plain.show_step(60)
    if scale == 1:
        assert_alike(pixels(picture), pixels(plain))


def test_a_panels_picture_is_its_part_of_the_whole(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.001, 0.002)).judged())
    board.show_step(60)
    first, second = board.panel_picture(0, 2), board.panel_picture(1, 2)
    assert first.size() == second.size()
    assert (pixels(first) != pixels(second)).any()
    whole = pixels(board.picture(2))
    plain = board._plain()
    assert plain._view is not None
    rect = plain._view.grid.panels[1]
    left, top = 2 * rect.x(), 2 * rect.y()
    assert (whole[top : top + second.height(), left : left + second.width()] == pixels(second)).all()


def test_a_board_rendered_into_a_larger_picture_is_painted_anew_and_sharp(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.001, 0.002)).judged())
    board.show_step(60)
    large = QImage(SIZE[0] * 2, SIZE[1] * 2, QImage.Format.Format_RGB32)
    large.setDevicePixelRatio(2)
    board.render(large, QPoint(0, 0))
    enlarged = board.grab().toImage().scaled(large.size(), mode=Qt.TransformationMode.SmoothTransformation)

    def detail(image: NDArray[np.int64]) -> float:
        return float(np.abs(np.diff(image.mean(axis=2), axis=1)).mean())

    assert detail(pixels(large)) > 1.1 * detail(pixels(enlarged))


def test_a_theme_repaints_everything(qtbot: QtBot) -> None:
    scene = Descents().judged()
    board = board_of(qtbot, scene)
    board.show_step(30)
    board.grab()
    board.set_theme(DARK)
    fresh = board_of(qtbot, scene, theme=DARK)
    fresh.show_step(30)
    assert_alike(pixels(board), pixels(fresh))


def test_a_resize_repaints_everything(qtbot: QtBot) -> None:
    scene = Descents().judged()
    board = board_of(qtbot, scene)
    board.show_step(30)
    board.grab()
    board.resize(900, 600)
    QApplication.processEvents()
    fresh = board_of(qtbot, scene, size=(900, 600))
    fresh.show_step(30)
    assert_alike(pixels(board), pixels(fresh))
