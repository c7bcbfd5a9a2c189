"""A learning rate on a logarithmic slider: twenty steps a decade, each a number of two figures."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from lrviz.views import numbers
from lrviz.views.guard import guarded
from lrviz.views.theme import LIGHT, Theme

LOWEST, HIGHEST = -6, 2  # powers of ten
PER_DECADE = 20
HANDLE = 6.0  # px: the handle's radius


def rate_of_position(position: int) -> float:
    """The rate at a position, to two figures: 0.001, 0.0011, 0.0013 … as the preferred numbers R20 go."""
    return float(f"{10 ** (LOWEST + position / PER_DECADE):.1e}")


def position_of_rate(rate: float) -> int:
    """The position nearest to a rate, at the ends for rates beyond them."""
    return round((min(max(math.log10(rate), LOWEST), HIGHEST) - LOWEST) * PER_DECADE)


class RateSlider(QSlider):
    """Shows one run's learning rate and asks for another: `final` is False while the handle is dragged."""

    rate_changed = Signal(float, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = LIGHT
        self._color = QColor(LIGHT.text)
        self._rate = 1.0
        self._quiet = False  # while a rate is shown, not asked for
        self.setRange(0, (HIGHEST - LOWEST) * PER_DECADE)
        self.setPageStep(PER_DECADE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.valueChanged.connect(self._ask)

    def show_rate(self, rate: float) -> None:
        """Stand at `rate`, unless the handle is being dragged."""
        self._rate = rate
        self.setAccessibleDescription(numbers.number(rate))
        if not self.isSliderDown():
            self._quiet = True
            self.setValue(position_of_rate(rate))
            self._quiet = False

    def dress(self, theme: Theme, color: QColor) -> None:
        if (theme, color) != (self._theme, self._color):
            self._theme, self._color = theme, color
            self.update()

    def _ask(self, position: int) -> None:
        if not self._quiet:
            self.rate_changed.emit(rate_of_position(position), not self.isSliderDown())

    # The whole width takes the pointer: the handle jumps to it and follows.

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self.setValue(self._position_at(event.position()))

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._position_at(event.position()))

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.rate_changed.emit(rate_of_position(self.value()), True)

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel turns what has the focus; else it belongs to whatever scrolls beneath."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        return QSize(160, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 16)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        middle = self.height() / 2
        left, right = self._x(0), self._x(self.maximum())
        handle = self._x(self.value())
        painter.setPen(QPen(QColor(self._theme.line), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        for decade in range(0, self.maximum() + 1, PER_DECADE):
            painter.drawLine(QPointF(self._x(decade), middle), QPointF(self._x(decade), middle + 3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        grown = 1 if self.isSliderDown() or self.underMouse() else 0
        painter.drawEllipse(QPointF(handle, middle), HANDLE + grown - 1, HANDLE + grown - 1)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.accent), 1.5))
            painter.drawEllipse(QRectF(handle - HANDLE - 2, middle - HANDLE - 2, 2 * HANDLE + 4, 2 * HANDLE + 4))

    def _x(self, position: int) -> float:
        room = self.width() - 2 * (HANDLE + 3)
        return HANDLE + 3 + room * position / self.maximum()

    def _position_at(self, point: QPointF) -> int:
        room = max(1.0, self.width() - 2 * (HANDLE + 3))
        return round((point.x() - HANDLE - 3) / room * self.maximum())
