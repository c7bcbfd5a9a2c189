"""What stands still on a fate map: its title, its areas, its axes and its legend."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen, QTransform

from lrviz.core.experiment import Experiment
from lrviz.core.fate import Axis, FateMap
from lrviz.core.landscape import Landscape
from lrviz.views import numbers
from lrviz.views.axis import linear_ticks, log_ticks, tick_text
from lrviz.views.fate_colors import numbered, paint_map, shares, swatch
from lrviz.views.fate_layout import LEFT, Layout
from lrviz.views.fate_words import axis_word, outcome_word, sign, title, translated
from lrviz.views.relief import heights, isolines
from lrviz.views.theme import BODY, GRID, SMALL, TITLE, Theme, font

ROWS = 12  # of a legend, at most
SWATCH = 14.0  # px
TICKS = 6
LEAST_SHARE = 0.001  # of the map, that is told as a number
ISOLINES = 9
ISOLINE_ALPHA = 70


def paint_question(painter: QPainter, layout: Layout, theme: Theme, experiment: Experiment, found: FateMap) -> None:
    """The title line: what is asked."""
    painter.setFont(font(TITLE, bold=True))
    painter.setPen(QColor(theme.text))
    words = title(experiment, found.question)
    metrics = painter.fontMetrics()
    if metrics.horizontalAdvance(words) > layout.title.width():
        painter.setFont(font(BODY, bold=True))
        metrics = painter.fontMetrics()
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, layout.title.width())
    painter.drawText(layout.title, Qt.AlignmentFlag.AlignVCenter, words)


def paint_areas(painter: QPainter, layout: Layout, theme: Theme, found: FateMap, landscape: Landscape | None) -> None:
    """The map itself; over a map of starts the surface's isolines, faintly, and a cross at each minimum."""
    area = QRectF(layout.map)
    painter.save()
    painter.setClipRect(area)
    paint_map(painter, area, found, theme)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if landscape is not None and found.question.kind == "starts":
        color = QColor(theme.text)
        color.setAlpha(ISOLINE_ALPHA)
        painter.setPen(QPen(color, 1))
        into = QTransform(area.width(), 0, 0, -area.height(), area.left(), area.bottom())
        painter.drawPath(into.map(isolines(heights(landscape.loss), ISOLINES)))
        for outcome in found.outcomes:
            if outcome.place is not None:
                _paint_cross(painter, theme, place_of(layout, found, *outcome.place))
    painter.restore()
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))


def place_of(layout: Layout, found: FateMap, x: float, y: float) -> QPointF:
    """Where a point of the axes stands, in px of the widget."""
    area = QRectF(layout.map)
    right, up = found.x.fraction(x), found.y.fraction(y)
    return QPointF(area.left() + right * area.width(), area.bottom() - up * area.height())


def paint_axes(painter: QPainter, layout: Layout, theme: Theme, found: FateMap) -> None:
    """Ticks and names below and at the left."""
    painter.setFont(font(SMALL, tabular=True))
    painter.setPen(QColor(theme.quiet))
    area, high = QRectF(layout.map), painter.fontMetrics().height()
    for value in _ticks(found.x):
        x = area.left() + found.x.fraction(value) * area.width()
        painter.drawLine(QPointF(x, area.bottom() + 1), QPointF(x, area.bottom() + 4))
        rect = QRectF(x - 40, area.bottom() + 5, 80, high)
        painter.drawText(rect, Qt.AlignmentFlag.AlignHCenter, tick_text(value))
    for value in _ticks(found.y):
        y = area.bottom() - found.y.fraction(value) * area.height()
        painter.drawLine(QPointF(area.left() - 4, y), QPointF(area.left() - 1, y))
        rect = QRectF(area.left() - 6 - 60, y - high / 2, 60, high)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick_text(value))
    below = QRectF(area.left(), area.bottom() + 4 + high, area.width(), high)
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, axis_word(found.x))
    painter.save()
    painter.translate(area.left() - LEFT + GRID * 0.5 + high / 2, area.center().y())
    painter.rotate(-90)
    painter.drawText(
        QRectF(-area.height() / 2, -high / 2, area.height(), high), Qt.AlignmentFlag.AlignHCenter, axis_word(found.y)
    )
    painter.restore()


