"""Where a run stands at one step and what its panel says there: worked out once a frame, painted as it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QRegion

from lrviz.views.leaving import Exit, exit_area, exit_at, paint_exit
from lrviz.views.markers import HALO, RADIUS, arrow_path, paint_marker
from lrviz.views.panel_arrows import Arrows, place_arrows
from lrviz.views.panel_badge import Said
from lrviz.views.panel_data import Inset, inset_rect, place_inset
from lrviz.views.panel_gauge import GaugeLabel, gauge_label
from lrviz.views.panel_labels import (
    INSET,
    Label,
    away_label,
    badge_label,
    clear_of,
    figure_label,
    note_label,
    note_place,
    reason_label,
    way_clear_of,
    window_label,
)
from lrviz.views.panel_plane import axes_label, beside_label
from lrviz.views.panel_view import View
from lrviz.views.trail import Trail
from lrviz.views.way import Frame

REACH = 1.5 * RADIUS + HALO + 1  # px from a marker's centre that it may paint
ARROW_REACH = 2.8  # radii of an arrow, from its tip, that it may paint
SMALL_RADIUS = 0.7 * RADIUS
BAND = 32  # px


@dataclass(frozen=True)
class Wanted:
    """What a person wants to see of each step."""

    arrows: bool = False  # what the update is made of
    gauge: bool = True  # how near it is to its limit of stability
    told: tuple[int, int] | None = None  # the run and the stage of its update that are being told just now

    def upto(self, run: int) -> int | None:
        """The last stage whose arrow is shown in a run's panel; None for all of them."""
        return self.told[1] if self.told is not None and self.told[0] == run else None


@dataclass(frozen=True)
class EdgeArrow:
    """At the map's edge, pointing to what lies beyond: the head, or, smaller, the farthest that the trail has been."""

    tip: QPointF
    angle: float  # radians, clockwise on the screen
    radius: float

    area: QRect  # where it may paint

    @property
    def behind(self) -> float:
        """How far from the tip it may paint, in px."""
        return ARROW_REACH * self.radius


class State(NamedTuple):
    """All that a head depends on."""

    view: View
    said: Said
    frame: Frame | None
    points: int  # how many the trail has
    upto: int | None  # the last stage of the update whose arrow is shown; None for all
    updated: bool  # whether there is an update to show arrows of
    left: Exit | None  # where the run has left the map for good


@dataclass(frozen=True)
class Head:
    """One panel's moving parts, in widget coordinates."""

    state: State  # all that they depend on
    map: QRectF
    at: QPointF | None  # the marker; None before the first point is known, and off the map
    marker: QRect  # where that may paint
    whole: bool  # whether all of it lies on the map
    arrow: EdgeArrow | None
    exit: QPointF | None  # where the run's exit is marked, if the map shows it
    standing: tuple[Label, ...]
    moving: tuple[Label, ...]  # "outside", beside the arrow, and by how much the update's arrows are enlarged
    arrows: Arrows | None
    inset: Inset | None

    @property
    def labels(self) -> tuple[Label, ...]:
        return self.standing + self.moving

    def touched(self, before: Head | None, inked: QRect) -> list[QRect]:
        """What has to be painted again for this head: as few rectangles as will do, since each costs its share."""
        if before is self:
            return [] if inked.isEmpty() else [_in_bands(inked)]
        moved = inked
        figures = QRect()  # badge and gauge, which stand one above the other and change together
        areas: list[QRect] = []
        same = before is not None and before.standing is self.standing
        kept = set() if before is None or same else {id(label) for label in self.labels} & set(map(id, before.labels))
        for head in (self,) if before is None else (self, before):
            moved = moved.united(head.marker)
            if head.arrows is not None:
                moved = moved.united(head.arrows.area)
            if head.moving or not same:
                labels = [label for label in (head.moving if same else head.labels) if id(label) not in kept]
                for label in labels:
                    if isinstance(label, GaugeLabel) or not label.on_map:
                        figures = figures.united(label.area)
                    elif label.area not in areas:
                        areas.append(label.area)
            if head.inset is not None and head.inset.area not in areas:
                areas.append(head.inset.area)
            if head.arrow is not None and head.arrow.area not in areas:
                areas.append(head.arrow.area)
            if head.exit is not None and (before is None or before.exit != self.exit):
                areas.append(exit_area(head.exit).toAlignedRect())
        areas += [] if figures.isEmpty() else [figures]
        return areas if moved.isEmpty() else [_in_bands(moved), *areas]

    def paint(self, painter: QPainter, view: View, run: int, exposed: QRegion) -> None:
        """Paint what stands in `exposed`: no text hides a head."""
        if self.inset is not None and exposed.intersects(self.inset.area):
            self.inset.paint(painter, view, run)
        for label in self.labels:
            if exposed.intersects(label.area):
                label.paint(painter, view)
        if self.exit is not None and self.state.left is not None:
            paint_exit(painter, view.theme, run, self.state.left, self.exit)
        if self.arrow is not None:
            arrow = arrow_path(self.arrow.angle, self.arrow.radius).translated(self.arrow.tip)
            painter.strokePath(arrow, view.theme.halo_pen(2 * HALO))
            painter.fillPath(arrow, view.theme.run_color(run))
        if self.arrows is not None:
            self.arrows.paint(painter, view)
        if self.at is not None and self.whole:
            paint_marker(painter, view.theme, run, self.at)
        elif self.at is not None:
            painter.setClipRect(self.map)  # costly among many rectangles, so only at the map's edge
            paint_marker(painter, view.theme, run, self.at)
            painter.setClipping(False)


