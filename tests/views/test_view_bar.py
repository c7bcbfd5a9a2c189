"""The bar above the stage: a button an action, said in words, and never in the space bar's way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from lrviz.views.view_bar import ViewBar


def test_every_action_has_a_named_button_that_triggers_it_and_takes_no_focus_by_a_click(qtbot: QtBot) -> None:
    panels, arrows = QAction("Panels", checkable=True), QAction("Arrows", checkable=True)
    bar = ViewBar([panels], [arrows])
    qtbot.addWidget(bar)
    bar.show()
    buttons = bar.findChildren(QToolButton)
    assert [button.accessibleName() for button in buttons] == ["Panels", "Arrows"]
    with qtbot.waitSignal(arrows.toggled):
        qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert not buttons[1].hasFocus()


def test_a_button_goes_with_its_action(qtbot: QtBot) -> None:
    whole = QAction("Whole map")
    bar = ViewBar([], [whole])
    qtbot.addWidget(bar)
    bar.show()
    button = bar.findChild(QToolButton)
    assert button.isVisible()
    whole.setVisible(False)
    assert not button.isVisible()
