"""A race's length as a line: how far it has been computed, and which step is on screen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSlider, QWidget

from lrviz.views.guard import guarded
from lrviz.views.theme import GRID

HANDLE = 7.0  # px, the handle's radius
GROOVE = 4.0  # px, the line's height


class Scrubber(QSlider):
    """A slider over the steps 0..steps. A press anywhere goes there; the arrows, Home and End work with the focus."""

    seek_requested = Signal(int)  # the step that a person wants to see

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._published = 0
        self.setRange(0, 1)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(4 * GRID)
        self.setMinimumWidth(12 * GRID)
        self.valueChanged.connect(self.seek_requested)

    def show_position(self, step: int, published: int, steps: int) -> None:
        """The step on screen, the rows published (0..steps + 1), and the race's length."""
        last = max(published - 1, 0)
        if (step, last, steps) == (self.value(), self._published, self.maximum()):
            return
        with QSignalBlocker(self):
            self.setRange(0, max(steps, 1))
            self.setPageStep(max(1, steps // 10))
            self.setValue(step)
        self._published = last
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40 * GRID, 4 * GRID)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._step_at(event.position().x()))

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._step_at(event.position().x()))

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        accent, line = palette.color(QPalette.ColorRole.Highlight), palette.color(QPalette.ColorRole.Mid)
        published = QColor(palette.color(QPalette.ColorRole.PlaceholderText))
        published.setAlphaF(0.45)
        self._paint_groove(painter, line, self.maximum())
        self._paint_groove(painter, published, self._published)
        self._paint_groove(painter, accent, self.value())
        middle = QPointF(self._x(self.value()), self.height() / 2)
        painter.setBrush(accent)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Window), 2))
        painter.drawEllipse(middle, HANDLE, HANDLE)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 2))
            painter.drawEllipse(middle, HANDLE + 3, HANDLE + 3)
        painter.end()

    def _paint_groove(self, painter: QPainter, color: QColor, end: int) -> None:
        left = self._x(0) - GROOVE / 2
        groove = QRectF(left, (self.height() - GROOVE) / 2, self._x(end) + GROOVE / 2 - left, GROOVE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(groove, GROOVE / 2, GROOVE / 2)

    def _x(self, step: int) -> float:
        room = self.width() - 2 * (HANDLE + 4)
        return HANDLE + 4 + room * min(step / self.maximum(), 1.0)

    def _step_at(self, x: float) -> int:
        room = max(1.0, self.width() - 2 * (HANDLE + 4))
        return round((x - HANDLE - 4) / room * self.maximum())
