"""How the lens's chart is painted: axes, one line a run, its best and its end, and where it crosses the level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from lrviz.core.lens import Lens, Row
from lrviz.views.axis import tick_text
from lrviz.views.lens_frame import RAIL, RIGHT, Frame
from lrviz.views.lens_letters import letters
from lrviz.views.lens_names import paint_names
from lrviz.views.lens_words import metric_title, translated
from lrviz.views.markers import HALO, marker_path, paint_marker
from lrviz.views.numbers import number
from lrviz.views.paths import path_from_points
from lrviz.views.theme import BODY, GRID, SMALL, Theme, run_marker

LINE = 2.0  # px
MARK = 6.0  # px: radius of best and last
CROSSING = 4.0  # px: radius of where a run crosses the level
HANDLE = 7.0  # px: half the width of the level's handle
TICK_ROOM = (80, 44)  # px of width and of height that a tick takes at least
CENTRED = Qt.AlignmentFlag.AlignCenter


def paint_chart(painter: QPainter, theme: Theme, lens: Lens, names: Sequence[str], frame: Frame, focused: bool) -> None:
    """`names` of the runs; `focused` where the arrow keys move the level."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_title(painter, theme, lens, frame)
    _paint_axes(painter, theme, lens, frame)
    for row in reversed(lens.rows):  # where they touch, the first run stands in front
        _paint_line(painter, theme, row, frame)
    if lens.level is not None:
        _paint_level(painter, theme, lens.level, frame, focused)
    for row in reversed(lens.rows):
        _paint_marks(painter, theme, lens, row, frame)
    drawn = [row for row in lens.rows if len(row.loss)]
    ends = [_end(row, frame) for row in drawn]
    room = frame.plot.adjusted(0, -RAIL, RIGHT, RAIL)
    paint_names(painter, theme, [names[row.run] for row in drawn], ends, room)


def _paint_title(painter: QPainter, theme: Theme, lens: Lens, frame: Frame) -> None:
    title, small = letters(BODY, bold=True), letters(SMALL)
    painter.setFont(title.font)
    painter.setPen(QColor(theme.text))
    line = QRectF(GRID, 0, frame.plot.right() - GRID, 3 * GRID)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, metric_title(lens))
    words = (("ring", translated("best")), ("disc", translated("at this epoch")), ("box", translated("at equal loss")))
    x = frame.plot.right() - sum(small.width(word) + 3.5 * GRID for _, word in words) + GRID
    if x < GRID + title.width(metric_title(lens)) + GRID:
        return
    painter.setFont(small.font)
    for sign, word in words:
        at, color = QPointF(x + MARK, line.center().y()), QColor(theme.quiet)
        if sign == "box":
            _paint_box(painter, theme, color, at)
        else:
            _paint_sign(painter, theme, "disc", color, at, hollow=sign == "ring")
        painter.setPen(QColor(theme.quiet))
        width = small.width(word)
        painter.drawText(QRectF(x + 2 * GRID, 0, width + 1, line.height()), Qt.AlignmentFlag.AlignVCenter, word)
        x += width + 3.5 * GRID


def _paint_axes(painter: QPainter, theme: Theme, lens: Lens, frame: Frame) -> None:
    plot = frame.plot
    painter.setFont(letters(SMALL).font)
    unit = "%" if lens.higher_is_better else ""
    grid = QPen(QColor(theme.line), 1)
    for tick in frame.figure.ticks(max(2, int(plot.height() / TICK_ROOM[1]))):
        y = _sharp(frame.y(tick))
        painter.setPen(grid)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(QColor(theme.quiet))
        room = QRectF(0, y - GRID, plot.left() - GRID, 2 * GRID)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick_text(tick, unit))
    bottom = plot.bottom() + RAIL
    edge = plot.bottom() if lens.higher_is_better else plot.top()
    dotted = QPen(QColor(theme.quiet), 1, Qt.PenStyle.CustomDashLine)  # beyond it figures lie outside of the scale
    dotted.setDashPattern([1, 3])
    painter.setPen(dotted)
    painter.drawLine(QPointF(plot.left(), _sharp(edge)), QPointF(plot.right(), _sharp(edge)))
    for tick in frame.loss.ticks(max(2, int(plot.width() / TICK_ROOM[0]))):
        x = _sharp(frame.x(tick))
        painter.setPen(grid)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, bottom + GRID / 2))
        painter.setPen(QColor(theme.quiet))
        painter.drawText(QRectF(x - 60, bottom + GRID / 2, 120, 2 * GRID), CENTRED, number(tick))
    name = QRectF(plot.left(), bottom + 2 * GRID, plot.width(), 2 * GRID)
    painter.drawText(name, CENTRED, translated("training loss, log, falling →"))