def place_head(
    view: View,
    trail: Trail | None,
    run: int,
    step: int,
    said: Said,
    before: Head | None,
    wanted: Wanted,
    left: Exit | None,
) -> Head:
    """What moves in a run's panel, at `step`, and what is said there; the head before, where nothing has changed."""
    state = _state(view, trail, run, step, said, wanted, left)
    if before is not None and before.state == state:
        return before
    rect = inset_rect(view, run)
    if before is not None and before.state[:2] == state[:2]:
        standing = before.standing  # the same words at the same places
    else:
        standing = _standing(view, trail, run, said, rect)
    area, within = view.map_areas[run], view.map_rects[run]
    at, arrow, arrows, inset, exit_place = None, None, None, None, None
    moving: list[Label] = []
    if trail is not None:
        place, farthest = trail.last_place(step), trail.farthest_place(step)
        at = None if place is None else trail.pixel(place) + area.topLeft()
        if place is not None and rect is not None:
            inset = place_inset(view, rect, trail.way.points[place])
        if place is not None and at is not None and not area.contains(at):
            arrow, at = _arrow(area, within, at, RADIUS, standing), None
            point = trail.way.points[place].tolist()
            since = None if left is None else left.step
            if since is not None or view.window(run) is None:  # a head that is only out of sight has its arrow
                away = away_label(view, run, point, arrow.tip, arrow.angle, arrow.behind, since)
                moving.append(clear_of(away, standing, area.center().y()))
        elif farthest is not None:
            arrow = _arrow(area, within, trail.pixel(farthest) + area.topLeft(), SMALL_RADIUS, standing)
        if left is not None:
            exit_place = exit_at(trail.frame, left, area.topLeft())
        if at is not None and state.updated:
            gauge = next((label for label in standing if isinstance(label, GaugeLabel)), None)
            right = _upper_right(view, run, rect)
            note = note_place(view, run, gauge, right)
            taken = [note, *(label.rect for label in standing if label.on_map)]
            taken += [] if rect is None else [QRectF(rect)]
            arrows = place_arrows(view, trail.frame, run, step, at, wanted.upto(run), taken)
            if arrows is not None and arrows.note:
                moving.append(note_label(view, arrows.note, note, right))
    marker = QRect() if at is None else _around(at, REACH, within)
    whole = at is not None and area.adjusted(REACH, REACH, -REACH, -REACH).contains(at)
    return Head(state, area, at, marker, whole, arrow, exit_place, standing, tuple(moving), arrows, inset)


