"""The one bar: what is on screen, and the few actions that everybody needs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from lrviz.views.guard import guarded
from lrviz.views.theme import TITLE, font


class ElidedLabel(QLabel):
    """A label that is cut in the middle where the room is short, with its full text as a tooltip."""

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        with QPainter(self) as painter:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class TopBar(QWidget):
    """The title, quiet buttons for `actions`, and one that stands out for `accent`."""

    def __init__(self, actions: list[QAction], accent: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = ElidedLabel()
        self._title.setFont(font(TITLE, bold=True))
        self._title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._title, 1)
        for action in [*actions, accent]:
            button = QToolButton()
            button.setDefaultAction(action)
            # A click leaves the focus where it is, so that Space goes on playing and pausing.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(action.iconText())
            button.setObjectName("accent" if action is accent else "quiet")
            row.addWidget(button)

    def show_title(self, title: str) -> None:
        self._title.setText(title)
