from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from lrviz.views.rate_slider import RateSlider
from tests.views.boards import Wishes, board_of, controls_of, map_centre, title_middle
from tests.views.descents import START, Descents, model_scene

# Wishes


def test_a_click_on_a_map_asks_for_a_start_there(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().publish())
    wishes = Wishes(board)
    qtbot.mouseClick(board, Qt.MouseButton.LeftButton, pos=map_centre(board, 2))
    assert [(name, final) for name, _, _, final in wishes] == [("start_moved", False), ("start_moved", True)]
    assert wishes[-1][1:3] == pytest.approx((0.0, 1.0), abs=0.02)


def test_dragging_on_a_map_asks_all_the_way_and_stays_on_the_map(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().publish())
    wishes = Wishes(board)
    qtbot.mousePress(board, Qt.MouseButton.LeftButton, pos=map_centre(board, 0))
    qtbot.mouseMove(board, map_centre(board, 0) + QPoint(20, 0))
    qtbot.mouseMove(board, map_centre(board, 1))
    qtbot.mouseRelease(board, Qt.MouseButton.LeftButton, pos=map_centre(board, 1))
    assert [wish[-1] for wish in wishes] == [False, False, False, True]
    assert wishes[-1][1] == 2.0


def test_a_model_has_no_start_to_set(qtbot: QtBot) -> None:
    board = board_of(qtbot, model_scene())
    wishes = Wishes(board)
    qtbot.mouseClick(board, Qt.MouseButton.LeftButton, pos=map_centre(board, 1))
    assert wishes == []


@pytest.mark.parametrize(("text", "rate"), [("1e-3", 0.001), ("0.05", 0.05)])
def test_a_rate_typed_into_a_title_is_asked_for(qtbot: QtBot, text: str, rate: float) -> None:
    board = board_of(qtbot, Descents((0.5, 0.25)).publish())
    wishes = Wishes(board)
    entry = controls_of(board).panels[1].entry
    entry.selectAll()
    qtbot.keyClicks(entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert wishes == [("lr_changed", 1, rate, True)]


def test_bad_text_is_answered_near_the_field_until_something_else_is_done(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.5, 0.25)).publish())
    wishes = Wishes(board)
    entry = controls_of(board).panels[1].entry
    entry.selectAll()
    qtbot.keyClicks(entry, "fast")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert wishes == []
    assert entry.text() == "0.25"
    assert controls_of(board).remark.isVisible()
    assert "0.001 or 1e-3" in controls_of(board).remark.text()
    assert abs(controls_of(board).remark.y() - entry.geometry().bottom()) < 8
    assert board.rect().contains(controls_of(board).remark.geometry())
    qtbot.mouseClick(board, Qt.MouseButton.LeftButton, pos=title_middle(board, 0))
    assert not controls_of(board).remark.isVisible()


def test_a_slider_asks_while_it_is_dragged_and_follows_the_scene(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.5, 0.25)).publish())
    wishes = Wishes(board)
    slider = controls_of(board).panels[0].slider
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert wishes == [("lr_changed", 0, 0.01, False), ("lr_changed", 0, 0.01, True)]
    board.show_scene(Descents((0.01, 0.25)).publish())
    assert controls_of(board).panels[0].entry.text() == "0.01"
    assert len(wishes) == 2


def test_every_entry_of_a_panels_menu_is_a_wish(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.1, 0.2, 0.3)).publish())
    wishes = Wishes(board)
    menu = controls_of(board).menu(1)
    for action in menu.actions():
        action.trigger()
    assert wishes == [
        ("run_duplicated", 1),
        ("run_removed", 1),
        ("run_moved", 1, 0),
        ("run_moved", 1, 2),
        ("panel_copy_requested", 1),
        ("panel_export_requested", 1),
    ]
    menu.close()


def test_a_menu_offers_only_what_can_be_done(qtbot: QtBot) -> None:
    def offered(count: int, run: int) -> list[str]:
        board = board_of(qtbot, Descents(tuple([0.001] * count), steps=2).publish())
        menu = controls_of(board).menu(run)
        texts = [action.text() for action in menu.actions() if action.isEnabled() and action.text()]
        menu.close()
        return [text for text in texts if text in ("Duplicate", "Remove", "Move left", "Move right")]

    assert offered(1, 0) == ["Duplicate"]
    assert offered(2, 0) == ["Duplicate", "Remove", "Move right"]
    assert offered(16, 15) == ["Remove", "Move left"]


def test_the_menu_opens_from_its_button_and_from_the_panel(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.1, 0.2)).publish())
    qtbot.mouseClick(controls_of(board).panels[1].menu, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()


def test_another_run_is_asked_for_until_the_board_is_full(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.1, 0.2)).publish())
    wishes = Wishes(board)
    add = controls_of(board).add
    assert add is not None
    qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert wishes == [("run_added",)]
    board.show_scene(Descents(tuple([0.001] * 16), steps=2).publish())
    assert not add.isVisible()


