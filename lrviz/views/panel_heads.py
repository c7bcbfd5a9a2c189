"""Where a run stands at one step and what its panel says there: worked out once a frame, painted as it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QMargins, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from lrviz.views import numbers
from lrviz.views.markers import HALO, RADIUS, arrow_path, paint_marker
from lrviz.views.panel_badge import Badge, badge, figure
from lrviz.views.panel_view import View
from lrviz.views.trail import Trail

INSET = 4.0  # px between a map's edge and what stands in its corners
PAD = 4.0  # px around a text that stands on a map
REACH = 1.5 * RADIUS + HALO + 1  # px from a marker's centre that it may paint
BAND = 32  # px
SPARE = QMargins(1, 1, 1, 2)  # px around what is painted: letters hang out, and device pixels may be shared
ARROW_REACH = 2.8  # radii of an arrow, from its tip, that it may paint
SMALL_RADIUS = 0.7 * RADIUS


@dataclass(frozen=True)
class Label:
    """One text in its rectangle; on a map a sheet of the window's colour lies under it."""

    text: str
    rect: QRectF
    origin: QPointF  # where its first letter stands on the baseline
    font: QFont
    color: str
    on_map: bool = True


@dataclass(frozen=True)
class Arrow:
    """At the map's edge, pointing to what lies beyond: the head, or, smaller, the farthest that the trail has been."""

    tip: QPointF
    angle: float  # radians, clockwise on the screen
    radius: float


@dataclass(frozen=True)
class Head:
    """One panel's moving parts, in widget coordinates."""

    run: int
    map: QRectF
    at: QPointF | None  # the marker; None before the first point is known, and off the map
    arrow: Arrow | None
    labels: tuple[Label, ...]

    def touched(self, before: Head | None, inked: QRect) -> list[QRect]:
        """What has to be painted again for this head: as few rectangles as will do, since each costs its share."""
        was = QRect() if before is None else before._marker_rect()
        labels = [*self.labels, *(before.labels if before is not None else ())]
        rects = {label.rect.getRect(): label.rect.toAlignedRect() for label in labels}
        for number, arrow in enumerate((self.arrow, None if before is None else before.arrow)):
            if arrow is not None:
                rects[number] = _around(arrow.tip, ARROW_REACH * arrow.radius, self.map)
        rects["head"] = _in_bands(self._marker_rect().united(was).united(inked))
        return [rect.marginsAdded(SPARE) for rect in rects.values()]

    def _marker_rect(self) -> QRect:
        return QRect() if self.at is None else _around(self.at, REACH, self.map)

    def paint(self, painter: QPainter, view: View) -> None:
        if self.arrow is not None:
            arrow = arrow_path(self.arrow.angle, self.arrow.radius).translated(self.arrow.tip)
            painter.strokePath(arrow, view.theme.halo_pen(2 * HALO))
            painter.fillPath(arrow, view.theme.run_color(self.run))
        if self.at is not None and self.map.adjusted(REACH, REACH, -REACH, -REACH).contains(self.at):
            paint_marker(painter, view.theme, self.run, self.at)
        elif self.at is not None:
            painter.setClipRect(self.map)  # costly among many rectangles, so only at the map's edge
            paint_marker(painter, view.theme, self.run, self.at)
            painter.setClipping(False)
        for label in self.labels:
            _paint_label(painter, view, label)


def place_head(view: View, trail: Trail | None, run: int, step: int) -> Head:
    """What moves in a run's panel, at `step`."""
    area = view.map_areas[run]
    said = badge(view.scene, run, step)
    labels = [_badge_label(view, said, run)]
    at, arrow = None, None
    if trail is not None:
        labels.extend(_corner_labels(view, said, run, step, area))
        place, farthest = trail.last_place(step), trail.farthest_place(step)
        if place is not None:
            at = trail.pixel(place) + area.topLeft()
            if not area.contains(at):
                arrow = _arrow(area, at, RADIUS)
                at = None
                labels.append(_away_label(view, trail.way.points[place].tolist(), area, arrow))
            elif farthest is not None:
                arrow = _arrow(area, trail.pixel(farthest) + area.topLeft(), SMALL_RADIUS)
    return Head(run, area, at, arrow, tuple(labels))


def _badge_label(view: View, said: Badge, run: int) -> Label:
    rect, metrics = view.badge_rects[run], view.fonts.body_metrics
    text = next((text for text in said.texts if _fits(text, metrics, rect.width())), "")
    color = view.theme.quiet if said.kind is None else view.theme.text
    return Label(text, rect, _origin(rect, metrics, 0), view.fonts.body, color, on_map=False)


