"""Where a run stands at one step and what its panel says there: worked out once a frame, painted as it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QRegion

from lrviz.views.markers import HALO, RADIUS, arrow_path, paint_marker
from lrviz.views.panel_badge import Said
from lrviz.views.panel_labels import INSET, Label, away_label, badge_label, figure_label, reason_label
from lrviz.views.panel_view import SPARE, View
from lrviz.views.trail import Trail

REACH = 1.5 * RADIUS + HALO + 1  # px from a marker's centre that it may paint
ARROW_REACH = 2.8  # radii of an arrow, from its tip, that it may paint
SMALL_RADIUS = 0.7 * RADIUS
BAND = 32  # px


@dataclass(frozen=True)
class Arrow:
    """At the map's edge, pointing to what lies beyond: the head, or, smaller, the farthest that the trail has been."""

    tip: QPointF
    angle: float  # radians, clockwise on the screen
    radius: float

    @property
    def behind(self) -> float:
        """How far from the tip it may paint, in px."""
        return ARROW_REACH * self.radius


@dataclass(frozen=True)
class Head:
    """One panel's moving parts, in widget coordinates."""

    state: tuple[View, Said, int]  # all that they depend on: the last is how many points the trail has
    map: QRectF
    at: QPointF | None  # the marker; None before the first point is known, and off the map
    arrow: Arrow | None
    standing: tuple[Label, ...]
    away: Label | None  # "off the map", beside the arrow

    @property
    def labels(self) -> tuple[Label, ...]:
        return self.standing if self.away is None else (*self.standing, self.away)

    def touched(self, before: Head | None, inked: QRect) -> list[QRect]:
        """What has to be painted again for this head: as few rectangles as will do, since each costs its share."""
        if before is self:
            return [] if inked.isEmpty() else [_in_bands(inked)]
        moved, areas = inked, []
        same = before is not None and before.standing is self.standing
        for head in (self,) if before is None else (self, before):
            moved = moved.united(head._marker_area())
            labels = head.labels[len(head.standing) :] if same else head.labels
            areas += [label.area for label in labels if label.area not in areas]
            if head.arrow is not None:
                areas.append(_around(head.arrow.tip, head.arrow.behind, self.map))
        return areas if moved.isEmpty() else [_in_bands(moved), *areas]

    def paint(self, painter: QPainter, view: View, run: int, exposed: QRegion) -> None:
        """Paint what stands in `exposed`: no text hides a head."""
        for label in self.labels:
            if exposed.intersects(label.area):
                label.paint(painter, view)
        if self.arrow is not None:
            arrow = arrow_path(self.arrow.angle, self.arrow.radius).translated(self.arrow.tip)
            painter.strokePath(arrow, view.theme.halo_pen(2 * HALO))
            painter.fillPath(arrow, view.theme.run_color(run))
        if self.at is not None and self.map.adjusted(REACH, REACH, -REACH, -REACH).contains(self.at):
            paint_marker(painter, view.theme, run, self.at)
        elif self.at is not None:
            painter.setClipRect(self.map)  # costly among many rectangles, so only at the map's edge
            paint_marker(painter, view.theme, run, self.at)
            painter.setClipping(False)

    def _marker_area(self) -> QRect:
        return QRect() if self.at is None else _around(self.at, REACH, self.map)


def place_head(view: View, trail: Trail | None, run: int, step: int, said: Said, before: Head | None) -> Head:
    """What moves in a run's panel, at `step`, and what is said there; the head before, where nothing has changed."""
    count = 0 if trail is None else trail.count(step)
    state = (view, said, count)
    if before is not None and before.state == state:
        return before
    if before is not None and before.state[:2] == state[:2]:
        standing = before.standing  # the same words at the same places
    else:
        standing = _standing(view, trail, run, said)
    area = view.map_areas[run]
    at, arrow, away = None, None, None
    if trail is not None:
        place, farthest = trail.last_place(step), trail.farthest_place(step)
        at = None if place is None else trail.pixel(place) + area.topLeft()
        if place is not None and at is not None and not area.contains(at):
            arrow, at = _arrow(area, at, RADIUS), None
            point = trail.way.points[place].tolist()
            away = away_label(view, run, point, arrow.tip, arrow.angle, arrow.behind)
        elif farthest is not None:
            arrow = _arrow(area, trail.pixel(farthest) + area.topLeft(), SMALL_RADIUS)
    return Head(state, area, at, arrow, standing, away)


def _standing(view: View, trail: Trail | None, run: int, said: Said) -> tuple[Label, ...]:
    """The labels whose places don't depend on the head's: badge, reason and figure."""
    labels: list[Label | None] = [badge_label(view, said.badge, run)]
    if trail is not None:
        reason = reason_label(view, said.badge.reason, run) if said.badge.reason else None
        labels += [reason, figure_label(view, run, said.measurement, reason) if view.on_model else None]
    return tuple(label for label in labels if label is not None)


def _arrow(area: QRectF, toward: QPointF, radius: float) -> Arrow:
    """Where the ray from the map's middle to a point off it meets the edge, a little inside."""
    inner = area.adjusted(INSET, INSET, -INSET, -INSET)
    away = toward - inner.center()
    reach = max(abs(away.x()) / max(inner.width() / 2, 1), abs(away.y()) / max(inner.height() / 2, 1), 1e-9)
    return Arrow(inner.center() + away * (1 / reach), math.atan2(away.y(), away.x()), radius)


def _in_bands(rect: QRect) -> QRect:
    """`rect` grown to whole bands of the board: a region splits rectangles side by side where their edges differ."""
    top = rect.top() // BAND * BAND
    return QRect(rect.left() - 1, top, rect.width() + 2, (rect.bottom() // BAND + 1) * BAND - top)


def _around(at: QPointF, reach: float, within: QRectF) -> QRect:
    return (QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach) & within).toAlignedRect().marginsAdded(SPARE)
