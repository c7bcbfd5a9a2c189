"""How the range test's chart is painted: axes, the sweep's best region, the curves, and what stands on them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from lrviz.core.range_test import RangeTest, Rows
from lrviz.views.axis import tick_text
from lrviz.views.find_curves import thinned
from lrviz.views.find_frame import MARKS, TITLE, Frame
from lrviz.views.find_rows import Region, RuleRow
from lrviz.views.find_words import chart_title, translated
from lrviz.views.lens_letters import letters
from lrviz.views.markers import marker_path, paint_marker
from lrviz.views.numbers import number
from lrviz.views.paths import path_from_points
from lrviz.views.theme import BODY, GRID, SMALL, Theme

ADVISED = 0.001  # the rate that the text calls perfect
RAW, SMOOTH = 1.0, 1.8  # px of the lines
FAINT = 0.32  # how opaque raw losses are
BAND = 0.14  # how opaque the sweep's region is
MARK = 5.0  # px: radius of a rule's marker on the curves
END = 4.0  # px: radius of the cross where a seed ended
SWATCH = 20.0  # px of a line in the legend
POINTS, PORTION = 6_000, 32  # of all curves together, and of a path that is stroked at once
TICK_ROOM = (72, 36)  # px of width and of height that a tick takes at least
CENTRED = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def paint_chart(
    painter: QPainter, theme: Theme, test: RangeTest, smooth: Rows, region: Region | None, frame: Frame, room: float
) -> None:
    """All but the rules; the title line ends at `room` px."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if region is not None:
        _paint_band(painter, theme, region, frame)
    _paint_axes(painter, theme, frame)
    _paint_title(painter, theme, test, frame, room)
    _paint_named_rates(painter, theme, region, frame)
    painter.save()
    painter.setClipRect(frame.plot)
    _paint_curves(painter, theme, test, smooth, frame)
    painter.restore()
    _paint_ends(painter, theme, test, smooth, frame)


def paint_picks(painter: QPainter, theme: Theme, rows: tuple[RuleRow, ...], lrs: Rows, smooth: Rows, f: Frame) -> None:
    """Each rule's median suggestion as a marker on the median of the smoothed curves."""
    with np.errstate(all="ignore"):
        known = np.isfinite(smooth).any(axis=0)
        middle = np.full(smooth.shape[1], np.nan)
        middle[known] = np.nanmedian(np.where(np.isfinite(smooth[:, known]), smooth[:, known], np.nan), axis=0)
    for rule, row in reversed(list(enumerate(rows))):
        rate = row.suggestion.median
        if rate is None or not known.any():
            continue
        loss = float(np.interp(np.log(rate), np.log(lrs[known]), middle[known]))
        paint_marker(painter, theme, rule, f.point(rate, loss), MARK)


def _paint_title(painter: QPainter, theme: Theme, test: RangeTest, frame: Frame, room: float) -> None:
    """With the legend, both left of `room` px."""
    painter.setFont(letters(BODY, bold=True).font)
    painter.setPen(QColor(theme.text))
    title = chart_title(test, frame.loss.log)
    painter.drawText(QRectF(2 * GRID, 0, frame.plot.right(), TITLE), LEFT, title)
    _paint_legend(painter, theme, 5 * GRID + letters(BODY, bold=True).width(title), room)


def _paint_legend(painter: QPainter, theme: Theme, left: float, right: float) -> None:
    """What the lines and the crosses are, where there is room for it between left and right."""
    small = letters(SMALL)
    words = (translated("smoothed"), translated("raw"), translated("overflowed"))
    if left + sum(small.width(word) + SWATCH + 2.5 * GRID for word in words) > right:
        return
    painter.setFont(small.font)
    for sign, word in zip((smooth_pen(theme), raw_pen(theme), None), words, strict=True):
        swatch = QRectF(left, 0, SWATCH, TITLE)
        if sign is None:
            swatch.setWidth(2 * END)
            painter.fillPath(marker_path("cross", END).translated(swatch.center()), QColor(theme.warning))
        else:
            painter.setPen(sign)
            painter.drawLine(QPointF(left, sharp(TITLE / 2)), QPointF(left + SWATCH, sharp(TITLE / 2)))
        painter.setPen(QColor(theme.quiet))
        painter.drawText(QRectF(swatch.right() + GRID / 2, 0, small.width(word) + 1, TITLE), LEFT, word)
        left = swatch.right() + small.width(word) + 2.5 * GRID


