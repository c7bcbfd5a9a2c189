"""Where the lines of a chart end at one step: their heads, and the rates that name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QRegion, QStaticText

from lrviz.views.chart_frame import RAIL, Frame
from lrviz.views.labels import spread
from lrviz.views.markers import paint_marker
from lrviz.views.numbers import number
from lrviz.views.series import Series
from lrviz.views.theme import GRID, SMALL, Theme, font

RADIUS = 3.5  # px: heads are smaller than the board's, lines lie closer here
LEADER = 2 * GRID  # px from a head to its label
ARROW = 7.0  # px from a marker on a rail to its arrow, and the arrow's own room
CROWD = 3 * GRID  # px: markers on a rail that are closer share the place for their labels
LABEL = 13.0  # px: a label's line


class Names:
    """What the runs are called, in their colours, laid out once: they are painted in every frame."""

    def __init__(self, lrs: Sequence[float], theme: Theme) -> None:
        self.font = font(SMALL)
        self.texts = [QStaticText(number(lr)) for lr in lrs]
        for text in self.texts:
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.prepare(font=self.font)
        self.widths = [text.size().width() for text in self.texts]  # px
        self.widest = max(self.widths)
        self.height = max(text.size().height() for text in self.texts)
        self.colors = [theme.run_color(run) for run in range(len(lrs))]
        self.leaders = [_leader_pen(color, Qt.PenStyle.SolidLine) for color in self.colors]
        self.ended_leaders = [_leader_pen(color, Qt.PenStyle.DotLine) for color in self.colors]


@dataclass(frozen=True)
class Head:
    """The last point of a run's line, in px. `side` is 1 or -1 on a rail; `ended`: the run goes no further."""

    run: int
    at: QPointF
    before: QPointF  # where the last whole piece of the line ends
    side: int
    ended: bool

    @property
    def stays(self) -> bool:
        """Whether its label stands on the rail beside it, not with those of the runs that go on."""
        return self.ended and self.side != 0


@dataclass(frozen=True)
class Label:
    """Where a head's name begins and is centred."""

    head: Head
    at: QPointF


class Moving:
    """All that stands at the ends of the lines at one step."""

    def __init__(self, frame: Frame, series: Sequence[Series], names: Names, step: int) -> None:
        self.step = step
        self.heads = heads_at(frame, series, step)
        self._frame = frame
        self._names = names
        self._labels = place_labels(frame, self.heads, step, names)
        going = [label.at.x() + names.widths[label.head.run] for label in self._labels if not label.head.stays]
        self.right = max(going, default=frame.x(step)) + 4  # px: how far the labels reach

    def paint(self, painter: QPainter, theme: Theme, *, labels: bool) -> None:
        painter.setFont(self._names.font)
        for label in self._labels:
            if labels or label.head.stays:
                _paint_label(painter, label, self._names)
        for head in self.heads:
            paint_marker(painter, theme, head.run, head.at, RADIUS)
            if head.side and not head.ended:
                at = QPointF(head.at.x() + RADIUS + ARROW, head.at.y())
                painter.fillPath(_arrow(at, head.side), self._names.colors[head.run])

    def region(self) -> QRegion:
        """Where all of it is painted, and the lines' tails with it."""
        frame, plot = self._frame, self._frame.plot
        ends = [head.before.x() for head in self.heads if not head.stays]
        left = min([*ends, frame.x(self.step)]) - 3 * RADIUS
        edge = RAIL + 2
        region = QRegion(QRectF(left, plot.top() - edge, self.right - left, plot.height() + 2 * edge).toAlignedRect())
        if any(head.stays for head in self.heads):
            for y in (frame.rail_above, frame.rail_below):
                rail = QRectF(0, y - edge / 2, plot.right() + LEADER, edge)
                region |= QRegion(rail.toAlignedRect())
        return region


def heads_at(frame: Frame, series: Sequence[Series], step: int) -> list[Head]:
    """The heads of all runs that have a reading at or before `step`."""
    heads = []
    whole = frame.pieces(step) * frame.piece - 1  # the last step of the last whole piece
    for run, one in enumerate(series):
        last, inked = one.count(step) - 1, one.count(whole) - 1
        if last < 0:
            continue
        at = _point(frame, one, last)
        before = at if inked == last else _point(frame, one, max(inked, 0))
        over = one.trace.overflow_step
        heads.append(Head(run, at, before, frame.side(at.y()), over is not None and over <= step))
    return heads


def _point(frame: Frame, series: Series, index: int) -> QPointF:
    return QPointF(frame.x(series.steps.item(index)), frame.y(series.line.item(index)))


def place_labels(frame: Frame, heads: Sequence[Head], step: int, names: Names) -> list[Label]:
    """Labels beside the step on screen, moved apart; those of runs that ended on a rail follow one another there."""
    going = sorted((head for head in heads if not head.stays), key=lambda head: head.at.y())
    low, high = frame.plot.top() + LABEL / 2, frame.plot.bottom() - LABEL / 2
    columns = max(1, round(LABEL * len(going) / max(high - low, 1) + 0.35))
    left = frame.x(step) + LEADER
    places = spread([head.at.y() for head in going], LABEL / columns, low, high)
    labels = [
        Label(head, QPointF(left + (names.widest + GRID) * (index % columns), y))
        for index, (head, y) in enumerate(zip(going, places, strict=True))
    ]
    for side in (1, -1):
        labels += _labels_on_rail([head for head in heads if head.stays and head.side == side], names)
    return labels


def _labels_on_rail(heads: list[Head], names: Names) -> list[Label]:
    """Labels in a row, each right of its marker and of those so close behind it that they would cover it."""
    labels: list[Label] = []
    heads = sorted(heads, key=lambda head: head.at.x())
    free = 0.0
    for index, head in enumerate(heads):
        crowd = head.at.x()
        for other in heads[index + 1 :]:
            if other.at.x() - crowd > CROWD:
                break
            crowd = other.at.x()
        x = max(crowd + RADIUS + 2 * ARROW, free)
        labels.append(Label(head, QPointF(x, head.at.y())))
        free = x + names.widths[head.run] + 2 * ARROW + GRID / 2
    return labels


def _paint_label(painter: QPainter, label: Label, names: Names) -> None:
    head, at, run = label.head, label.at, label.head.run
    if head.stays:
        painter.fillPath(_arrow(QPointF(at.x() - ARROW, at.y()), head.side), names.colors[run])
    elif head.ended or abs(at.y() - head.at.y()) > 1 or at.x() - head.at.x() > LEADER + 1:
        painter.setPen(names.ended_leaders[run] if head.ended else names.leaders[run])
        painter.drawLine(QPointF(head.at.x() + RADIUS + 2, head.at.y()), QPointF(at.x() - 2, at.y()))
    painter.setPen(names.colors[run])
    painter.drawStaticText(QPointF(at.x(), at.y() - names.height / 2), names.texts[run])


def _leader_pen(color: QColor, style: Qt.PenStyle) -> QPen:
    faint = QColor(color)
    faint.setAlphaF(0.55)
    return QPen(faint, 1, style)


def _arrow(at: QPointF, side: int) -> QPainterPath:
    """A small triangle centred at `at` that points up (1) or down (-1)."""
    path = QPainterPath(QPointF(at.x(), at.y() - 3.5 * side))
    path.lineTo(at.x() + 3.5, at.y() + 2.5 * side)
    path.lineTo(at.x() - 3.5, at.y() + 2.5 * side)
    path.closeSubpath()
    return path
