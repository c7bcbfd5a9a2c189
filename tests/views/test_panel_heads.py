"""What the board shows of one step, through the board: arrows, gauge, data inset; all of it painted in parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.core.catalog import Bounds
from lrviz.core.landscape import Landscape
from lrviz.core.scene import Scene
from lrviz.views.board import Board
from lrviz.views.markers import arrow_path
from lrviz.views.panel_gauge import GaugeLabel
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.boards import assert_alike, board_of, map_centre, pixels
from tests.views.descents import START, Descents, model_scene
from tests.views.test_panel_data import data
from tests.views.told import tell


@pytest.fixture(autouse=True)
def told_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch)


def a_real_loss(runs: int = 4) -> Scene:
    rates = (0.001, 0.0005, 0.002, 0.01)[:runs]
    return replace(Descents(rates).judged(), data=data(classes=True))


def assert_screen_is_whole(board: Board) -> None:
    """What the screen shows after many small updates is what one full painting gives, bit by bit.

    Of a board without fields: a text cursor blinks in one.
    """
    QApplication.processEvents()
    image = board.screen().grabWindow(board.winId()).toImage()
    assert (pixels(image) == pixels(board)).all()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_only_what_changed_is_painted_and_it_is_enough(qtbot: QtBot, theme: Theme) -> None:
    board = board_of(qtbot, a_real_loss(), interactive=False, theme=theme)
    board.show_arrows(True)
    for step in (*range(0, 30, 3), 29, 5, 60, 59, 0):
        board.show_step(step)
        assert_screen_is_whole(board)


def test_figures_that_come_to_their_turn_are_enough_too(qtbot: QtBot) -> None:
    board = board_of(qtbot, a_real_loss(), interactive=False)
    board.show_arrows(True)
    for step in range(1, 12):
        board.show_step(step, slice(step % 2, None, 2))
        assert_screen_is_whole(board)


def test_what_is_switched_on_is_there_at_once_and_leaves_nothing_behind(qtbot: QtBot) -> None:
    board = board_of(qtbot, a_real_loss(), interactive=False)
    board.show_step(4)
    QApplication.processEvents()
    plain = pixels(board)
    for change in (board.show_arrows, board.show_gauge):
        on = change == board.show_arrows
        change(on)
        assert_screen_is_whole(board)
        assert (pixels(board) != plain).any()
        change(not on)
        assert_screen_is_whole(board)
        assert (pixels(board) == plain).all()
    for stage in (0, 1, 2):
        board.show_stage(1, stage)
        assert_screen_is_whole(board)
    board.show_stage(1, None)
    assert_screen_is_whole(board)
    assert (pixels(board) == plain).all()


def test_a_stage_that_is_told_shows_arrows_in_its_runs_panel_alone(qtbot: QtBot) -> None:
    board = board_of(qtbot, a_real_loss())
    board.show_step(4)
    board.show_stage(2, 1)
    arrows = [head.arrows for head in board._heads_placed]
    assert [found is not None for found in arrows] == [False, False, True, False]
    assert arrows[2] is not None
    assert len(arrows[2].shafts) == 2


def test_an_update_that_comes_late_gets_its_arrows(qtbot: QtBot) -> None:
    descents = Descents()
    board = board_of(qtbot, descents.publish(4))
    board.show_arrows(True)
    board.show_step(3)
    assert board._heads_placed[0].arrows is None
    descents.publish(6)
    board.show_step(3)
    assert board._heads_placed[0].arrows is not None


def test_the_gauge_moves_with_the_step_and_is_told_under_the_pointer(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.001, 0.0005)).judged())
    texts = []
    for step in (10, 30, 60):
        board.show_step(step)
        texts.append(next(label.text for label in board._heads_placed[0].labels if isinstance(label, GaugeLabel)))
    assert [text[:5] for text in texts] == ["λ 200", "λ 600", "λ 120"]
    assert ["0.10 < 1" in texts[0], "0.30 < 1" in texts[1], "0.60 < 1" in texts[2]] == [True] * 3
    qtbot.mouseMove(board, map_centre(board, 0))
    assert board.toolTip().splitlines()[0] == "still going down"
    assert "limit" in board.toolTip().splitlines()[1]


def test_the_gauge_stands_beside_the_inset_and_the_reason_too(qtbot: QtBot) -> None:
    board = board_of(qtbot, a_real_loss(2))
    board.show_step(60)
    for head in board._heads_placed:
        assert head.inset is not None
        assert len(head.standing) == 3
        for label in head.standing[1:]:
            assert not label.area.intersects(head.inset.rect)


@pytest.mark.parametrize("x", [-1.8, 1.4])
def test_a_reason_that_leaves_the_foot_covers_no_inset(qtbot: QtBot, x: float) -> None:
    end = (x, -0.9)
    theta = np.linspace(0, 1, 61)[:, None, None] * (np.array([end]) - START) + START
    scene = Descents((0.001,), theta=theta).judged()
    assert scene.verdicts is not None
    said = replace(scene.verdicts[0], reason="it came down, and what is said of that goes all along the foot of a map")
    board = board_of(qtbot, replace(scene, data=data(classes=True), minima=(end,), verdicts=(said,)))
    board.show_step(60)
    head = board._heads_placed[0]
    reason = next(label for label in head.labels if label.text.startswith("it came down"))
    assert head.inset is not None
    assert not reason.area.intersects(head.inset.rect)


def test_a_picture_shows_what_the_board_shows(qtbot: QtBot) -> None:
    board = board_of(qtbot, a_real_loss(), interactive=False)
    board.show_step(4)
    board.show_arrows(True)
    assert_alike(pixels(board.picture(1)), pixels(board))
    editable = board_of(qtbot, a_real_loss())
    editable.show_step(4)
    before = pixels(editable.picture(1))
    editable.show_arrows(True)
    assert (pixels(editable.picture(1)) != before).any()


def test_a_run_that_overflowed_has_no_arrows_and_keeps_its_last_line(qtbot: QtBot) -> None:
    board = board_of(qtbot, a_real_loss())
    board.show_arrows(True)
    board.show_step(60)
    assert board._heads_placed[3].arrows is None
    assert board._heads_placed[3].inset is not None


def test_models_have_neither_arrows_nor_inset(qtbot: QtBot) -> None:
    board = board_of(qtbot, model_scene())
    board.show_arrows(True)
    board.show_step(10)
    assert all(head.arrows is None and head.inset is None for head in board._heads_placed)


@pytest.mark.parametrize("bounds", [(-0.1, 1.2, -3.3, -1.7), (0.4, 1.2, 1.7, 3.3)], ids=["upper edge", "lower edge"])
def test_an_arrow_to_a_head_off_the_map_covers_no_words(qtbot: QtBot, bounds: Bounds) -> None:
    scene = model_scene(4)
    assert scene.landscape is not None
    scene = replace(scene, landscape=Landscape(bounds, scene.landscape.loss))
    board = board_of(qtbot, scene, size=(900, 420))
    for step in (0, scene.steps // 2, scene.steps):
        board.show_step(step)
        for head, area in zip(board._heads_placed, board._view.map_areas, strict=True):
            assert head.arrow is not None
            shape = arrow_path(head.arrow.angle, head.arrow.radius).boundingRect().translated(head.arrow.tip)
            assert area.contains(shape)
            assert not any(label.rect.intersects(shape) for label in head.labels if label.on_map)