def _paint_line(painter: QPainter, theme: Theme, row: Row, frame: Frame) -> None:
    if len(row.loss) < 2:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = path_from_points(frame.points(row.loss, row.figures), np.zeros(1, np.intp))
    painter.setPen(theme.run_pen(row.run, LINE))
    painter.drawPath(path)


def _paint_marks(painter: QPainter, theme: Theme, lens: Lens, row: Row, frame: Frame) -> None:
    if not len(row.loss):
        return
    color = theme.run_color(row.run)
    if lens.level is not None and row.level is not None:
        _paint_box(painter, theme, color, frame.point(lens.level, row.level.figure))
    if row.best is not None:
        loss = float(row.loss[int(row.steps.searchsorted(row.best.step))])
        _paint_sign(painter, theme, run_marker(row.run), color, frame.point(loss, row.best.figure), hollow=True)
    paint_marker(painter, theme, row.run, _end(row, frame), MARK)


def _end(row: Row, frame: Frame) -> QPointF:
    """Where a line that has begun ends."""
    return frame.point(float(row.loss[-1]), float(row.figures[-1]))


def _paint_box(painter: QPainter, theme: Theme, color: QColor, at: QPointF) -> None:
    painter.setPen(QPen(color, 2))
    painter.setBrush(QColor(theme.field))
    painter.drawRect(QRectF(at.x() - CROSSING, at.y() - CROSSING, 2 * CROSSING, 2 * CROSSING))


def _paint_sign(painter: QPainter, theme: Theme, name: str, color: QColor, at: QPointF, hollow: bool) -> None:
    """A marker, full or hollow, with its halo."""
    path: QPainterPath = marker_path(name, MARK).translated(at)
    painter.strokePath(path, theme.halo_pen(2 * HALO + 2))
    if hollow:
        painter.fillPath(path, QColor(theme.field))
        painter.strokePath(path, QPen(color, 2))
    else:
        painter.fillPath(path, color)


def _paint_level(painter: QPainter, theme: Theme, level: float, frame: Frame, focused: bool) -> None:
    """A line from top to bottom with a handle to take it by, and the training loss at which it stands."""
    x, plot = frame.x(level), frame.plot
    accent = QColor(theme.accent)
    painter.setPen(QPen(QColor(theme.quiet), 2))
    painter.drawLine(QPointF(x, plot.top() - RAIL - GRID), QPointF(x, plot.bottom() + RAIL))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(accent)
    top = plot.top() - RAIL - 2.5 * GRID
    painter.drawPolygon(QPolygonF([QPointF(x - HANDLE, top), QPointF(x + HANDLE, top), QPointF(x, top + 1.5 * HANDLE)]))
    small = letters(SMALL, bold=True)
    text = translated("equal training loss {loss}").format(loss=number(level))
    width = small.width(text)
    room = QRectF(x + HANDLE + GRID / 2, top - GRID / 2, width + 2, 2 * GRID)
    if room.right() > plot.right():
        room.moveRight(x - HANDLE - GRID / 2)
    painter.setFont(small.font)
    painter.setPen(accent)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
    if focused:
        painter.setPen(QPen(accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(x - HANDLE - 3, top - 3, 2 * HANDLE + 6, 1.5 * HANDLE + 6), 3, 3)


def _sharp(place: float) -> float:
    """The middle of a pixel: a line of width 1 fills it and no other."""
    return round(place - 0.5) + 0.5
