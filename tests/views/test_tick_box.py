from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from lrviz.views.theme import DARK, LIGHT, Theme, palette
from lrviz.views.tick_box import BOX, TickBox


@pytest.fixture
def box(qtbot: QtBot) -> TickBox:
    made = TickBox("Log")
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    return made


@pytest.mark.parametrize("x", [5, 40])
def test_a_click_on_the_box_or_its_text_ticks_it(qtbot: QtBot, box: TickBox, x: int) -> None:
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(x, box.height() // 2))
    assert box.isChecked()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_its_frame_and_its_tick_are_seen_on_every_theme(box: TickBox, theme: Theme) -> None:
    box.setPalette(palette(theme))
    empty = box.grab().toImage()
    frame, back = empty.pixelColor(2, box.height() // 2), QColor(theme.window)
    assert abs(frame.lightness() - back.lightness()) > 60
    box.setChecked(True)
    ticked = box.grab().toImage()
    colors = {ticked.pixelColor(x, y).name() for x in range(int(BOX)) for y in range(ticked.height())}
    assert {theme.accent, theme.on_accent} <= colors


def test_it_is_as_wide_as_its_text_needs(box: TickBox) -> None:
    assert box.sizeHint().width() > BOX + box.fontMetrics().horizontalAdvance("Log")
