"""A sweep over two parameters: the median as a colour, and the ridge of best rates."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from lrviz.core.sweep import SweepTable
from lrviz.core.sweep_reading import Best, Reading, larger_is_better
from lrviz.views.axis import tick_text
from lrviz.views.color import oklab_from_rgb, rgb_from_hex, rgb_from_oklab
from lrviz.views.lens_letters import letters
from lrviz.views.sweep_frame import Frame
from lrviz.views.sweep_ink import MIDDLE, Sign, paint_legend, paint_marked_rate, paint_rates, sharp
from lrviz.views.sweep_words import as_good_word, knob_title, translated, value_text
from lrviz.views.theme import GRID, SMALL, Theme

LEVELS = 256
PALE = 0.06  # of the hue that the worst has
STEEPER = 2.0  # accuracies are told apart best near the top, where it matters
STRIPE = 4  # px: half a period of the pattern over what diverged
RIDGE = 2.0  # px
MARK = 4.5  # px: radius of a best rate
WHISKER = 4.0  # px: half the end of what is as good
ROOMY = 12  # px of a row from which on it says what is as good
GAPS = 8  # px of a column or a row from which on a hairline parts it from the next


def paint_map(
    painter: QPainter, theme: Theme, table: SweepTable, reading: Reading, ridge: tuple[Best | None, ...], frame: Frame
) -> None:
    """A table with a second axis, read at one mark."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ratio = painter.device().devicePixelRatioF()
    painter.drawImage(frame.plot.topLeft(), _cells(theme, reading, frame, ratio))
    _paint_gaps(painter, theme, frame)
    paint_rates(painter, theme, frame, grid=False)
    _paint_values(painter, theme, table, frame)
    paint_marked_rate(painter, theme, frame, frame.plot.top() - letters(SMALL).height - 1)
    _paint_ridge(painter, theme, ridge, frame)
    _paint_bar(painter, theme, reading, frame)
    paint_legend(painter, theme, frame.legend, _signs(theme, reading, frame))


def ramp(theme: Theme) -> NDArray[np.uint8]:
    """(LEVELS, 3) from the worst to the best: from the ground's colour to the first run's, in even steps to the eye."""
    ground = oklab_from_rgb(rgb_from_hex(theme.field))
    hue = oklab_from_rgb(rgb_from_hex(theme.runs[0]))
    part = np.linspace(PALE, 1, LEVELS)[:, None]
    return np.rint(np.clip(rgb_from_oklab(ground + (hue - ground) * part), 0, 1) * 255).astype(np.uint8)


def goodness(metric: str, figures: NDArray[np.float64], frame: Frame) -> NDArray[np.float64]:
    """0 of the worst on the scale to 1 of the best; nan where nothing is known."""
    part = np.clip(frame.figures.fractions(figures), 0, 1)
    return np.asarray(part**STEEPER if larger_is_better(metric) else 1 - part)


