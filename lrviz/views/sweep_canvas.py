"""A sweep as it is drawn: one picture of what stands still, and over it what the pointer or the arrow keys are at."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.sweep import SweepTable
from lrviz.core.sweep_reading import Best, Reading, read_sweep, ridge
from lrviz.views.focus import came_by_tab
from lrviz.views.guard import guarded
from lrviz.views.lens_letters import letters
from lrviz.views.sweep_chart import paint_chart
from lrviz.views.sweep_frame import TITLE, Frame, frame_of
from lrviz.views.sweep_ink import MIDDLE, paint_title
from lrviz.views.sweep_map import paint_map
from lrviz.views.sweep_pickers import SweepPickers
from lrviz.views.sweep_spot import Spot, first_spot, moved, paint_spot, seed_of, spot_at
from lrviz.views.sweep_words import (
    best_text,
    column_text,
    question_title,
    run_text,
    translated,
)
from lrviz.views.theme import BODY, GRID, LIGHT, Theme, font

EMPTY = 60 * GRID  # px of width that the words take where there is nothing else
_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class SweepCanvas(QWidget):
    """Draws a table at one mark: a chart, or a map where there is a second axis."""

    run_picked = Signal(int, float, int)  # a value's index, a rate and a seed: the run that a person chose

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Result against learning rate"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(40 * GRID, 26 * GRID)
        self.pickers = SweepPickers(self)
        self.theme: Theme = LIGHT
        self.reading: Reading | None = None
        self.ridge: tuple[Best | None, ...] = ()
        self.spot: Spot | None = None
        self._table: SweepTable | None = None
        self._frame: Frame | None = None
        self._still: QImage | None = None
        self._by_key = False  # whether the focus came by a key, and wants to be seen

    # What the view says

    def show_table(self, table: SweepTable, metric: str, mark: int) -> None:
        """A table as it is known so far, read at a mark. Other numbers of the same question keep what is being read."""
        before = self._table
        if before is None or (table.question, table.lrs) != (before.question, before.lrs):
            self.spot = None
        if table is not before or self.reading is None or metric != self.reading.metric:
            self._frame = None
        self._table = table
        self.reading = read_sweep(table, metric, mark)
        self.ridge = ridge(table, self.reading)
        self._say()
        self._forget()

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self._forget()

    def picture(self, scale: float) -> QImage:
        """All of it at `scale` pixels a point, words written where the pickers stand."""
        image = self._blank(scale)
        with QPainter(image) as painter:
            self._paint_still(painter)
            if self.spot is not None:
                self._paint_spot(painter)
            if self._table is not None and self.reading is not None:
                self.pickers.paint(painter, self.theme)
        return image

    @property
    def frame(self) -> Frame | None:
        """Where things stand at the present size; None without a table."""
        if self._frame is None and self._table is not None and self.reading is not None:
            self._frame = frame_of(self._table, self.reading.metric, self.size())
        return self._frame

    # Painting

    def _paint_still(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self.theme.field))
        table, reading, frame = self._table, self.reading, self.frame
        if table is None or reading is None or frame is None:
            painter.setFont(font(BODY))
            painter.setPen(QColor(self.theme.quiet))
            wrapped = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            aside = max(5 * GRID, (self.width() - EMPTY) // 2)
            painter.drawText(self.rect().adjusted(aside, 0, -aside, 0), wrapped, _empty_text())
            return
        left = self.pickers.end + 2.0 * GRID
        room = QRectF(left, 0, max(1.0, self.width() - left - 2 * GRID), TITLE)
        paint_title(painter, self.theme, question_title(table.question), room)
        if frame.rows > 1:
            paint_map(painter, self.theme, table, reading, self.ridge, frame)
        else:
            paint_chart(painter, self.theme, reading, self.ridge[0], frame)

    def _paint_spot(self, painter: QPainter) -> None:
        """What is being read, marked and in words."""
        table, reading, frame, spot = self._table, self.reading, self.frame, self.spot
        if table is None or reading is None or frame is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if spot is None:
            words = self.tr("Point at the picture to read it; click on a run to open it beside the others")
            self._paint_words(painter, frame, words, self.theme.quiet)
            return
        paint_spot(painter, self.theme, frame, reading, spot)
        self._paint_words(painter, frame, self._spot_text(), self.theme.text)

    def _paint_words(self, painter: QPainter, frame: Frame, words: str, color: str) -> None:
        body = letters(BODY)
        painter.setFont(body.font)
        painter.setPen(QColor(color))
        short = body.metrics.elidedText(words, Qt.TextElideMode.ElideRight, frame.readout.width())
        painter.drawText(frame.readout, MIDDLE, short)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            ratio = painter.deviceTransform().m11()
            if self._still is None or self._still.devicePixelRatio() != ratio:
                self._still = self._blank(ratio)
                with QPainter(self._still) as still:
                    self._paint_still(still)
            painter.drawImage(0, 0, self._still)
            self._paint_spot(painter)
            if self.hasFocus() and self._by_key:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(self.theme.accent), 2))
                painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _blank(self, ratio: float) -> QImage:
        image = QImage((QSize(self.width(), self.height()) * ratio).expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        return image

    def _forget(self) -> None:
        self._still = None
        self.update()

    # What is read

    def read_spot(self, spot: Spot | None) -> None:
        if spot != self.spot:
            self.spot = spot
            self._say()
            self.update()

    def _say(self) -> None:
        """What is drawn and what is being read, for those who hear it."""
        said = "" if self._table is None or self.reading is None else best_text(self._table, self.reading, self.ridge)
        self.setAccessibleDescription(self._spot_text() or said)

    def _spot_text(self) -> str:
        table, reading, spot = self._table, self.reading, self.spot
        if table is None or reading is None or spot is None:
            return ""
        if spot.seed is None:
            return column_text(table, reading, spot.value, spot.rate)
        return run_text(table, reading, spot.value, spot.rate, spot.seed)

    def _spot_at(self, at: QPointF) -> Spot | None:
        return None if self.frame is None or self.reading is None else spot_at(self.frame, self.reading, at)

    def _pick(self, spot: Spot | None) -> None:
        """Open the run that is read; of several seeds the one in the middle."""
        table, reading = self._table, self.reading
        if table is None or reading is None or spot is None:
            return
        seed = seed_of(reading, spot)
        if seed is not None:
            self.run_picked.emit(spot.value, table.lrs[spot.rate], table.question.seeds[seed])

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = self._spot_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if spot is None else Qt.CursorShape.PointingHandCursor)
        self.read_spot(spot)

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        self.read_spot(None)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pick(self._spot_at(event.position()))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, reading = Qt.Key(event.key()), self.reading
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.spot is not None:
            self._pick(self.spot)
        elif key == Qt.Key.Key_Escape and self.spot is not None:
            self.read_spot(None)
        elif reading is not None and key in _MOVES:
            self.read_spot(moved(reading, self.spot or first_spot(self.ridge), *_MOVES[key]))
        else:
            super().keyPressEvent(event)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_key = came_by_tab(event)
        if self._by_key and self.reading is not None and self.spot is None:
            self.read_spot(first_spot(self.ridge))
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.read_spot(None)
        self.update()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame = None
        self._forget()


def _empty_text() -> str:
    return translated(
        "Here many learning rates will be compared, each with several seeds: a dot for every run, "
        "and which rates are best. Press Start to sweep what is chosen under “Minimise” and “Optimizer”."
    )
