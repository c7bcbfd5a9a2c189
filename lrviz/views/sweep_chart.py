"""A sweep's chart: a dot a run, the median and the middle half of the seeds, and the rates as good as the best."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from lrviz.core.sweep_reading import Best, Reading, larger_is_better
from lrviz.views.axis import tick_text
from lrviz.views.lens_letters import letters
from lrviz.views.sweep_frame import Frame
from lrviz.views.sweep_ink import (
    MIDDLE,
    Sign,
    paint_label,
    paint_legend,
    paint_marked_rate,
    paint_rates,
    sharp,
    veiled,
)
from lrviz.views.sweep_words import as_good_word, rate_text, translated
from lrviz.views.theme import GRID, SMALL, Theme

DOT, LEAST_DOT = 5.5, 3.5  # px: a run's dot, and where many stand side by side
CROSS = 2.2  # px: half a diverged run's sign
BAND, REGION, RUN = 0.22, 0.16, 0.7  # how much of their colour they have
MEDIAN = 2.0  # px
BEST = 5.5  # px: radius of the best rate's ring
TICK_ROOM = 40  # px of height that a tick takes at least
BEYOND = 7.0  # px of the region beside its first and last rate
TALL = 4.0  # px: the region's foot on the axis


def paint_chart(painter: QPainter, theme: Theme, reading: Reading, best: Best | None, frame: Frame) -> None:
    """A table without a second axis, read at one mark, and its best rate there."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # what is level and upright is sharp without
    _paint_figures(painter, theme, reading, frame)
    paint_rates(painter, theme, frame, grid=True)
    if best is not None:
        _paint_region(painter, theme, best, frame)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_rail(painter, theme, reading, frame)
    _paint_band(painter, theme, reading, frame)
    _paint_runs(painter, theme, reading, frame)
    _paint_median(painter, theme, reading, frame)
    small = letters(SMALL, bold=True)
    lowest = frame.plot.bottom() - small.height - TALL - 2  # the side on which a best rate leaves room
    free = lowest if larger_is_better(reading.metric) else frame.plot.top() + 2
    paint_marked_rate(painter, theme, frame, free)
    if best is not None:
        _paint_best(painter, theme, best, frame)
    paint_legend(painter, theme, frame.legend, _signs(theme, reading))


def run_places(reading: Reading, frame: Frame) -> NDArray[np.float64]:
    """(R, S, 2) px of the runs' dots, those of diverged ones on the rail; nan where a run is not known."""
    values = reading.values[0]
    ys = np.where(np.isinf(values), frame.rail_ys(values.shape[1])[None, :], frame.ys(values))
    xs = np.broadcast_to(frame.xs[:, None], ys.shape)
    return np.stack([np.where(np.isnan(ys), np.nan, xs), ys], axis=-1)


def dot_width(frame: Frame) -> float:
    """px: smaller where many rates stand side by side."""
    return float(np.clip(1.2 * frame.plot.width() / len(frame.lrs), LEAST_DOT, DOT))


def _paint_figures(painter: QPainter, theme: Theme, reading: Reading, frame: Frame) -> None:
    plot = frame.plot
    painter.setFont(letters(SMALL).font)
    unit = "%" if larger_is_better(reading.metric) else ""
    for tick in frame.figures.ticks(max(2, int(plot.height() / TICK_ROOM))):
        y = sharp(frame.y(tick))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(QColor(theme.quiet))
        room = QRectF(0, y - GRID, plot.left() - GRID, 2 * GRID)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | MIDDLE, tick_text(tick, unit))


def _paint_region(painter: QPainter, theme: Theme, best: Best, frame: Frame) -> None:
    """From the lowest to the highest rate that is as good, and a little beyond: less than half way to the next."""
    left = max(float(frame.xs[best.first]) - BEYOND, float(frame.edges[best.first]))
    right = min(float(frame.xs[best.last]) + BEYOND, float(frame.edges[best.last + 1]))
    color = theme.run_color(2)
    painter.fillRect(QRectF(left, frame.plot.top(), right - left, frame.plot.height()), veiled(color, REGION))
    painter.fillRect(QRectF(left, frame.plot.bottom() - TALL, right - left, TALL), color)


def _paint_rail(painter: QPainter, theme: Theme, reading: Reading, frame: Frame) -> None:
    rail = frame.rail
    painter.fillRect(rail, QColor(theme.window))
    painter.setFont(letters(SMALL).font)
    painter.setPen(QColor(theme.quiet))
    name = QRectF(0, rail.top(), rail.left() - GRID, rail.height())
    painter.drawText(name, Qt.AlignmentFlag.AlignRight | MIDDLE, translated("diverged"))
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(QPointF(rail.left(), sharp(rail.bottom())), QPointF(rail.right(), sharp(rail.bottom())))
    lost = np.isinf(reading.values[0])
    painter.setPen(QPen(QColor(theme.warning), 1.5))
    places = run_places(reading, frame)[lost].tolist()
    painter.drawLines([line for x, y in places for line in _cross(x, y)])


