"""Where the lines of a chart end at one step: their heads, and the rates that name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QRegion, QStaticText

from lrviz.views.chart_best import LEADER, NOTE, Note
from lrviz.views.chart_frame import RAIL, Frame
from lrviz.views.labels import spread
from lrviz.views.level import place_of
from lrviz.views.markers import paint_marker
from lrviz.views.numbers import number
from lrviz.views.pieces import Pieces
from lrviz.views.series import Series
from lrviz.views.theme import GRID, SMALL, Theme, font

RADIUS = 3.5  # px: heads are smaller than the board's, lines lie closer here
ARROW = 7.0  # px from a marker on a rail to its arrow, and the arrow's own room
CROWD = 3 * GRID  # px: markers on a rail that are closer share the place for their labels
LABEL = 13.0  # px: a label's line
CLEARED = 0.75  # of a line's strength is taken away behind a label


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

    def room(self, label: Label) -> QRectF:
        """What a label takes, with a little space beside it."""
        return QRectF(label.at.x() - 2, label.at.y() - LABEL / 2, self.widths[label.head.run] + 4, LABEL)


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

    def __init__(
        self,
        frame: Frame,
        series: Sequence[Series],
        pieces: Pieces,
        names: Names,
        step: int,
        notes: Mapping[int, Note] | None = None,
    ) -> None:
        """`notes`, by run, stand beside the names, on an axis on which the names stand below one another."""
        self.step = step
        self.piece = pieces.whole(step)  # the one that the heads stand in
        self.heads = heads_at(frame, series, step, pieces.end(self.piece))
        self._frame = frame
        self._names = names
        shared = frame.level.shared
        self._line = frame.x(place_of(frame.level, series, step)) if shared else None  # px of the step on screen
        going = [head for head in self.heads if not head.stays]
        self._crowds = [going] if self._line is not None else crowds_of(frame, going, names)
        self._labels = [label for crowd in self._crowds for label in place_labels(frame, crowd, self._line, names)]
        column = self._line is not None and len({label.at.x() for label in self._labels}) == 1
        self._notes = (notes or {}) if column else {}
        self._labels += labels_on_rails([head for head in self.heads if head.stays], names)
        self.right = max([self._reach(label) for label in self._labels if not label.head.stays], default=0.0)  # px

    def _reach(self, label: Label) -> float:
        run = label.head.run
        note = 0.0 if label.head.stays or run not in self._notes else self._notes[run].width + NOTE
        return label.at.x() + self._names.widths[run] + note + 4

    def paint(self, painter: QPainter, theme: Theme, *, labels: bool) -> None:
        plot = self._frame.plot
        if self._line is not None:
            x = round(self._line - 0.5) + 0.5
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setFont(self._names.font)
        for label in self._labels:
            if labels or label.head.stays:
                if self._line is None and not label.head.stays:
                    self._clear(painter, theme, label)
                _paint_label(painter, label, self._names)
        self._paint_notes(painter, theme, labels=labels)
        for head in self.heads:
            paint_marker(painter, theme, head.run, head.at, RADIUS)
            if head.side and not head.ended:
                at = QPointF(head.at.x() + RADIUS + ARROW, head.at.y())
                painter.fillPath(_arrow(at, head.side), self._names.colors[head.run])

    def _paint_notes(self, painter: QPainter, theme: Theme, *, labels: bool) -> None:
        painter.setPen(QColor(theme.quiet))
        for label in self._labels:
            run = label.head.run
            if labels and run in self._notes and not label.head.stays:
                x, y = label.at.x() + self._names.widths[run] + NOTE, label.at.y() - self._names.height / 2
                painter.drawStaticText(QPointF(x, y), self._notes[run].text)

    def _clear(self, painter: QPainter, theme: Theme, label: Label) -> None:
        """Lines of other runs may pass behind a label: they are dimmed there."""
        color = QColor(theme.field)
        color.setAlphaF(CLEARED)
        painter.fillRect(self._names.room(label), color)

    def region(self) -> QRegion:
        """Where what moves is painted, and the lines' tails with it."""
        region = QRegion()
        line = [] if self._line is None else [self._line]
        for crowd in self._crowds:
            runs = {head.run for head in crowd}
            left = min([*(head.before.x() for head in crowd), *line]) - 3 * RADIUS
            ends = [self._reach(label) for label in self._labels if label.head.run in runs]
            region |= self._frame.strip(left, max([*ends, *(x + 4 for x in line)]))
        return region

    @property
    def stays(self) -> tuple[int, ...]:
        """The runs that have ended on a rail."""
        return tuple(head.run for head in self.heads if head.stays)

    def rails(self) -> QRegion:
        """Where those stand with their names."""
        frame, edge = self._frame, RAIL + 2
        sides = (frame.rail_above, frame.rail_below)
        rows = (QRectF(0, y - edge / 2, frame.plot.right() + LEADER, edge).toAlignedRect() for y in sides)
        return QRegion(next(rows)) | QRegion(next(rows))


