"""Heads that share one map: those that would hide one another stand around their place, each on a spoke of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from lrviz.views.labels import spread
from lrviz.views.leaving import REACH as EXIT_REACH
from lrviz.views.leaving import Exit, exit_area, paint_exit
from lrviz.views.markers import HALO, RADIUS, arrow_path, paint_marker
from lrviz.views.theme import Theme

NEAR = 1.7 * RADIUS  # px: heads closer to one another than this stand apart
BETWEEN = 2.5 * RADIUS  # px along the circle from one of them to the next
REACH = 1.5 * RADIUS + HALO + 1  # px from a marker's centre that it may paint
INSET = 4.0  # px from the map's edge to an arrow's tip
ARROW_GAP = 2.2 * RADIUS  # px along the edge from one arrow to the next
EXIT_GAP = 2 * EXIT_REACH
ARROW = 2.8  # radii of an arrow, from its tip, that it may paint


@dataclass(frozen=True)
class Head:
    """One run's marker or arrow, in px of the canvas."""

    run: int
    place: QPointF  # where the run is; for an arrow, its tip
    at: QPointF  # where its marker stands
    angle: float | None = None  # of the arrow in a marker's stead, radians clockwise: the run is off the map

    @property
    def area(self) -> QRectF:
        """Where it paints."""
        reach = REACH if self.angle is None else ARROW * RADIUS
        at = QRectF(self.at.x() - reach, self.at.y() - reach, 2 * reach, 2 * reach)
        return at if self.at == self.place else at | QRectF(self.place, self.at).normalized().adjusted(-3, -3, 3, 3)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        if self.angle is not None:
            arrow = arrow_path(self.angle).translated(self.at)
            painter.strokePath(arrow, theme.halo_pen(2 * HALO))
            painter.fillPath(arrow, theme.run_color(self.run))
        else:
            paint_marker(painter, theme, self.run, self.at)

    def paint_spoke(self, painter: QPainter, theme: Theme) -> None:
        """From where the run is to where its marker stands."""
        if self.at != self.place:
            for pen in (theme.halo_pen(1 + 2 * HALO), QPen(theme.run_color(self.run), 1)):
                painter.setPen(pen)
                painter.drawLine(self.place, self.at)


@dataclass(frozen=True)
class ExitMark:
    """Where a run left the map for good."""

    run: int
    left: Exit
    at: QPointF

    @property
    def area(self) -> QRectF:
        return exit_area(self.at)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        paint_exit(painter, theme, self.run, self.left, self.at)


def place_heads(places: Sequence[QPointF | None], area: QRectF) -> list[Head]:
    """A head for each run that is somewhere (px of the canvas): markers on the map, arrows at its edge."""
    on = {run: place for run, place in enumerate(places) if place is not None and area.contains(place)}
    off = {run: place for run, place in enumerate(places) if place is not None and run not in on}
    heads = [head for group in _groups(on) for head in _around(group, on, area)]
    return heads + _arrows(off, area)


def _groups(places: dict[int, QPointF]) -> list[list[int]]:
    """Runs that are near one another, directly or by way of others; in the order of their first."""
    groups: list[list[int]] = []
    for run, place in places.items():
        near = [group for group in groups if any(_distance(place, places[other]) < NEAR for other in group)]
        for group in near:
            groups.remove(group)
        groups.append(sorted([run, *(other for group in near for other in group)]))
    return sorted(groups)


def _around(group: list[int], places: dict[int, QPointF], area: QRectF) -> list[Head]:
    if len(group) == 1:
        return [Head(group[0], places[group[0]], places[group[0]])]
    radius = max(NEAR, len(group) * BETWEEN / (2 * math.pi))
    whole = radius + REACH
    x, y = (sum(along) / len(group) for along in zip(*(places[run].toTuple() for run in group), strict=True))
    middle = QPointF(
        max(area.left() + whole, min(x, area.right() - whole)), max(area.top() + whole, min(y, area.bottom() - whole))
    )
    heads = []
    for number, run in enumerate(group):
        angle = 2 * math.pi * number / len(group) - math.pi / 2
        heads.append(Head(run, places[run], middle + QPointF(math.cos(angle), math.sin(angle)) * radius))
    return heads


def place_exits(exits: Sequence[tuple[int, Exit, QPointF]], area: QRectF) -> list[ExitMark]:
    """Marks of runs, their exits and where these are shown, moved apart along the edge where they would coincide."""
    marks = []
    for at, (run, left, _) in zip(_apart([at for *_, at in exits], area, EXIT_GAP), exits, strict=True):
        marks.append(ExitMark(run, left, at))
    return marks


def _arrows(places: dict[int, QPointF], area: QRectF) -> list[Head]:
    """Arrows along the edge, moved apart where they point to nearly the same place."""
    inner = area.adjusted(INSET, INSET, -INSET, -INSET)
    heads = []
    for tip, (run, place) in zip(_apart(list(places.values()), inner, ARROW_GAP), places.items(), strict=True):
        away = place - inner.center()
        heads.append(Head(run, tip, tip, math.atan2(away.y(), away.x())))
    return heads


def _apart(places: Sequence[QPointF], inner: QRectF, gap: float) -> list[QPointF]:
    """Where the rays from the middle to each place meet the edge, at least `gap` px of it apart."""
    along = [_along(place, inner) for place in places]
    order = sorted(range(len(along)), key=along.__getitem__)
    spaced = spread([along[index] for index in order], gap, 0.0, 2 * (inner.width() + inner.height()))
    at = dict(zip(order, spaced, strict=True))
    return [_edge(at[index], inner) for index in range(len(along))]


def _along(place: QPointF, inner: QRectF) -> float:
    """Px along the edge, clockwise from the upper left corner, to where the ray from the middle to `place` meets it."""
    away = place - inner.center()
    half_width, half_height = max(inner.width() / 2, 1), max(inner.height() / 2, 1)
    reach = max(abs(away.x()) / half_width, abs(away.y()) / half_height, 1e-9)
    x, y = away.x() / reach + half_width, away.y() / reach + half_height
    if abs(away.y()) / half_height >= abs(away.x()) / half_width:
        return x if away.y() < 0 else inner.width() + inner.height() + inner.width() - x
    return inner.width() + y if away.x() > 0 else 2 * inner.width() + inner.height() + inner.height() - y


def _edge(along: float, inner: QRectF) -> QPointF:
    width, height = inner.width(), inner.height()
    for length, begin, way in (
        (width, inner.topLeft(), QPointF(1, 0)),
        (height, inner.topRight(), QPointF(0, 1)),
        (width, inner.bottomRight(), QPointF(-1, 0)),
    ):
        if along <= length:
            return begin + way * along
        along -= length
    return inner.bottomLeft() - QPointF(0, min(along, height))


def _distance(a: QPointF, b: QPointF) -> float:
    return math.hypot(a.x() - b.x(), a.y() - b.y())
