"""The stability gauge of a panel: how near the curvature at the head is to what the learning rate bears."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from lrviz.views.gauge_words import SCALE, Reading, longest_texts
from lrviz.views.panel_labels import INSET, PAD, Label, paint_sheet
from lrviz.views.panel_view import SPARE, View, fonts

BARS = (48.0, 24.0)  # px: a bar's length in a wide map, and in a narrow one
BAR_HEIGHT = 5.0  # px
SHARES = (0.62, 0.75)  # of a map's width that the gauge may take, in a wide map and in a narrow one
LOWEST = 56  # px: lower maps have no gauge


@dataclass(frozen=True)
class GaugeLabel(Label):
    """A bar with a mark at the limit, and the figures beside it."""

    fill: float = 0.0
    stable: bool = True
    bar: float = BARS[0]

    def paint(self, painter: QPainter, view: View) -> None:
        """Over the limit the bar is hatched as well as coloured, and the text has the other sign and word."""
        used = self.rect.adjusted(0, 0, self.letters.width(self.text) + self.bar + 3 * PAD - self.rect.width(), 0)
        paint_sheet(painter, view.theme, used)
        theme = view.theme
        top = round(self.rect.center().y() - BAR_HEIGHT / 2)
        track = QRectF(self.rect.left() + PAD, top, self.bar, BAR_HEIGHT)
        painter.fillRect(track, QColor(theme.line))
        filled = QRectF(track.topLeft(), track.size())
        filled.setWidth(track.width() * self.fill)
        color = QColor(theme.accent if self.stable else theme.warning)
        painter.fillRect(filled, color)
        if not self.stable:
            painter.fillRect(filled, QBrush(QColor(theme.window), Qt.BrushStyle.BDiagPattern))
        mark = round(track.left() + track.width() / SCALE)
        painter.setPen(QPen(QColor(theme.text), 1.5))
        painter.drawLine(QPointF(mark, track.top() - 2.5), QPointF(mark, track.bottom() + 2.5))
        painter.setFont(self.letters.font)
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(track.right() + PAD + 1, self.letters.baseline(self.rect)), self.text)


def gauge_label(view: View, run: int, said: Reading, right: bool) -> GaugeLabel | None:
    """The gauge in an upper corner of the map, in the longest words that a little more than half its width takes.

    Its place depends on the map alone, so that it stands still while its figures change.
    """
    area, letters = view.map_areas[run], view.fonts.small
    room = _room(round(area.width()), letters.usual, view.grid.lines.small)
    if room is None or area.height() < LOWEST:
        return None
    place, width, bar = room
    left = area.right() - INSET - width if right else area.left() + INSET
    rect = QRectF(math.floor(left), area.top() + INSET, width, math.ceil(letters.height + 1))
    text = next((text for text in said.texts[place:] if letters.fit(text, width - bar - 3 * PAD)), "")
    return GaugeLabel(text, rect, _area(rect), letters, view.theme.text, True, said.fill, said.stable, bar)


@lru_cache(maxsize=16)
def _room(map_width: int, _usual: float, small: bool) -> tuple[int, int, float] | None:
    """Which of the texts a map has room for, the gauge's width and its bar's; kept as long as the letters (`_usual`)
    are the same, since measuring them takes longer than all the rest. None where not even the figure has room."""
    letters = fonts(small).small
    bar, share = (BARS[0], SHARES[0]) if map_width > 4 * BARS[0] else (BARS[1], SHARES[1])
    for place, text in enumerate(longest_texts()):
        width = math.ceil(letters.width(text) + bar + 3 * PAD)
        if width <= share * map_width:
            return place, width, bar
    return None


def _area(rect: QRectF) -> QRect:
    return rect.toAlignedRect().marginsAdded(SPARE)
