"""The range test's chart: what is painted once, and over it the rate that is read."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.range_test import RangeTest, Rows
from lrviz.views.find_curves import smoothed
from lrviz.views.find_frame import Frame, frame_of
from lrviz.views.find_painting import CENTRED, paint_chart, paint_picks
from lrviz.views.find_rows import Region, RuleRow
from lrviz.views.find_strip import name_room, paint_strip
from lrviz.views.find_words import reading_text, said_text
from lrviz.views.focus import came_by_tab
from lrviz.views.guard import guarded
from lrviz.views.lens_letters import letters
from lrviz.views.theme import BODY, GRID, LIGHT, SMALL, Theme

KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class FindChart(QWidget):
    """The pointer or the arrow keys read the smoothed losses at a rate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Loss against learning rate"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(40 * GRID, 26 * GRID)
        self._theme: Theme = LIGHT
        self._test: RangeTest | None = None
        self._rows: tuple[RuleRow, ...] = ()
        self._region: Region | None = None
        self._empty = ""  # what stands here while there is no test
        self._span = 1
        self._room = 0.0  # px that the title line has
        self._smooth: Rows = np.empty((0, 0))
        self._frame: Frame | None = None
        self._still: QImage | None = None
        self._read: int | None = None  # the step that is read
        self._by_key = False

    # What the view calls

    def show_test(self, test: RangeTest | None, rows: tuple[RuleRow, ...], region: Region | None) -> None:
        if test is not None and (self._test is None or test.losses is not self._test.losses):
            self._smooth = smoothed(test.losses, self._span)
        self._test, self._rows, self._region = test, rows, region
        self._describe()
        self._forget()

    def show_empty(self, text: str) -> None:
        """What stands here while there is no test."""
        self._empty = text
        self._describe()
        self._forget()

    def set_span(self, span: int) -> None:
        """Smooth over so many steps; 1 doesn't."""
        self._span = span
        if self._test is not None:
            self._smooth = smoothed(self._test.losses, span)
        self._forget()

    def set_title_room(self, room: float) -> None:
        """Px from the left at which the title line ends: what stands there is the view's."""
        self._room = room
        self._forget()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._forget()

    @property
    def frame(self) -> Frame | None:
        """Where things stand at the present size; None before any loss is known."""
        if self._frame is None and self._test is not None:
            room = max(name_room(self._rows), 8 * GRID)
            self._frame = frame_of(self._test, self._smooth, self.size(), len(self._rows), room)
        return self._frame

    @property
    def reading(self) -> str:
        """What is said of the rate that is read; "" where none is."""
        if self._read is None or self._test is None:
            return ""
        column = self._smooth[:, self._read]
        losses = [float(loss) for loss in column[np.isfinite(column)]]
        return reading_text(float(self._test.lrs[self._read]), losses, len(column) - len(losses))

    def sizeHint(self) -> QSize:
        return QSize(100 * GRID, 44 * GRID)

    # Painting

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            ratio = painter.deviceTransform().m11()
            if self._still is None or self._still.devicePixelRatio() != ratio:
                self._still = self._painted(ratio)
            painter.drawImage(QPoint(0, 0), self._still)
            frame = self.frame
            if frame is not None and self._read is not None:
                self._paint_reading(painter, frame)
            if self._by_key:
                painter.setPen(QPen(QColor(self._theme.accent), 2))
                painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _painted(self, ratio: float) -> QImage:
        image = QImage((QSize(self.size()) * ratio).expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(self._theme.field))
        test, frame = self._test, self.frame
        with QPainter(image) as painter:
            if test is not None and frame is not None:
                paint_chart(painter, self._theme, test, self._smooth, self._region, frame, self._room)
                paint_strip(painter, self._theme, self._rows, frame)
                paint_picks(painter, self._theme, self._rows, test.lrs, self._smooth, frame)
            else:
                painter.setFont(letters(BODY).font)
                painter.setPen(QColor(self._theme.quiet))
                room = self.rect().adjusted(6 * GRID, GRID, -6 * GRID, -GRID)
                painter.drawText(room, CENTRED | Qt.TextFlag.TextWordWrap, self._empty)
        return image

    def _paint_reading(self, painter: QPainter, frame: Frame) -> None:
        """A line at the rate that is read, and what the curves say there, at the side where there is more room."""
        assert self._test is not None
        assert self._read is not None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot, theme = frame.plot, self._theme
        x = round(frame.x(float(self._test.lrs[self._read]))) + 0.5
        painter.setPen(QPen(QColor(theme.accent), 1))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, frame.strip.bottom()))
        small, text = letters(SMALL), self.reading
        width = small.width(text) + 2 * GRID
        left = x + GRID if x < plot.center().x() else x - GRID - width
        box = QRectF(min(max(left, 0.0), self.width() - width), plot.top() + GRID / 2, width, small.height + GRID / 2)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(small.font)
        painter.setPen(QColor(theme.text))
        painter.drawText(box, CENTRED, text)

    def _forget(self) -> None:
        self._frame = self._still = None
        if self._test is None:
            self._read = None
        self.update()

    def _describe(self) -> None:
        lines = [self._empty] if self._test is None else [*map(said_text, self._rows)]
        self.setAccessibleDescription("\n".join(lines))

    # Reading

    def _read_at(self, x: float) -> None:
        frame, test = self.frame, self._test
        if frame is None or test is None:
            return
        first, last = math.log(test.question.first), math.log(test.question.last)
        share = (math.log(frame.rate(x)) - first) / (last - first)
        self._read = round(share * (test.question.steps - 1))
        self.update()

    def _stop_reading(self) -> None:
        self._read = None
        self.update()

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        frame = self.frame
        if frame is not None and frame.plot.united(frame.strip).contains(event.position()):
            self._read_at(event.position().x())
        else:
            self._stop_reading()

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._stop_reading()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = KEYS.get(Qt.Key(event.key()))
        if self._test is None or way is None:
            super().keyPressEvent(event)
            return
        last = self._test.question.steps - 1
        self._read = last // 2 if self._read is None else min(max(self._read + way, 0), last)
        self.update()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget()

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_key = came_by_tab(event)
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._by_key = False
        self._stop_reading()
