"""Zooming and panning on a board: every map is laid out, stretched and stroked by what it shares with the overlay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.core.landscape import Landscape
from lrviz.views.board import Board
from tests.views.boards import Wishes, assert_alike, board_of, map_centre, pixels
from tests.views.descents import BOUNDS, START, Descents, model_scene, rosenbrock

WINDOW = (-1.5, -0.5, 0.5, 1.5)


def wheel(board: Board, at: QPoint, notches: int) -> None:
    place, scroll = QPointF(at), QPoint(0, 120 * notches)
    none, begin = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, board.mapToGlobal(place), QPoint(), scroll, Qt.MouseButton.NoButton, none, begin, False)
    QApplication.sendEvent(board, event)


def settled(qtbot: QtBot, board: Board) -> Board:
    qtbot.waitUntil(lambda: board.sharp and not board._rest.isActive())
    QApplication.processEvents()
    return board


def heard(signal: Any) -> list[Any]:
    said: list[Any] = []
    signal.connect(said.append)
    return said


def test_the_wheel_zooms_about_the_pointer_on_all_maps_while_they_are_linked(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().judged())
    windows = heard(board.windows_changed)
    at = map_centre(board, 1) + QPoint(30, -20)
    before = board._spots[1].point(QPointF(at))
    wheel(board, at, 3)
    assert windows == [board.windows]
    assert len(set(board.windows)) == 1
    assert board._spots[1].point(QPointF(at)) == pytest.approx(before)
    wheel(board, at, -3)
    assert board.windows == (None,) * 4
    settled(qtbot, board)


def test_a_zoomed_map_says_so_at_its_foot_where_the_reason_has_left_that_to_the_run(qtbot: QtBot) -> None:
    theta = np.linspace(0, 1, 61)[:, None, None] * (np.array([[-1.6, -0.7]]) - START) + START
    scene = Descents((0.001,), theta=theta).judged()
    assert scene.verdicts is not None
    board = board_of(qtbot, replace(scene, verdicts=(replace(scene.verdicts[0], reason="it came down"),)))
    board.show_step(60)
    end = board._heads_placed[0].at
    assert end is not None
    wheel(board, end.toPoint(), 1)
    settled(qtbot, board)
    head = board._heads_placed[0]
    middle = head.map.center().y()
    reason = next(label for label in head.labels if label.text == "it came down")
    zoom = next(label for label in head.labels if label.text.startswith("x "))
    assert reason.rect.center().y() < middle < zoom.rect.center().y()
    assert head.map.contains(zoom.rect)


def test_free_maps_show_each_their_own_window_and_linking_takes_the_last_one(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().judged())
    board.set_linked(False)
    wheel(board, map_centre(board, 2), 2)
    assert [window is None for window in board.windows] == [True, True, False, True]
    board.set_linked(True)
    assert len(set(board.windows)) == 1
    assert board.windows[0] is not None
    settled(qtbot, board)


def test_a_zoomed_board_looks_the_same_however_it_came_there(qtbot: QtBot) -> None:
    scene = Descents().judged()
    board = board_of(qtbot, scene)
    board.show_step(50)
    wheel(board, map_centre(board, 0), 2)
    board.show_step(55)
    board.show_windows([WINDOW] * 4)
    assert not board.sharp
    board.show_step(60)
    fresh = board_of(qtbot, scene)
    fresh.show_windows([WINDOW] * 4)
    fresh.show_step(60)
    assert_alike(pixels(settled(qtbot, board)), pixels(settled(qtbot, fresh)))


def test_until_it_is_stroked_anew_the_old_ink_is_stretched(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.001,)).judged(), size=(500, 500))
    board.show_step(60)
    board.grab()
    board.show_windows([WINDOW])
    at_once = pixels(board)
    assert not board.sharp
    sharp = pixels(settled(qtbot, board))
    blurred = abs(at_once - sharp).max(axis=2)
    assert 0 < (blurred > 96).mean() < 0.02  # the trail is where it will be


def test_heads_and_starts_are_asked_for_within_the_window(qtbot: QtBot) -> None:
    theta = np.array([[(-1.0, 1.0)], [(0.0, 1.0)]])
    board = board_of(qtbot, Descents((0.1,), theta=theta).publish())
    wishes = Wishes(board)
    board.show_windows([WINDOW])
    board.show_step(0)
    at = board._heads_placed[0].at
    assert at is not None
    assert (at - QPointF(map_centre(board, 0))).manhattanLength() <= 2
    board.show_step(1)
    assert board._heads_placed[0].at is None
    assert board._heads_placed[0].arrow is not None
    qtbot.mouseClick(board, Qt.MouseButton.LeftButton, pos=map_centre(board, 0))
    assert wishes[-1][1:3] == pytest.approx((-1.0, 1.0), abs=0.01)
    settled(qtbot, board)


@pytest.mark.parametrize(
    ("button", "modifier"),
    [
        (Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_dragging_moves_the_window_and_not_the_start(
    qtbot: QtBot, button: Qt.MouseButton, modifier: Qt.KeyboardModifier
) -> None:
    board = board_of(qtbot, Descents().judged())
    board.show_windows([WINDOW] * 4)
    wishes, at = Wishes(board), map_centre(board, 0)
    width = board._spots[0].rect.width()
    QTest.mousePress(board, button, modifier, at)
    QTest.mouseMove(board, at + QPoint(width // 4, 0))
    assert board.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseRelease(board, button, modifier, at + QPoint(width // 4, 0))
    assert wishes == []
    window = board.windows[0]
    assert window is not None
    assert window[0] == pytest.approx(WINDOW[0] - 0.25, abs=0.01)
    assert window[2:] == WINDOW[2:]
    settled(qtbot, board)


def test_a_double_click_shows_the_whole_again_and_leaves_the_start_where_it_was(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().judged())
    board.show_windows([WINDOW] * 4)
    wishes = Wishes(board)
    qtbot.mouseClick(board, Qt.MouseButton.LeftButton, pos=map_centre(board, 0))
    qtbot.mouseDClick(board, Qt.MouseButton.LeftButton, pos=map_centre(board, 0))
    assert board.windows == (None,) * 4
    assert wishes[-1] == ("start_moved", -1.2, 1.0, True)
    settled(qtbot, board)


def test_keys_zoom_and_move_the_map_that_was_pointed_at_last(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().judged())
    board.set_linked(False)
    qtbot.mouseMove(board, map_centre(board, 2))
    qtbot.keyClick(board, Qt.Key.Key_Plus)
    closer = board.windows[2]
    assert closer is not None
    assert closer[1] - closer[0] == pytest.approx(4 / 1.25)
    qtbot.keyClick(board, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert board.windows[2] is not None
    assert board.windows[2][0] < closer[0]
    qtbot.keyClick(board, Qt.Key.Key_0)
    assert board.windows == (None,) * 4
    settled(qtbot, board)


def test_a_closeup_is_wanted_when_a_surface_comes_to_rest_and_replaces_what_was_stretched(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().judged())
    wanted = heard(board.closeup_wanted)
    board.show_windows([WINDOW] * 4)
    settled(qtbot, board)
    assert wanted == [WINDOW]
    before = pixels(board)
    x, y = np.meshgrid(np.linspace(*WINDOW[:2], 81), np.linspace(*WINDOW[2:], 81))
    board.show_closeup(Landscape(WINDOW, np.asarray(rosenbrock(x, y))))
    assert (pixels(board) != before).any()
    board.show_closeup(Landscape(BOUNDS, np.zeros((3, 3))))  # nobody looks at it


def test_a_models_plane_is_stretched_and_never_wider_than_it_is_known(qtbot: QtBot) -> None:
    board = board_of(qtbot, model_scene())
    wanted = heard(board.closeup_wanted)
    wheel(board, map_centre(board, 0), -2)
    assert set(board.windows) <= {None}
    wheel(board, map_centre(board, 0), 2)
    assert board.windows[0] is not None
    settled(qtbot, board)
    assert wanted == []


def test_other_bounds_are_shown_whole(qtbot: QtBot) -> None:
    scene = Descents().judged()
    board = board_of(qtbot, scene)
    board.show_windows([WINDOW] * 4)
    board.show_scene(model_scene(runs=4))
    assert board.windows == ()
    settled(qtbot, board)
