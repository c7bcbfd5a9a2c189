"""An effect and its interval on a small scale, where nothing at all is marked."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from lrviz.core.claim import Evidence
from lrviz.views.axis import Scale, nice_linear, nice_log, tick_text
from lrviz.views.claims_words import agreement, effect_text, is_ratio, verdict_color
from lrviz.views.guard import guarded
from lrviz.views.lens_letters import letters
from lrviz.views.markers import marker_path
from lrviz.views.theme import GRID, LIGHT, SMALL, Theme

WIDTH = 28 * GRID  # px
EDGE = 3 * GRID  # px at both ends, where a tick's figure may hang over
BAR = 3.0  # px: the interval
DOT = 4.0  # px: radius of the effect's mark
CAP = 6.0  # px: half the height of an end of the interval, which is seen where the mark hides the rest
LINE = 3 * GRID  # px of height above the ticks
TICK_ROOM = 40  # px


def scale_of(evidence: Iterable[Evidence]) -> Scale:
    """One scale for effects of the same unit, with the place where there is no effect on it."""
    told = list(evidence)
    ratio = bool(told) and is_ratio(told[0].unit)
    ends = [end for one in told for end in (*one.interval, one.effect) if math.isfinite(end)]
    if ratio and all(end > 0 for end in ends):
        return nice_log(min([*ends, 1.0]), max([*ends, 1.0]))
    return nice_linear(min([*ends, 0.0]), max([*ends, 0.0]), 4)


class IntervalBar(QWidget):
    """Painted; what it says is its accessible description."""

    def __init__(self, evidence: Evidence, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evidence, self._scale, self._theme = evidence, scale, LIGHT
        self.setAccessibleName(self.tr("Effect with its interval"))
        self.setAccessibleDescription(effect_text(evidence).replace("\n", ", "))
        self.setToolTip(effect_text(evidence))
        self.setFixedSize(self.sizeHint())

    @property
    def neutral(self) -> float:
        """Where there is no effect."""
        return 1.0 if is_ratio(self._evidence.unit) else 0.0

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, LINE + math.ceil(letters(SMALL).height))

    def place(self, value: float) -> float:
        """Held within the scale."""
        share = self._scale.fraction(min(max(value, self._scale.low), self._scale.high))
        return EDGE + (self.width() - 2 * EDGE) * share

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_scale(painter)
            if not math.isnan(self._evidence.effect):
                self._paint_interval(painter)

    def _paint_scale(self, painter: QPainter) -> None:
        theme, small = self._theme, letters(SMALL)
        painter.setFont(small.font)
        painter.setPen(QPen(QColor(theme.line), 1))
        base = LINE - 0.5
        painter.drawLine(QPointF(EDGE, base), QPointF(self.width() - EDGE, base))
        nothing = round(self.place(self.neutral)) + 0.5
        for tick in self._scale.ticks(max(2, int((self.width() - 2 * EDGE) / TICK_ROOM))):
            x = round(self.place(tick)) + 0.5
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(x, base), QPointF(x, base + 3))
            if abs(x - nothing) >= TICK_ROOM * 0.7:
                self._write(painter, x, tick_text(tick), theme.quiet)
        painter.setPen(QPen(QColor(theme.text), 1))
        painter.drawLine(QPointF(nothing, 0), QPointF(nothing, base + 3))
        self._write(painter, nothing, tick_text(self.neutral), theme.text)

    def _write(self, painter: QPainter, x: float, text: str, color: str) -> None:
        painter.setPen(QColor(color))
        room = QRectF(x - 40, LINE + 2, 80, self.height() - LINE - 2)
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _paint_interval(self, painter: QPainter) -> None:
        theme = self._theme
        color = verdict_color(theme, agreement(self._evidence))
        middle = LINE / 2
        low, high = self._evidence.interval
        painter.setPen(QPen(color, BAR, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(self.place(low), middle), QPointF(self.place(high), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for end, way in ((low, -1), (high, 1)):
            if math.isinf(end):  # it goes on beyond the scale
                tip = QPointF(self.place(end) + way * 8, middle)
                painter.drawPolygon(QPolygonF([tip, tip + QPointF(-way * 9, -5), tip + QPointF(-way * 9, 5)]))
            else:
                painter.drawRect(QRectF(self.place(end) - 0.75, middle - CAP, 1.5, 2 * CAP))
        path = marker_path("disc", DOT).translated(QPointF(self.place(self._evidence.effect), middle))
        painter.strokePath(path, QPen(QColor(theme.window), 2))
        painter.fillPath(path, color)
