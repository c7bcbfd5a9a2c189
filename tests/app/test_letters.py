"""Letters are of one size from the first paint on, and what is written on buttons has room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from lrviz.app.main import race_when_ready
from lrviz.app.window import Window
from lrviz.core.openings import first_question, surface_problem
from lrviz.core.viewstate import ViewState
from lrviz.views.theme import font


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    """As it comes up in a new application, whose letters are the system's."""
    QApplication.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
    window = Window(first_question(surface_problem("bowl")), race_when_ready, ViewState(theme="light"))
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    yield window
    window.close()


def fonts(window: Window) -> dict[str, QFont]:
    return {button.text(): button.font() for button in window.findChildren(QToolButton) if button.text()}


def test_letters_are_as_large_before_another_view_as_after_it(window: Window, qtbot: QtBot) -> None:
    before = {text: made.pointSizeF() for text, made in fonts(window).items()}
    assert before["Run again"] == before["Theme"] == font().pointSizeF()
    window._show_state(replace(window.state, view="overlay"))
    qtbot.wait(50)
    after = {text: made.pointSizeF() for text, made in fonts(window).items()}
    assert after == before


def test_at_1280_pixels_every_view_and_switch_is_named_in_full(window: Window) -> None:
    for button in window.findChildren(QToolButton):
        if button.isVisible() and button.objectName() in ("view", "toggle"):
            assert button.width() >= button.sizeHint().width(), button.text()
