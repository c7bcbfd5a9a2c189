"""A button that is no more than its sign or its word until the pointer or the focus comes to it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from lrviz.views.guard import guarded
from lrviz.views.icons import Icon, icon_path
from lrviz.views.theme import GRID

SIZE = 4 * GRID  # px: the height of every button, and the width of one with a sign
CORNER = 4.0


class FlatButton(QToolButton):
    """Painted in the palette's colours, so that it is crisp at any scale and follows the theme by itself."""

    def __init__(self, icon: Icon | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # painted again when the pointer comes and when it goes
        self._icon = icon
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the space bar to play and pause
        self.setFixedHeight(SIZE)

    def show_icon(self, icon: Icon) -> None:
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        if self._icon is not None:
            return QSize(SIZE, SIZE)
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2 * GRID, SIZE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, edge = self.palette(), QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            back = palette.color(QPalette.ColorRole.Mid if self.isDown() else QPalette.ColorRole.Button)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(back)
            painter.drawRoundedRect(edge, CORNER, CORNER)
        if self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(edge, CORNER, CORNER)
        color = self._color(palette)
        if self._icon is not None:
            painter.fillPath(icon_path(self._icon).translated(QPointF(self.rect().center()) + QPointF(0.5, 0.5)), color)
        else:
            painter.setPen(color)
            painter.setFont(self.font())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

    def _color(self, palette: QPalette) -> QColor:
        if self.isChecked():
            return palette.color(QPalette.ColorRole.Highlight)
        if self.isCheckable():  # switched off: there, but not at work
            return palette.color(QPalette.ColorRole.PlaceholderText)
        return palette.color(QPalette.ColorRole.WindowText)