def paint_legend(painter: QPainter, layout: Layout, theme: Theme, found: FateMap) -> None:
    """A row for each end that occurs, with its part of the map, and what the shades of a minimum mean."""
    painter.setFont(font(SMALL, tabular=True))
    high = max(painter.fontMetrics().height(), round(SWATCH)) + GRID // 2
    top, left, width = float(layout.legend.top()), float(layout.legend.left()), float(layout.legend.width())
    present, order = shares(found), numbered(found.outcomes)
    room = max(2, min(ROWS, int(layout.legend.height() / high) - 4))
    cut = [] if len(present) <= room else _least(found, present, len(present) - room + 1)
    for code, share in [row for row in present if row not in cut]:
        outcome = found.outcomes[code]
        swatch(theme, outcome, order[code]).paint(painter, QRectF(left, top, SWATCH, SWATCH))
        words = f"{sign(outcome.kind)} {outcome_word(outcome)}"
        _paint_row(painter, theme, QRectF(left, top, width, SWATCH), words, share)
        top += high
    if cut:
        words = translated("{count} minima more").format(count=len(cut))
        _paint_row(painter, theme, QRectF(left, top, width, SWATCH), words, sum(share for _, share in cut))
        top += high
    minima = [code for code, _ in present if found.outcomes[code].place is not None]
    if minima and top + 2.5 * high < layout.legend.bottom():
        _paint_scale(painter, theme, QRectF(left, top + GRID, width, high), found, minima[0], order[minima[0]])


def _least(found: FateMap, present: list[tuple[int, float]], count: int) -> list[tuple[int, float]]:
    """The `count` rarest minima of a legend."""
    minima = [row for row in present if found.outcomes[row[0]].place is not None]
    return sorted(minima, key=lambda row: row[1])[:count]


def _paint_row(painter: QPainter, theme: Theme, rect: QRectF, words: str, share: float) -> None:
    middle = Qt.AlignmentFlag.AlignVCenter
    text = rect.adjusted(SWATCH + GRID, -2, -6 * GRID, 2)
    painter.setPen(QColor(theme.text))
    painter.drawText(
        text, middle, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(text.width()))
    )
    painter.setPen(QColor(theme.quiet))
    part = numbers.percent(share) if share >= LEAST_SHARE else f"< {numbers.percent(LEAST_SHARE)}"
    painter.drawText(rect.adjusted(0, -2, 0, 2), middle | Qt.AlignmentFlag.AlignRight, part)


def _paint_scale(painter: QPainter, theme: Theme, rect: QRectF, found: FateMap, code: int, number: int) -> None:
    """From reached at once to reached at the last step, as the shades of one minimum."""
    colors = swatch(theme, found.outcomes[code], number)
    bar = QRectF(rect.left(), rect.top() + rect.height(), rect.width(), SWATCH / 2)
    ramp = QLinearGradient(bar.topLeft(), bar.topRight())
    ramp.setColorAt(0, colors.strong)
    ramp.setColorAt(1, colors.pale)
    painter.setPen(QColor(theme.quiet))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, translated("steps to a minimum"))
    painter.fillRect(bar, ramp)
    below = QRectF(bar.left(), bar.bottom() + 2, bar.width(), rect.height())
    painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0")
    painter.drawText(below, Qt.AlignmentFlag.AlignRight, numbers.count(found.question.steps))
    half = round(math.expm1(math.log1p(found.question.steps) / 2))  # shades go by the logarithm
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, numbers.count(half))


def _ticks(axis: Axis) -> tuple[float, ...]:
    low, high = sorted((axis.low, axis.high))
    return log_ticks(low, high, TICKS) if axis.log else linear_ticks(low, high, TICKS)


def _paint_cross(painter: QPainter, theme: Theme, at: QPointF, arm: float = 4) -> None:
    """The sign of a minimum, as on every map."""
    for pen in (theme.halo_pen(3.5), QPen(QColor(theme.text), 1.5)):
        painter.setPen(pen)
        painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
        painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