def _state(
    view: View, trail: Trail | None, run: int, step: int, said: Said, wanted: Wanted, left: Exit | None
) -> State:
    if trail is None:
        return State(view, said, None, 0, None, False, None)
    upto = wanted.upto(run)
    arrows = (wanted.arrows or upto is not None) and not view.on_model
    updated = arrows and step + 1 < len(view.scene.traces[run])  # an update is known once it has led somewhere
    return State(view, said, trail.frame, trail.count(step), upto, updated, left)


def _standing(view: View, trail: Trail | None, run: int, said: Said, inset: QRect | None) -> tuple[Label, ...]:
    """The labels whose places don't depend on where the head is just now: badge, reason, gauge and figure."""
    labels: list[Label | None] = [badge_label(view, said.badge, run)]
    if trail is not None:
        right = _upper_right(view, run, inset)
        gauge = gauge_label(view, run, said.gauge, right) if said.gauge is not None else None
        labels.append(gauge)
        if said.beside is not None:
            trust = beside_label(view, run, said.beside, None if right else gauge)
            labels += [trust, axes_label(view, run, trust)]
        foot = reason_label(view, said.badge.reason, run, inset) if said.badge.reason else None
        if foot is not None:
            reason = _beside_end(view, run, trail, foot, [label for label in labels if label is not None], inset)
            labels.append(reason)
            foot = foot if reason is foot else None
        figure = figure_label(view, run, said.measurement, foot) if view.on_model else None
        labels += [figure, window_label(view, run, figure or foot)]
    return tuple(label for label in labels if label is not None)


def _beside_end(view: View, run: int, trail: Trail, foot: Label, above: Sequence[Label], inset: QRect | None) -> Label:
    """A verdict's reason at the map's foot; or, where the run's end would lie on it, under what stands `above`.

    That is, if neither the end nor the inset is there. A verdict comes when a run has ended, so the end stays.
    """
    last = trail.last_place(len(view.scene.traces[run]) - 1)
    if last is None:
        return foot
    area = view.map_areas[run]
    end = trail.pixel(last) + area.topLeft()
    top = clear_of(foot.moved(area.top() + INSET - foot.rect.top()), above, area.center().y())
    is_free = not _reaches(end, top) and (inset is None or not top.rect.intersects(QRectF(inset)))
    return top if is_free and _reaches(end, foot) else foot


def _reaches(marker: QPointF, label: Label) -> bool:
    return label.rect.adjusted(-REACH, -REACH, REACH, REACH).contains(marker)


def _upper_right(view: View, run: int, inset: QRect | None) -> bool:
    """Which of the upper corners is the gauge's: the left one, unless the inset stands there."""
    middle = view.map_areas[run].center()
    return inset is not None and inset.center().y() < middle.y() and inset.center().x() < middle.x()


def _arrow(area: QRectF, within: QRect, toward: QPointF, radius: float, standing: Iterable[Label]) -> EdgeArrow:
    """Where the ray from the map's middle to a point off it meets the edge, a little inside, and beside the texts."""
    inner = area.adjusted(INSET, INSET, -INSET, -INSET)
    away = toward - inner.center()
    reach = max(abs(away.x()) / max(inner.width() / 2, 1), abs(away.y()) / max(inner.height() / 2, 1), 1e-9)
    tip = inner.center() + away * (1 / reach)
    angle = math.atan2(away.y(), away.x())
    shape = arrow_path(angle, radius).boundingRect().translated(tip)
    tip += QPointF(0, way_clear_of(shape, standing, area.center().y()))
    return EdgeArrow(tip, angle, radius, _around(tip, ARROW_REACH * radius, within))


def _in_bands(rect: QRect) -> QRect:
    """`rect` grown to whole bands of the board: a region splits rectangles side by side where their edges differ."""
    top = rect.top() // BAND * BAND
    return QRect(rect.left() - 1, top, rect.width() + 2, (rect.bottom() // BAND + 1) * BAND - top)


def _around(at: QPointF, reach: float, within: QRect) -> QRect:
    """What may be painted by `reach` px around a place, in whole pixels."""
    side = math.ceil(2 * reach) + 2
    return QRect(math.floor(at.x() - reach) - 1, math.floor(at.y() - reach) - 1, side + 1, side + 1) & within
