"""Above the stage: which view of the race is shown, and what is shown in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from lrviz.views.theme import GRID


class ViewBar(QWidget):
    """A button for each view at the left, and at the right for each thing that may be shown; `menus` open there."""

    def __init__(
        self,
        views: Sequence[QAction],
        shown: Sequence[QAction],
        menus: Sequence[QMenu] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for action in views:
            row.addWidget(_button(action, "view"))
        row.addStretch(1)
        row.setSpacing(GRID // 2)
        for menu in menus:
            button = _button(menu.menuAction(), "toggle")
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            row.addWidget(button)
        for action in shown:
            row.addWidget(_button(action, "toggle"))
        self.setFixedHeight(3 * GRID + 4)


def _button(action: QAction, kind: str) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setObjectName(kind)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    # A click leaves the focus where it is, so that Space goes on playing and pausing.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.iconText())
    button.setVisible(action.isVisible())
    action.visibleChanged.connect(lambda: button.setVisible(action.isVisible()))
    return button
