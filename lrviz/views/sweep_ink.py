"""What a sweep's chart and its map have in common: ticks, names, the rate 0.001, the legend, and words with a halo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from lrviz.views.lens_letters import letters
from lrviz.views.numbers import number
from lrviz.views.sweep_frame import Frame
from lrviz.views.sweep_words import translated
from lrviz.views.theme import GRID, SMALL, Theme

MARKED = 0.001  # the rate that the claims are about
TICK_ROOM = 80  # px of width that a tick takes at least
SIGN = 3 * GRID  # px of a sign in the legend
CENTRED = Qt.AlignmentFlag.AlignCenter
MIDDLE = Qt.AlignmentFlag.AlignVCenter

Sign = tuple[str, Callable[[QPainter, QRectF], None]]  # its words, and what paints it into SIGN × a line


def sharp(place: float) -> float:
    """The middle of a pixel: a line of width 1 fills it and no other."""
    return round(place - 0.5) + 0.5


def veiled(color: QColor, alpha: float) -> QColor:
    """The colour with so much of it, 0 to 1."""
    made = QColor(color)
    made.setAlphaF(alpha)
    return made


def paint_rates(painter: QPainter, theme: Theme, frame: Frame, grid: bool) -> None:
    """Ticks and name of the level axis; lines up the plot where `grid`."""
    plot, small = frame.plot, letters(SMALL)
    painter.setFont(small.font)
    for tick in frame.rates.ticks(max(2, int(plot.width() / TICK_ROOM))):
        x = sharp(frame.x(tick))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(x, plot.top() if grid else plot.bottom()), QPointF(x, plot.bottom() + GRID / 2))
        painter.setPen(QColor(theme.quiet))
        painter.drawText(QRectF(x - 60, plot.bottom() + GRID / 2, 120, 2 * GRID), CENTRED, number(tick))
    name = QRectF(plot.left(), plot.bottom() + 2.5 * GRID, plot.width(), 2 * GRID)
    painter.drawText(name, CENTRED, translated("learning rate η, log"))


def paint_marked_rate(painter: QPainter, theme: Theme, frame: Frame, label_top: float) -> None:
    """A dashed line at 0.001, where that is on the scale, and the figure at its side."""
    if not frame.rates.low < MARKED < frame.rates.high:
        return
    x, small = sharp(frame.x(MARKED)), letters(SMALL)
    painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(x, min(frame.plot.top(), label_top)), QPointF(x, frame.plot.bottom()))
    words = number(MARKED)
    place = QRectF(x + 4, label_top, small.width(words), small.height)
    paint_label(painter, theme, words, place, bold=False)


def paint_label(painter: QPainter, theme: Theme, words: str, place: QRectF, *, bold: bool = True) -> None:
    """Small, with a halo, since much may lie behind it; centred in its place."""
    small = letters(SMALL, bold=bold)
    left = place.center().x() - small.width(words) / 2
    path = QPainterPath()
    path.addText(QPointF(round(left), small.baseline(place)), small.font, words)
    painter.strokePath(path, theme.halo_pen(4))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillPath(path, QColor(theme.text))


def paint_title(painter: QPainter, theme: Theme, words: str, room: QRectF) -> None:
    """What was swept, quietly at the right."""
    small = letters(SMALL)
    painter.setFont(small.font)
    painter.setPen(QColor(theme.quiet))
    short = small.metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignRight | MIDDLE, short)


def paint_legend(painter: QPainter, theme: Theme, room: QRectF, signs: Sequence[Sign]) -> None:
    """One sign after the other, as far as there is room: the first say most."""
    small = letters(SMALL)
    x = room.left() - GRID / 2  # signs have a little room beside them
    for words, paint in signs:
        width = small.width(words)
        if x + SIGN + width > room.right():
            return
        paint(painter, QRectF(x, room.top(), SIGN, room.height()))
        painter.setFont(small.font)
        painter.setPen(QColor(theme.quiet))
        painter.drawText(QRectF(x + SIGN + GRID / 2, room.top(), width + 2, room.height()), MIDDLE, words)
        x += SIGN + width + 2.5 * GRID
