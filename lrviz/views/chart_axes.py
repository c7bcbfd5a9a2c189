"""What of a chart stands still: title, axes, grid, rails; and what an empty one says."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lrviz.views.axis import tick_text
from lrviz.views.chart_frame import ROW, TITLE, Frame
from lrviz.views.quiet_picker import MORE
from lrviz.views.theme import GRID, SMALL, Theme, font

TICK_ROOM = 26  # px of height that a tick of the upright axis takes at least
STEP_ROOM = 88  # px of width that a tick of the level axis takes


@dataclass(frozen=True)
class Words:
    """A chart's title, what it says of its lines (the longest first, for as much room as there is), its unit, what its
    level axis is called, how many steps an epoch has where it shows steps, and a value to be marked."""

    title: str
    captions: tuple[str, ...]
    unit: str
    level: str
    steps_per_epoch: int | None
    mark: float | None = None


def paint_title(painter: QPainter, theme: Theme, words: Words, room: QRectF, rest: float) -> None:
    """The title in its room, which a picker of the same words may cover, and from there on to `rest`, small, what is
    to be said of the lines."""
    bold = font(bold=True)
    painter.setFont(bold)
    painter.setPen(QColor(theme.text))
    title = QFontMetricsF(bold).elidedText(words.title, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
    small = font(SMALL)
    painter.setFont(small)
    painter.setPen(QColor(theme.quiet))
    left = room.right() + MORE + GRID
    line = QRectF(left, 0, rest - left, TITLE)
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
    if words.mark is not None:
        _paint_mark(painter, theme, words.mark, frame)
    _paint_level(painter, theme, words, frame)
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


def _paint_mark(painter: QPainter, theme: Theme, mark: float, frame: Frame) -> None:
    y = _sharp(frame.y(mark))
    painter.setPen(QPen(QColor(theme.quiet), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(frame.plot.left(), y), QPointF(frame.plot.right(), y))


def _paint_level(painter: QPainter, theme: Theme, words: Words, frame: Frame) -> None:
    """Places below the plot and, where there are epochs, those in a second row; each row begins with its name."""
    plot = frame.plot
    bottom = _sharp(frame.axis)
    most = max(2, int(plot.width() / STEP_ROOM))
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(QPointF(plot.left(), bottom), QPointF(plot.right(), bottom))
    ticks = frame.level.ticks(most)
    for place, _ in ticks:
        x = _sharp(frame.x(place))
        painter.setPen(_hairline(theme))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, bottom))
        painter.setPen(QPen(QColor(theme.quiet), 1))
        painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + GRID / 2))
    row = QRectF(0, bottom + GRID / 2, plot.left(), ROW)
    _paint_row(painter, theme, row, [(frame.x(place), text) for place, text in ticks])
    metrics = painter.fontMetrics()
    _paint_name(painter, theme, level_name_room(frame, metrics.horizontalAdvance(words.level)), words.level)
    if words.steps_per_epoch is not None:
        row.translate(0, ROW - 2)
        per_epoch = words.steps_per_epoch
        name = QCoreApplication.translate("Chart", "epoch")
        _paint_name(painter, theme, row.adjusted(plot.left() - GRID - metrics.horizontalAdvance(name), 0, 0, 0), name)
        ticks = frame.level.in_units_of(per_epoch).ticks(most)
        _paint_row(painter, theme, row, [(frame.x(epoch * per_epoch), text) for epoch, text in ticks])


def level_name_room(frame: Frame, width: float) -> QRectF:
    """Where the level axis has its name, `width` px wide: left of its labels, or below them where it is longer."""
    below = not frame.level.counted
    top = _sharp(frame.axis) + GRID / 2 + (ROW - 2 if below else 0)
    return QRectF(GRID if below else frame.plot.left() - GRID - width, top, width, ROW)


def _paint_name(painter: QPainter, theme: Theme, room: QRectF, name: str) -> None:
    painter.setPen(QColor(theme.quiet))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)


def _paint_row(painter: QPainter, theme: Theme, row: QRectF, labels: list[tuple[float, str]]) -> None:
    painter.setPen(QColor(theme.quiet))
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