def _fits(text: str, metrics: QFontMetricsF, width: float) -> bool:
    """Whether `width` takes the text; measured only where its letters could be too wide, since that is slow."""
    return 2 * len(text) * metrics.averageCharWidth() <= width or metrics.horizontalAdvance(text) <= width


def _origin(rect: QRectF, metrics: QFontMetricsF, pad: float) -> QPointF:
    """Where a text begins that stands in the middle of `rect`'s height."""
    return QPointF(rect.left() + pad, round(rect.center().y() + (metrics.ascent() - metrics.descent()) / 2))


def _corner_labels(view: View, said: Badge, run: int, step: int, area: QRectF) -> list[Label]:
    """At the map's foot: the verdict's reason where one line takes it, and a model's figure on the right."""
    inner = area.adjusted(INSET, INSET, -INSET, -INSET)
    labels = []
    if said.reason:
        reason = _label(view, said.reason, view.fonts.small, inner.bottomLeft(), inner)
        if reason.rect.width() <= inner.width():
            labels.append(reason)
            inner.setBottom(reason.rect.top() - INSET)
    text = figure(view.scene, run, step) if view.on_model else ""
    if text:
        labels.append(_label(view, text, view.fonts.body, inner.bottomRight(), inner))
    return labels


def _away_label(view: View, place: list[float], area: QRectF, arrow: Arrow) -> Label:
    """Beside the arrow: that the run has left the map, and on a surface where it is."""
    text, behind = QCoreApplication.translate("Board", "off the map"), ARROW_REACH * arrow.radius
    if not view.on_model:
        where = f"{text}: {numbers.number(place[0], 2)}, {numbers.number(place[1], 2)}"
        if view.fonts.small_metrics.horizontalAdvance(where) + 2 * PAD <= area.width() - 2 * behind:
            text = where
    label = _label(view, text, view.fonts.small, arrow.tip, area)
    back = QPointF(math.cos(arrow.angle), math.sin(arrow.angle))
    # Far enough behind the tip that neither the label's width nor its height reaches the arrow.
    far = min(label.rect.width() / 2 / max(abs(back.x()), 1e-9), label.rect.height() / 2 / max(abs(back.y()), 1e-9))
    inner = area.adjusted(INSET, INSET, -INSET, -INSET)
    return _label(view, text, view.fonts.small, arrow.tip - back * (far + behind), inner)


def _label(view: View, text: str, font: QFont, at: QPointF, within: QRectF) -> Label:
    """A text on a map, its middle as near to `at` as the map allows; as wide as it is, even if that is too wide."""
    metrics = QFontMetricsF(font)
    width, height = math.ceil(metrics.horizontalAdvance(text) + 2 * PAD), math.ceil(metrics.height() + PAD / 2)
    left = max(within.left(), min(at.x() - width / 2, within.right() - width))
    top = max(within.top(), min(at.y() - height / 2, within.bottom() - height))
    rect = QRectF(math.floor(left), math.floor(top), width, height)
    return Label(text, rect, _origin(rect, metrics, PAD), font, view.theme.text)


def _arrow(area: QRectF, toward: QPointF, radius: float) -> Arrow:
    """Where the ray from the map's middle to a point off it meets the edge, a little inside."""
    inner = area.adjusted(INSET, INSET, -INSET, -INSET)
    away = toward - inner.center()
    reach = max(abs(away.x()) / max(inner.width() / 2, 1), abs(away.y()) / max(inner.height() / 2, 1), 1e-9)
    return Arrow(inner.center() + away * (1 / reach), math.atan2(away.y(), away.x()), radius)


def _in_bands(rect: QRect) -> QRect:
    """`rect` grown to whole bands of the board: a region splits rectangles side by side where their edges differ."""
    top = rect.top() // BAND * BAND
    return QRect(rect.left(), top, rect.width(), (rect.bottom() // BAND + 1) * BAND - top)


def _around(at: QPointF, reach: float, within: QRectF) -> QRect:
    return (QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach) & within).toAlignedRect()


def _paint_label(painter: QPainter, view: View, label: Label) -> None:
    if label.on_map:
        sheet = QColor(view.theme.window)
        sheet.setAlpha(216)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(sheet)
        painter.drawRoundedRect(label.rect, 3, 3)
    painter.setFont(label.font)
    painter.setPen(QColor(label.color))
    painter.drawText(label.origin, label.text)