def _cross(x: float, y: float) -> tuple[QLineF, QLineF]:
    return QLineF(x - CROSS, y - CROSS, x + CROSS, y + CROSS), QLineF(x - CROSS, y + CROSS, x + CROSS, y - CROSS)


def _paint_band(painter: QPainter, theme: Theme, reading: Reading, frame: Frame) -> None:
    """The middle half of the seeds; a quartile that has diverged stands at the plot's worse edge."""
    low, high = reading.low[0], reading.high[0]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(veiled(theme.run_color(0), BAND))
    for part in _stretches(np.isfinite(reading.median[0]), reading.known[0] > 0):
        upper = [QPointF(x, y) for x, y in zip(frame.xs[part].tolist(), frame.ys(high[part]).tolist(), strict=True)]
        lower = [QPointF(x, y) for x, y in zip(frame.xs[part].tolist(), frame.ys(low[part]).tolist(), strict=True)]
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))


def _paint_runs(painter: QPainter, theme: Theme, reading: Reading, frame: Frame) -> None:
    """Those above the scale stand at its edge."""
    places = run_places(reading, frame)[np.isfinite(reading.values[0])].tolist()
    painter.setPen(_dot_pen(theme, dot_width(frame)))
    painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in places]))


def _dot_pen(theme: Theme, width: float) -> QPen:
    color = veiled(theme.run_color(0), RUN)
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def _median_pen(theme: Theme) -> QPen:
    join = Qt.PenJoinStyle.RoundJoin
    return QPen(theme.run_color(0), MEDIAN, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, join)


def _paint_median(painter: QPainter, theme: Theme, reading: Reading, frame: Frame) -> None:
    medians = reading.median[0]
    painter.setPen(_median_pen(theme))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for part in _stretches(np.isfinite(medians), reading.known[0] > 0):
        places = zip(frame.xs[part].tolist(), frame.ys(medians[part]).tolist(), strict=True)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in places]))


def _paint_best(painter: QPainter, theme: Theme, best: Best, frame: Frame) -> None:
    """A ring at its median and the rate beside it."""
    at = QPointF(float(frame.xs[best.rate]), frame.y(best.median))
    for pen in (theme.halo_pen(5), QPen(QColor(theme.text), 2)):
        painter.setPen(pen)
        painter.setBrush(QColor(theme.field))
        painter.drawEllipse(at, BEST, BEST)
    small = letters(SMALL, bold=True)
    words = rate_text(best.lr)
    width = small.width(words)
    x = min(max(at.x() - width / 2, frame.plot.left() + 4), frame.plot.right() - width - 4)
    below = at.y() + BEST + 3
    above = at.y() - BEST - 3 - small.height
    up = (above >= frame.plot.top() and not _is_high(at, frame)) or below + small.height > frame.plot.bottom()
    paint_label(painter, theme, words, QRectF(x, above if up else below, width, small.height))


def _is_high(at: QPointF, frame: Frame) -> bool:
    return at.y() < frame.plot.center().y()


def _stretches(drawn: NDArray[np.bool_], known: NDArray[np.bool_]) -> Iterator[NDArray[np.intp]]:
    """Indices of rates to join with one line: those not known yet are passed over, what diverged parts them."""
    part: list[int] = []
    for rate in np.flatnonzero(known).tolist():
        if drawn[rate]:
            part.append(rate)
        elif part:
            yield np.array(part)
            part = []
    if part:
        yield np.array(part)


def _signs(theme: Theme, reading: Reading) -> list[Sign]:
    def run(painter: QPainter, room: QRectF) -> None:
        painter.setPen(_dot_pen(theme, DOT))
        painter.drawPoint(room.center())

    def median(painter: QPainter, room: QRectF) -> None:
        painter.setPen(_median_pen(theme))
        painter.drawLine(QPointF(room.left() + 2, room.center().y()), QPointF(room.right() - 2, room.center().y()))

    def band(painter: QPainter, room: QRectF) -> None:
        painter.fillRect(room.adjusted(3, 5, -3, -5), veiled(theme.run_color(0), BAND))

    def region(painter: QPainter, room: QRectF) -> None:
        box = room.adjusted(3, 5, -3, -5)
        painter.fillRect(box, veiled(theme.run_color(2), REGION))
        painter.fillRect(QRectF(box.left(), box.bottom() - 3, box.width(), 3), theme.run_color(2))

    signs: list[Sign] = [(translated("a run"), run), (translated("median"), median)]
    if reading.values.shape[2] > 1:
        signs.append((translated("middle half of the seeds"), band))
    else:
        signs = [(translated("a run"), run)]
    return [*signs, (as_good_word(reading.metric), region)]
