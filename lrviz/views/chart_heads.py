"""Where the lines of a chart end at one step: their heads, and the rates that name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QRegion

from lrviz.views.chart_frame import RAIL, Frame
from lrviz.views.labels import spread
from lrviz.views.markers import paint_marker
from lrviz.views.numbers import number
from lrviz.views.series import Series
from lrviz.views.theme import GRID, SMALL, Theme, font

RADIUS = 3.5  # px: heads are smaller than the board's, lines lie closer here
LEADER = 2 * GRID  # px from a head to its label
ARROW = 7.0  # px from a marker on a rail to its arrow, and the arrow's own room
LABEL = 13.0  # px: a label's line


@dataclass(frozen=True)
class Head:
    """The last point of a run's line, in px. `side` is 1 or -1 on a rail; `ended`: the run goes no further."""

    run: int
    at: QPointF
    side: int
    ended: bool
    rate: str

    @property
    def stays(self) -> bool:
        """Whether its label stands on the rail beside it, not with those of the runs that go on."""
        return self.ended and self.side != 0


@dataclass(frozen=True)
class Label:
    """A rate, and where its text begins and is centred."""

    head: Head
    at: QPointF


class Moving:
    """All that stands at the ends of the lines at one step."""

    def __init__(self, frame: Frame, series: Sequence[Series], step: int) -> None:
        self.step = step
        self._frame = frame
        self._heads = heads_at(frame, series, step)
        metrics = QFontMetricsF(font(SMALL))
        widths = {head.rate: metrics.horizontalAdvance(head.rate) for head in self._heads}
        self._labels = place_labels(frame, self._heads, step, widths)
        going = [label.at.x() + widths[label.head.rate] for label in self._labels if not label.head.stays]
        self.right = max(going, default=frame.x(step)) + 4  # px: how far the labels reach

    def paint(self, painter: QPainter, theme: Theme, *, labels: bool) -> None:
        painter.setFont(font(SMALL))
        for label in self._labels:
            if labels or label.head.stays:
                _paint_label(painter, theme, label)
        for head in self._heads:
            paint_marker(painter, theme, head.run, head.at, RADIUS)
            if head.side and not head.ended:
                at = QPointF(head.at.x() + RADIUS + ARROW, head.at.y())
                painter.fillPath(_arrow(at, head.side), theme.run_color(head.run))

    def region(self) -> QRegion:
        """Where all of it is painted, and the lines' tails with it."""
        frame, plot = self._frame, self._frame.plot
        ends = [head.at.x() for head in self._heads if not head.stays]
        left = min([*ends, frame.x(self.step), frame.x(frame.pieces(self.step) * frame.piece - 1)]) - 3 * RADIUS
        edge = RAIL + 2
        region = QRegion(QRectF(left, plot.top() - edge, self.right - left, plot.height() + 2 * edge).toAlignedRect())
        if any(head.stays for head in self._heads):
            for y in (frame.rail_above, frame.rail_below):
                rail = QRectF(0, y - edge / 2, plot.right() + LEADER, edge)
                region |= QRegion(rail.toAlignedRect())
        return region


def heads_at(frame: Frame, series: Sequence[Series], step: int) -> list[Head]:
    """The heads of all runs that have a reading at or before `step`."""
    heads = []
    for run, readings in enumerate(series):
        count = readings.count(step)
        if count == 0:
            continue
        x, y = frame.x(int(readings.steps[count - 1])), frame.y(float(readings.line[count - 1]))
        over = readings.trace.overflow_step
        heads.append(
            Head(run, QPointF(x, y), frame.side(y), over is not None and over <= step, number(readings.trace.lr))
        )
    return heads


def place_labels(frame: Frame, heads: list[Head], step: int, widths: dict[str, float]) -> list[Label]:
    """Labels beside the step on screen, moved apart; those of runs that ended on a rail follow one another there."""
    going = sorted((head for head in heads if not head.stays), key=lambda head: head.at.y())
    low, high = frame.plot.top() + 3, frame.plot.bottom() - 3
    columns = max(1, round(LABEL * len(going) / (high - low) + 0.35))
    gap = LABEL / columns
    left = frame.x(step) + LEADER
    places = spread([head.at.y() for head in going], gap, low, high)
    column = max(widths.values(), default=0.0) + GRID
    labels = [
        Label(head, QPointF(left + column * (index % columns), y))
        for index, (head, y) in enumerate(zip(going, places, strict=True))
    ]
    free = {1: 0.0, -1: 0.0}
    for head in sorted((head for head in heads if head.stays), key=lambda head: head.at.x()):
        x = max(head.at.x() + RADIUS + 2 * ARROW, free[head.side])
        labels.append(Label(head, QPointF(x, head.at.y())))
        free[head.side] = x + widths[head.rate] + 2 * ARROW + GRID / 2
    return labels


def _paint_label(painter: QPainter, theme: Theme, label: Label) -> None:
    head, at, color = label.head, label.at, theme.run_color(label.head.run)
    if head.stays:
        painter.fillPath(_arrow(QPointF(at.x() - ARROW, at.y()), head.side), color)
    elif head.ended or abs(at.y() - head.at.y()) > 1 or at.x() - head.at.x() > LEADER + 1:
        faint = QColor(color)
        faint.setAlphaF(0.55)
        painter.setPen(QPen(faint, 1, Qt.PenStyle.DotLine if head.ended else Qt.PenStyle.SolidLine))
        painter.drawLine(QPointF(head.at.x() + RADIUS + 2, head.at.y()), QPointF(at.x() - 2, at.y()))
    painter.setPen(color)
    painter.drawText(QRectF(at.x(), at.y() - GRID, 15 * GRID, 2 * GRID), Qt.AlignmentFlag.AlignVCenter, head.rate)


def _arrow(at: QPointF, side: int) -> QPainterPath:
    """A small triangle centred at `at` that points up (1) or down (-1)."""
    path = QPainterPath(QPointF(at.x(), at.y() - 3.5 * side))
    path.lineTo(at.x() + 3.5, at.y() + 2.5 * side)
    path.lineTo(at.x() - 3.5, at.y() + 2.5 * side)
    path.closeSubpath()
    return path