def _paint_axes(painter: QPainter, theme: Theme, frame: Frame) -> None:
    plot, strip = frame.plot, frame.strip
    painter.setFont(letters(SMALL).font)
    grid = QPen(QColor(theme.line), 1)
    for tick in frame.loss.ticks(max(2, int(plot.height() / TICK_ROOM[1]))):
        y = sharp(frame.point(frame.rates.low, tick).y())
        painter.setPen(grid)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(QColor(theme.quiet))
        painter.drawText(QRectF(0, y - GRID, plot.left() - GRID, 2 * GRID), RIGHT, tick_text(tick))
    bottom = strip.bottom()
    painter.setPen(grid)
    painter.drawLine(QPointF(plot.left(), sharp(bottom)), QPointF(plot.right(), sharp(bottom)))
    for tick in frame.rates.ticks(max(2, int(plot.width() / TICK_ROOM[0]))):
        x = sharp(frame.x(tick))
        painter.setPen(grid)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, bottom + GRID / 2))
        painter.setPen(QColor(theme.quiet))
        painter.drawText(QRectF(x - 60, bottom + GRID / 2, 120, 2 * GRID - 2), CENTRED, number(tick))
    name = QRectF(plot.left(), bottom + 2 * GRID + 1, plot.width(), 2 * GRID - 2)
    painter.drawText(name, CENTRED, translated("learning rate, log"))


def _paint_band(painter: QPainter, theme: Theme, region: Region, frame: Frame) -> None:
    color = QColor(theme.accent)
    color.setAlphaF(BAND)
    left, right = _band(region, frame)
    painter.fillRect(QRectF(left, frame.plot.top(), right - left, frame.strip.bottom() - frame.plot.top()), color)


def _band(region: Region, frame: Frame) -> tuple[float, float]:
    """Px from left to right; a single rate is wide enough to be seen."""
    left, right = frame.x(region.low), frame.x(region.high)
    spare = max(0.0, 4 - (right - left)) / 2
    return left - spare, right + spare


def _paint_named_rates(painter: QPainter, theme: Theme, region: Region | None, frame: Frame) -> None:
    """0.001 with its line, and the region's name, above the plot."""
    small, plot = letters(SMALL, bold=True), frame.plot
    painter.setFont(small.font)
    taken = QRectF()
    if frame.rates.low <= ADVISED <= frame.rates.high:
        x, text = sharp(frame.x(ADVISED)), number(ADVISED)
        line = QPen(QColor(theme.text), 1, Qt.PenStyle.CustomDashLine)
        line.setDashPattern([4, 4])
        painter.setPen(line)
        painter.drawLine(QPointF(x, plot.top() - 2), QPointF(x, frame.strip.bottom()))
        width = small.width(text) + 2
        taken = QRectF(x - width / 2, plot.top() - MARKS, width, MARKS - 2)
        painter.setPen(QColor(theme.text))
        painter.drawText(taken, CENTRED, text)
    if region is None:
        return
    left, right = _band(region, frame)
    text = translated("sweep's best region")
    width = small.width(text) + 2
    beside = GRID
    for start in (
        (left + right - width) / 2,
        max(left, taken.right() + beside),
        min(right, taken.left() - beside) - width,
        plot.right() - width,
        plot.left(),
    ):
        room = QRectF(start, plot.top() - MARKS, width, MARKS - 2)
        clear = not room.adjusted(-beside / 2, 0, beside / 2, 0).intersects(taken)
        if clear and room.left() >= plot.left() and room.right() <= plot.right() + GRID:
            painter.setPen(QColor(theme.accent))
            painter.drawText(room, CENTRED, text)
            return


def _paint_curves(painter: QPainter, theme: Theme, test: RangeTest, smooth: Rows, frame: Frame) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rows, pen in ((test.losses, raw_pen(theme)), (smooth, smooth_pen(theme))):
        painter.setPen(pen)
        for losses in rows:
            for path in _paths(test.lrs, losses, frame, POINTS // len(rows)):
                painter.drawPath(path)


def _paths(lrs: Rows, losses: Rows, frame: Frame, most: int) -> list[QPainterPath]:
    """A curve in portions, since Qt strokes a long path that crosses itself slowly."""
    known = np.isfinite(losses)
    points = thinned(frame.points(lrs[known], losses[known]), min(int(frame.plot.width()) + 1, most))
    portions = (points[first : first + PORTION + 1] for first in range(0, len(points) - 1, PORTION))
    return [path_from_points(portion, np.zeros(1, np.intp)) for portion in portions]


def _paint_ends(painter: QPainter, theme: Theme, test: RangeTest, smooth: Rows, frame: Frame) -> None:
    """A cross where a seed's loss was no number any more, at the upper edge where its curve has left the plot."""
    if not test.complete:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    for line in smooth:
        known = np.flatnonzero(np.isfinite(line))
        if len(known) and known[-1] + 1 < len(line):
            at = frame.point(float(test.lrs[known[-1]]), float(line[known[-1]]))
            painter.fillPath(marker_path("cross", END).translated(at), QColor(theme.warning))


def raw_pen(theme: Theme) -> QPen:
    faint = QColor(theme.quiet)
    faint.setAlphaF(FAINT)
    return _round(QPen(faint, RAW))


def smooth_pen(theme: Theme) -> QPen:
    return _round(QPen(QColor(theme.text), SMOOTH))


def _round(pen: QPen) -> QPen:
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def sharp(place: float) -> float:
    """The middle of a pixel: a line of width 1 fills it and no other."""
    return round(place - 0.5) + 0.5