def test_a_panel_dragged_by_its_title_asks_for_its_new_place(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().publish())
    wishes = Wishes(board)
    qtbot.mousePress(board, Qt.MouseButton.LeftButton, pos=title_middle(board, 0))
    qtbot.mouseMove(board, title_middle(board, 1))
    qtbot.mouseMove(board, title_middle(board, 2))
    board.grab()
    qtbot.mouseRelease(board, Qt.MouseButton.LeftButton, pos=title_middle(board, 2))
    assert wishes == [("run_moved", 0, 2)]


def test_a_click_on_a_title_and_a_panel_put_back_ask_for_nothing(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().publish())
    wishes = Wishes(board)
    qtbot.mouseClick(board, Qt.MouseButton.LeftButton, pos=title_middle(board, 0))
    qtbot.mousePress(board, Qt.MouseButton.LeftButton, pos=title_middle(board, 0))
    qtbot.mouseMove(board, title_middle(board, 2))
    qtbot.mouseMove(board, title_middle(board, 0))
    qtbot.mouseRelease(board, Qt.MouseButton.LeftButton, pos=title_middle(board, 0))
    assert wishes == []


def test_the_cursor_says_what_a_press_would_do(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().publish())
    qtbot.mouseMove(board, map_centre(board, 1))
    assert board.cursor().shape() == Qt.CursorShape.CrossCursor
    qtbot.mouseMove(board, title_middle(board, 1))
    assert board.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_the_reason_of_a_verdict_is_a_tooltip_once_it_is_decided(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.001, 0.01)).judged())
    board.show_step(0)
    qtbot.mouseMove(board, map_centre(board, 1))
    assert board.toolTip() == ""
    board.show_step(60)
    qtbot.mouseMove(board, map_centre(board, 1) + QPoint(3, 3))
    assert board.toolTip().startswith("infinite at step")


@pytest.mark.parametrize(("size", "lines"), [((1200, 700), 1), ((500, 500), 2)])
def test_a_reason_stands_at_the_maps_foot_in_as_many_lines_as_it_needs(
    qtbot: QtBot, size: tuple[int, int], lines: int
) -> None:
    scene = Descents((0.001, 0.01)).judged()
    assert scene.verdicts is not None
    said = replace(scene.verdicts[0], reason="left the map at step 3: its rate × curvature is 4.2, above 2", step=3)
    board = board_of(qtbot, replace(scene, verdicts=(said, scene.verdicts[1])), size=size)
    board.show_step(60)
    head = board._heads_placed[0]
    reason = next(label for label in head.labels if label.text.startswith("left the map"))
    assert reason.text.replace("\n", " ") == said.reason
    assert len(reason.text.split("\n")) >= lines
    assert head.map.contains(reason.rect)


def test_a_reason_leaves_the_foot_to_a_run_that_ended_there(qtbot: QtBot) -> None:
    along = np.linspace(0, 1, 61)[:, None, None]
    theta = (1 - along) * np.array(START) + along * np.array([[-1.8, -0.9], [-1.8, 1.5]])
    scene = Descents((0.001, 0.002), theta=theta).judged()
    assert scene.verdicts is not None
    board = board_of(qtbot, replace(scene, verdicts=tuple(replace(v, reason="it came down") for v in scene.verdicts)))
    board.show_step(60)
    places = []
    for head in board._heads_placed:
        reason = next(label for label in head.labels if label.text == "it came down")
        assert head.at is not None
        assert not reason.rect.contains(head.at)
        assert not any(label.rect.intersects(reason.rect) for label in head.labels if label is not reason)
        places.append(reason.rect.center().y() < head.map.center().y())
    assert places == [True, False]


# Controls


def test_tab_goes_through_the_panels_in_order(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.1, 0.2)).publish())
    first, second = controls_of(board).panels
    chain = [first.entry.nextInFocusChain()]
    while len(chain) < 6:
        chain.append(chain[-1].nextInFocusChain())
    assert chain == [first.slider, first.menu, second.entry, second.slider, second.menu, controls_of(board).add]


def test_every_control_has_a_name_of_its_own(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.1, 0.2)).publish())
    names = [widget.accessibleName() for panel in controls_of(board).panels for widget in panel.in_order()]
    assert all(names)
    assert len(set(names)) == len(names)


def test_a_board_that_is_only_looked_at_has_nothing_to_edit(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents().publish(), interactive=False)
    wishes = Wishes(board)
    assert board.findChildren(RateSlider) == []
    assert board.findChildren(QPushButton) == []
    qtbot.mouseClick(board, Qt.MouseButton.LeftButton, pos=map_centre(board, 0))
    qtbot.mouseMove(board, map_centre(board, 1))
    assert wishes == []


def test_controls_come_and_go_with_the_runs(qtbot: QtBot) -> None:
    board = board_of(qtbot, Descents((0.1, 0.2)).publish())
    for count in (5, 1, 3):
        board.show_scene(Descents(tuple(0.001 * (run + 1) for run in range(count)), steps=2).publish())
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        sliders = board.findChildren(RateSlider)
        assert len(sliders) == count
        assert all(slider.isVisible() for slider in sliders)
