"""A frame of a moving race is drawn in portions, each in a turn of the event loop of its own."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.app.frame import TURNS
from lrviz.app.window import Window
from lrviz.core.openings import first_question, surface_problem
from lrviz.core.viewstate import ViewState
from lrviz.engine.race import race


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window(first_question(surface_problem("himmelblau")), race, ViewState(theme="light"))
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.session.start()
    qtbot.waitUntil(lambda: window.scene is not None and window.scene.verdicts is not None, timeout=30_000)
    window.player.seek(10)
    QApplication.processEvents()
    return window


def show(window: Window, step: int, moving: bool) -> None:
    window.frame.show_step(step, window.player.steps + 1, window.player.steps, moving)


def test_strokes_heads_and_charts_follow_one_another(window: Window) -> None:
    board, chart, portion = window.frame.board, window.frame.charts[0], window.frame._show_portion
    for step in range(11, 11 + len(TURNS)):
        before = chart.step, chart._inked_step
        show(window, step, moving=True)
        assert (board._inked_step, board.step) == (step, step - 1)
        portion()
        assert (board._inked_step, board.step) == (step, step)
        assert (chart.step, chart._inked_step) == before
        portion()
    assert chart.step > 10
    window.close()


def test_portions_come_by_themselves(window: Window, qtbot: QtBot) -> None:
    for step in range(11, 11 + len(TURNS)):
        show(window, step, moving=True)
    qtbot.waitUntil(lambda: window.frame.board.step == step and not window.frame._portions)
    window.close()


def test_a_frame_finishes_the_one_before(window: Window) -> None:
    chart = window.frame.charts[0]
    for step in range(11, 11 + 2 * len(TURNS)):
        show(window, step, moving=True)
    assert chart.step > 10 + len(TURNS)
    window.close()


def test_a_step_that_is_looked_for_is_shown_whole_at_once(window: Window) -> None:
    show(window, 40, moving=True)
    show(window, 25, moving=False)
    assert [view.step for view in (window.frame.board, *window.frame.charts[:1])] == [25, 25]
    window.close()