def heads_at(frame: Frame, series: Sequence[Series], step: int, inked_step: int) -> list[Head]:
    """The heads of all runs that have a reading at or before `step`; what is stroked ends at `inked_step`."""
    found = [(run, one, one.count(step) - 1, max(one.count(inked_step) - 1, 0)) for run, one in enumerate(series)]
    found = [(run, one, last, inked) for run, one, last, inked in found if last >= 0]
    places = np.array([one.place(at) for _, one, last, inked in found for at in (last, inked)], np.float64)
    values = np.array([one.line.item(at) for _, one, last, inked in found for at in (last, inked)], np.float64)
    points = list(map(QPointF, frame.xs(places).tolist(), frame.ys(values).tolist()))
    heads = []
    for (run, one, _, _), at, before in zip(found, points[::2], points[1::2], strict=True):
        over = one.trace.overflow_step
        heads.append(Head(run, at, before, frame.side(at.y()), over is not None and over <= step))
    return heads


def crowds_of(frame: Frame, heads: Sequence[Head], names: Names) -> list[list[Head]]:
    """Heads that stand apart on the level axis, those together whose labels have to make room for one another."""
    crowds: list[tuple[list[Head], list[QRectF]]] = []
    for head in heads:
        crowd = [head]
        while True:
            rooms = [names.room(label) for label in place_labels(frame, crowd, None, names)]
            meeting = [other for other in crowds if any(a.intersects(b) for a in rooms for b in other[1])]
            if not meeting:
                break
            crowds = [other for other in crowds if other not in meeting]
            crowd += [one for other, _ in meeting for one in other]
        crowds.append((crowd, rooms))
    return [crowd for crowd, _ in crowds]


def place_labels(frame: Frame, heads: Sequence[Head], x: float | None, names: Names) -> list[Label]:
    """Labels of heads that go on, beside `x` or the foremost of them, moved apart."""
    if not heads:
        return []
    heads = sorted(heads, key=lambda head: head.at.y())
    low, high = frame.plot.top() + LABEL / 2, frame.plot.bottom() - LABEL / 2
    columns = max(1, round(LABEL * len(heads) / max(high - low, 1) + 0.35))
    left = (max(head.at.x() for head in heads) if x is None else x) + LEADER
    places = spread([head.at.y() for head in heads], LABEL / columns, low, high)
    return [
        Label(head, QPointF(left + (names.widest + GRID) * (index % columns), y))
        for index, (head, y) in enumerate(zip(heads, places, strict=True))
    ]


def labels_on_rails(heads: Sequence[Head], names: Names) -> list[Label]:
    """Labels of runs that ended on a rail: they follow one another there."""
    return [
        label for side in (1, -1) for label in _labels_on_rail([head for head in heads if head.side == side], names)
    ]


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
