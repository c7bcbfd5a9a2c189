"""What of a chart stands still: title, axes, grid, rails; and what an empty one says."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lrviz.views.axis import linear_ticks, tick_text
from lrviz.views.chart_frame import TITLE, Frame
from lrviz.views.numbers import count, number
from lrviz.views.theme import GRID, SMALL, Theme, font

TICK_ROOM = 26  # px of height that a tick of the upright axis takes at least
STEP_ROOM = 88  # px of width that a tick of the level axis takes


@dataclass(frozen=True)
class Words:
    """A chart's title, what it says of its lines (the longest first, for as much room as there is), its unit, and how
    many steps an epoch has."""

    title: str
    captions: tuple[str, ...]
    unit: str
    steps_per_epoch: int | None


def paint_title(painter: QPainter, theme: Theme, words: Words, width: float) -> None:
    """The title, and what it says of the lines in `width` px of the same line."""
    bold = font(bold=True)
    painter.setFont(bold)
    painter.setPen(QColor(theme.text))
    line = QRectF(GRID, 0, width - GRID, TITLE)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words.title)
    small = font(SMALL)
    painter.setFont(small)
    painter.setPen(QColor(theme.quiet))
    line.setLeft(line.left() + QFontMetricsF(bold).horizontalAdvance(words.title) + 1.5 * GRID)
    metrics = QFontMetricsF(small)
    fitting = (caption for caption in words.captions if metrics.horizontalAdvance(caption) <= line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, next(fitting, ""))


def paint_empty(painter: QPainter, theme: Theme, text: str, room: QRectF) -> None:
    painter.setFont(font())
    painter.setPen(QColor(theme.quiet))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def paint_axes(painter: QPainter, theme: Theme, words: Words, frame: Frame) -> None:
    painter.setFont(font(SMALL, tabular=True))
    _paint_upright(painter, theme, words.unit, frame)
    _paint_level(painter, theme, words.steps_per_epoch, frame)
    _paint_rails(painter, theme, frame)


def _paint_upright(painter: QPainter, theme: Theme, unit: str, frame: Frame) -> None:
    plot = frame.plot
    faint = _hairline(theme)
    ticks = frame.fit.scale.ticks(max(2, int(plot.height() / TICK_ROOM)))
    for tick in ticks:
        y = _sharp(frame.y(tick))
        painter.setPen(faint)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(QColor(theme.quiet))
        label = QRectF(0, y - GRID, plot.left() - GRID, 2 * GRID)
        painter.drawText(label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick_text(tick, unit))


def _paint_level(painter: QPainter, theme: Theme, steps_per_epoch: int | None, frame: Frame) -> None:
    """Steps below the plot and, where there are epochs, those in a second row; each row begins with its name."""
    plot = frame.plot
    bottom = _sharp(plot.bottom() if not frame.fit.below else frame.rail_below + GRID)
    most = max(2, int(plot.width() / STEP_ROOM))
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(QPointF(plot.left(), bottom), QPointF(plot.right(), bottom))
    steps = [step for step in linear_ticks(0, frame.steps, most) if step == int(step)]
    for step in steps:
        x = _sharp(frame.x(step))
        painter.setPen(_hairline(theme))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, bottom))
        painter.setPen(QPen(QColor(theme.quiet), 1))
        painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + GRID / 2))
    row = QRectF(0, bottom + GRID / 2, plot.left(), 2 * GRID)
    name = QCoreApplication.translate("Chart", "step")
    _paint_row(painter, theme, row, name, [(frame.x(step), count(int(step))) for step in steps])
    if steps_per_epoch is not None:
        row.translate(0, row.height() - 2)
        epochs = linear_ticks(0, frame.steps / steps_per_epoch, most)
        name = QCoreApplication.translate("Chart", "epoch")
        _paint_row(painter, theme, row, name, [(frame.x(e * steps_per_epoch), number(e, 6)) for e in epochs])


def _paint_row(painter: QPainter, theme: Theme, row: QRectF, name: str, labels: list[tuple[float, str]]) -> None:
    painter.setPen(QColor(theme.quiet))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(row.adjusted(0, 0, -GRID, 0), right, name)
    for x, text in labels:
        painter.drawText(QRectF(x - 60, row.top(), 120, row.height()), Qt.AlignmentFlag.AlignCenter, text)


def _paint_rails(painter: QPainter, theme: Theme, frame: Frame) -> None:
    """The strips for readings outside of the scale, each set off by a dotted line."""
    pen = QPen(QColor(theme.quiet), 1, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([1, 3])
    painter.setPen(pen)
    for there, edge in ((frame.fit.above, frame.plot.top()), (frame.fit.below, frame.plot.bottom())):
        if there:
            painter.drawLine(QPointF(frame.plot.left(), _sharp(edge)), QPointF(frame.plot.right(), _sharp(edge)))


def _hairline(theme: Theme) -> QPen:
    color = QColor(theme.line)
    color.setAlpha(130)
    return QPen(color, 1)


def _sharp(place: float) -> float:
    """The middle of a pixel: a line of width 1 fills it and no other."""
    return round(place - 0.5) + 0.5
