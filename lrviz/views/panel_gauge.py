"""The stability gauge of a panel: how near the curvature at the head is to what the learning rate bears."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from lrviz.views.gauge_words import SCALE, Reading, longest_texts
from lrviz.views.panel_labels import INSET, PAD, Label, paint_sheet
from lrviz.views.panel_view import SPARE, Letters, View, fonts

BARS = (48, 24)  # px: a bar's length in a wide map, and in a narrow one
BAR_HEIGHT = 5  # px
SHARES = (0.62, 0.75)  # of a map's width that the gauge may take, in a wide map and in a narrow one
STEP = 12  # px by which it grows with its words, so that it does not tremble with their last digit
LOWEST = 56  # px: lower maps have no gauge


@dataclass(frozen=True)
class GaugeLabel(Label):
    """A bar with a mark at the limit, and the figures beside it."""

    fill: float = 0.0
    stable: bool = True
    bar: int = BARS[0]

    def paint(self, painter: QPainter, view: View) -> None:
        """Over the limit the bar is hatched as well as coloured, and the text has the other sign and word."""
        theme = view.theme
        paint_sheet(painter, theme, self.rect)
        left, top = round(self.rect.left() + PAD), round(self.rect.center().y() - BAR_HEIGHT / 2)
        filled = round(self.bar * self.fill)
        painter.fillRect(left, top, self.bar, BAR_HEIGHT, _color(theme.line))
        painter.fillRect(left, top, filled, BAR_HEIGHT, _color(theme.accent if self.stable else theme.warning))
        if not self.stable:
            painter.fillRect(left, top, filled, BAR_HEIGHT, QBrush(_color(theme.window), Qt.BrushStyle.BDiagPattern))
        painter.fillRect(left + round(self.bar / SCALE) - 1, top - 3, 2, BAR_HEIGHT + 6, _color(theme.text))
        painter.setFont(self.letters.font)
        painter.setPen(_color(theme.text))
        painter.drawText(QPointF(left + self.bar + PAD + 1, self.letters.baseline(self.rect)), self.text)


def gauge_label(view: View, run: int, said: Reading, right: bool) -> GaugeLabel | None:
    """The gauge in an upper corner of the map, in the longest words that a little more than half its width takes.

    Its place depends on the map alone, so that it stands still while its figures change.
    """
    area, letters = view.map_areas[run], view.fonts.small
    room = _room(round(area.width()), letters.usual, view.grid.lines.small)
    if room is None or area.height() < LOWEST:
        return None
    left = math.floor(area.right() - INSET - room.width if right else area.left() + INSET)
    return _label(said, room, left, round(area.top() + INSET), letters, view.theme.text, right)


class Room(NamedTuple):
    """What a map has room for: which of a reading's texts, the gauge's width and that of its bar, in px."""

    text: int
    width: int
    bar: int


@lru_cache(maxsize=512)
def _label(said: Reading, room: Room, left: int, top: int, letters: Letters, color: str, right: bool) -> GaugeLabel:
    """The same object for the same figures at the same place: what hasn't changed is not painted again."""
    around = room.bar + 3 * PAD
    text = next((text for text in said.texts[room.text :] if letters.width(text) <= room.width - around), "")
    width = min(STEP * math.ceil((letters.width(text) + around) / STEP), room.width)
    whole = QRectF(left, top, room.width, math.ceil(letters.height + 1))
    rect = whole.adjusted(room.width - width, 0, 0, 0) if right else whole.adjusted(0, 0, width - room.width, 0)
    area = whole.toAlignedRect().marginsAdded(SPARE)
    return GaugeLabel(text, rect, area, letters, color, True, said.fill, said.stable, room.bar)


@lru_cache(maxsize=16)
def _room(map_width: int, _usual: float, small: bool) -> Room | None:
    """None where not even the figure has room. Kept as long as the letters (`_usual`) are the same."""
    letters = fonts(small).small
    bar, share = (BARS[0], SHARES[0]) if map_width > 4 * BARS[0] else (BARS[1], SHARES[1])
    for place, text in enumerate(longest_texts()):
        width = math.ceil(letters.width(text) + bar + 3 * PAD)
        if width <= share * map_width:
            return Room(place, width, bar)
    return None


@lru_cache(maxsize=32)
def _color(name: str) -> QColor:
    return QColor(name)