def _cells(theme: Theme, reading: Reading, frame: Frame, ratio: float) -> QImage:
    """The plot in device pixels: a colour a cell, stripes where the median has diverged, the ground where unknown."""
    plot = frame.plot
    columns, rows = round(plot.width() * ratio), round(plot.height() * ratio)
    xs = plot.left() + (np.arange(columns) + 0.5) / ratio
    rates = np.clip(np.searchsorted(frame.edges, xs) - 1, 0, len(frame.lrs) - 1)
    values = np.minimum((rows - 1 - np.arange(rows)) * frame.rows // max(rows, 1), frame.rows - 1)
    median = reading.median
    known, lost = np.isfinite(median), np.isinf(median)
    colors = np.full(median.shape, _word(theme.field), np.uint32)
    colors[known] = _ramp_words(theme)[_levels(reading.metric, median[known], frame)]
    colors[lost] = _word(theme.raised)
    striped = np.where(lost, np.uint32(_word(theme.line)), colors)
    down, across = np.ogrid[:rows, :columns]
    stripes = ((down + across) // max(1, round(STRIPE * ratio))) % 2 == 0
    image = _image(np.where(stripes, striped[:, rates][values], colors[:, rates][values]))
    image.setDevicePixelRatio(ratio)
    return image


def _levels(metric: str, figures: NDArray[np.float64], frame: Frame) -> NDArray[np.intp]:
    return np.rint(goodness(metric, figures, frame) * (LEVELS - 1)).astype(np.intp)


@lru_cache(maxsize=2)
def _ramp_words(theme: Theme) -> NDArray[np.uint32]:
    """(LEVELS,) the ramp as pixels."""
    red, green, blue = ramp(theme).astype(np.uint32).T
    return np.asarray((255 << 24) | (red << 16) | (green << 8) | blue, np.uint32)


def _word(color: str) -> int:
    """A colour as a pixel."""
    return (255 << 24) | int(color[1:], 16)


def _image(words: NDArray[np.uint32]) -> QImage:
    """(H, W) pixels."""
    words = np.ascontiguousarray(words)
    rows, columns = words.shape
    return QImage(words.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def _paint_gaps(painter: QPainter, theme: Theme, frame: Frame) -> None:
    plot = frame.plot
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(theme.field), 1))
    if plot.height() / frame.rows >= GAPS:
        for value in range(1, frame.rows):
            y = sharp(frame.row(value).bottom())
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    if plot.width() / len(frame.lrs) >= GAPS:
        for x in frame.edges[1:-1].tolist():
            painter.drawLine(QPointF(sharp(x), plot.top()), QPointF(sharp(x), plot.bottom()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_values(painter: QPainter, theme: Theme, table: SweepTable, frame: Frame) -> None:
    """The knob's name above its values; where rows are low, every second or third value or so."""
    small = letters(SMALL)
    painter.setFont(small.font)
    painter.setPen(QColor(theme.quiet))
    stride = max(1, int(np.ceil(small.height * frame.rows / frame.plot.height())))
    for value in range(0, frame.rows, stride):
        row = frame.row(value)
        room = QRectF(0, row.center().y() - GRID, frame.plot.left() - GRID, 2 * GRID)
        words = value_text(table.question.values[value])
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | MIDDLE, words)
    room = QRectF(2 * GRID, frame.plot.top() - 2.5 * GRID, frame.plot.center().x() - 2 * GRID, 2.5 * GRID)
    words = small.metrics.elidedText(knob_title(table.question), Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, MIDDLE, words)


def _paint_ridge(painter: QPainter, theme: Theme, ridge: tuple[Best | None, ...], frame: Frame) -> None:
    """A line from best rate to best rate, and at each row what is as good; broken where every rate diverged."""
    parts: list[list[QPointF]] = [[]]
    whiskers: list[tuple[QPointF, QPointF]] = []
    for value, best in enumerate(ridge):
        if best is None:
            parts.append([])
            continue
        y = frame.row(value).center().y()
        parts[-1].append(QPointF(float(frame.xs[best.rate]), y))
        if best.first < best.last:
            whiskers.append((QPointF(float(frame.xs[best.first]), y), QPointF(float(frame.xs[best.last]), y)))
    roomy = _is_roomy(frame)
    radius = MARK if roomy else MARK / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for halo in (True, False):
        painter.setPen(theme.halo_pen(RIDGE + 3) if halo else _ridge_pen(theme))
        for part in parts:
            painter.drawPolyline(QPolygonF(part))
        painter.setPen(theme.halo_pen(4) if halo else QPen(QColor(theme.text), 1.5))
        for left, right in whiskers if roomy else []:
            _paint_whisker(painter, left, right)
        painter.setPen(theme.halo_pen(3) if halo else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        for at in [point for part in parts for point in part]:
            painter.drawEllipse(at, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _is_roomy(frame: Frame) -> bool:
    """Whether rows are high enough to show what is as good as the best."""
    return frame.plot.height() / frame.rows >= ROOMY


def _ridge_pen(theme: Theme) -> QPen:
    return QPen(QColor(theme.text), RIDGE)


def _paint_whisker(painter: QPainter, left: QPointF, right: QPointF) -> None:
    painter.drawLine(left, right)
    for end in (left, right):
        painter.drawLine(end - QPointF(0, WHISKER), end + QPointF(0, WHISKER))


def _paint_bar(painter: QPainter, theme: Theme, reading: Reading, frame: Frame) -> None:
    """What the colours mean, with ticks at the right."""
    bar = frame.bar
    parts = 1 - (np.arange(LEVELS) + 0.5) / LEVELS
    words = _ramp_words(theme)[_levels(reading.metric, _figures_at(parts, frame), frame)]
    painter.drawImage(bar, _image(words[:, None]))
    small = letters(SMALL)
    painter.setFont(small.font)
    painter.setPen(QColor(theme.quiet))
    unit = "%" if larger_is_better(reading.metric) else ""
    for tick in frame.figures.ticks(max(2, int(bar.height() / (3 * GRID)))):
        room = QRectF(bar.right() + GRID / 2, frame.y(tick) - GRID, 6 * GRID, 2 * GRID)
        painter.drawText(room, MIDDLE, tick_text(tick, unit))


def _figures_at(parts: NDArray[np.float64], frame: Frame) -> NDArray[np.float64]:
    low, high = frame.figures.low, frame.figures.high
    return np.asarray(low * (high / low) ** parts if frame.figures.log else low + (high - low) * parts)


def _signs(theme: Theme, reading: Reading, frame: Frame) -> list[Sign]:
    def best(painter: QPainter, room: QRectF) -> None:
        painter.setPen(_ridge_pen(theme))
        painter.drawLine(QPointF(room.left(), room.center().y()), QPointF(room.right(), room.center().y()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        painter.drawEllipse(room.center(), MARK, MARK)

    def as_good(painter: QPainter, room: QRectF) -> None:
        painter.setPen(QPen(QColor(theme.text), 1.5))
        middle = room.center().y()
        _paint_whisker(painter, QPointF(room.left() + 2, middle), QPointF(room.right() - 2, middle))

    def lost(painter: QPainter, room: QRectF) -> None:
        box = room.adjusted(3, 5, -3, -5)
        painter.fillRect(box, QColor(theme.raised))
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(QColor(theme.line), STRIPE * 0.7))
        for x in range(round(box.left() - box.height()), round(box.right()) + STRIPE, 2 * STRIPE):
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
        painter.restore()

    return [
        (translated("best rate"), best),
        *([(as_good_word(reading.metric), as_good)] if _is_roomy(frame) else []),
        (translated("diverged with most seeds"), lost),
    ]
