"""What the step on screen is made of: arrows at the head, and a rectangle for what each axis is multiplied by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from lrviz.core.catalog import Point
from lrviz.core.update import ArrowKind, Stage
from lrviz.core.updates import stages_at
from lrviz.views import numbers
from lrviz.views.arrow_forms import Shaft, paint_scaling, paint_shaft
from lrviz.views.arrow_names import Name, arrow_names
from lrviz.views.panel_view import SPARE, View
from lrviz.views.theme import Theme
from lrviz.views.way import Frame

MOST, LEAST = 0.25, 0.1  # of a map's shorter side: how far from the head the arrows reach
CLEAR = 44.0  # px: on small maps they reach so far all the same, up to half as far again
NAMED = 140  # px: on smaller maps the arrows' forms alone tell them apart
LONGEST = 1.5  # times the step: what is longer still doesn't make the step too short to be seen, but is cut
SQUARE = 0.45  # half the longer side of the scaling's rectangle, of the arrows' reach


@dataclass(frozen=True)
class Arrows:
    """All that is drawn of one update in one panel, and the one factor by which all of it is enlarged."""

    shafts: tuple[Shaft, ...]
    scaling: QRectF | None
    names: tuple[Name, ...]
    factor: float
    map: QRectF
    area: QRect  # where `paint` paints

    def paint(self, painter: QPainter, view: View) -> None:
        """Copied from a picture of their own: where a line is cut by what is painted again, its edge would change."""
        ratio = painter.deviceTransform().m11()
        if ratio not in self._pictures:
            self._pictures[ratio] = self._picture(view.theme, ratio)
        painter.drawImage(self.area.topLeft(), self._pictures[ratio])

    @cached_property
    def _pictures(self) -> dict[float, QImage]:
        """By how many device pixels a px has."""
        return {}

    def _picture(self, theme: Theme, ratio: float) -> QImage:
        image = QImage(self.area.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-self.area.topLeft())
            painter.setClipRect(self.map)
            if self.scaling is not None:
                paint_scaling(painter, theme, self.scaling)
            for shaft in sorted(self.shafts, key=lambda shaft: shaft.strong):
                paint_shaft(painter, theme, shaft)
            for name in self.names:
                name.paint(painter, theme)
        return image

    @property
    def note(self) -> str:
        """That the arrows are not as long as they are; empty where they are."""
        if self.factor == 1 or not self.shafts:
            return ""
        return _tr("arrows × {factor}").format(factor=numbers.number(self.factor))


def place_arrows(
    view: View, frame: Frame, run: int, step: int, at: QPointF, upto: int | None = None, taken: Sequence[QRectF] = ()
) -> Arrows | None:
    """The update that follows `step`, from the head at `at` (px of the board). None where none is known.

    With `upto` the stages up to that one, which is drawn the strongest. All stages count for the factor, so that it
    stays the same from the first to the last. Names keep off what is `taken`.
    """
    stages = stages_at(view.scene, run, step)
    if not stages:
        return None
    area = view.map_areas[run]
    side = min(frame.width, frame.height)
    reach = min(max(MOST * side, CLEAR), 1.5 * MOST * side)
    chain = _chain(stages, frame)
    factor = enlargement(_extent(stages, chain), reach)
    last = len(stages) - 1 if upto is None else min(upto, len(stages) - 1)
    shafts = []
    for number, tail, tip in chain:
        arrow = stages[number].arrow
        if number <= last and arrow is not None:
            strong = arrow.kind == "step" if upto is None else number == last
            ends = at + _within(tail * factor, reach), at + _within(tip * factor, reach)
            shafts.append(Shaft(arrow.kind, *ends, strong, _far(tip * factor) > 1.01 * reach))
    scaling = _scaling([stage.scaling for stage in stages[: last + 1]], SQUARE * reach, at)
    names = arrow_names(shafts, scaling, view.fonts.small, area, taken) if side >= NAMED else ()
    bounds = QRectF()
    for rect in (
        *(shaft.bounds for shaft in shafts),
        *(name.bounds for name in names),
        *([] if scaling is None else [scaling.adjusted(-3, -3, 3, 3)]),
    ):
        bounds |= rect
    bounds &= area
    if bounds.isEmpty():
        return None
    return Arrows(tuple(shafts), scaling, names, factor, area, bounds.toAlignedRect().marginsAdded(SPARE))


def enlargement(extent: float, reach: float) -> float:
    """1 where `extent` (px from the head) can be seen and stays within `reach`; else 1, 2 or 5 × 10ⁿ.

    Round factors hold for many steps, so that arrows grow and shrink on screen as the steps do.
    """
    if extent == 0 or LEAST / MOST * reach <= extent <= reach:
        return 1.0
    exact = reach / extent
    if not 1e-300 < exact < 1e300:
        return 1.0
    power = 10.0 ** math.floor(math.log10(exact))
    return max((digit * power for digit in (1, 2, 5) if digit * power <= exact), default=power)


def _extent(stages: Sequence[Stage], chain: Sequence[tuple[int, QPointF, QPointF]]) -> float:
    """How far the arrows go from the head, in px; at most so much farther than the step that it can still be seen."""
    farthest = max((_far(tip) for _, _, tip in chain), default=0.0)
    step = max((_far(tip) for number, _, tip in chain if _kind(stages[number]) == "step"), default=0.0)
    return min(farthest, LONGEST * step) if step > 0 else farthest


def _kind(stage: Stage) -> ArrowKind | None:
    return None if stage.arrow is None else stage.arrow.kind


def _far(offset: QPointF) -> float:
    return math.hypot(offset.x(), offset.y())


def _within(offset: QPointF, reach: float) -> QPointF:
    far = _far(offset)
    return offset if far <= reach else offset * (reach / far)


def _chain(stages: Sequence[Stage], frame: Frame) -> list[tuple[int, QPointF, QPointF]]:
    """For each stage with an arrow: its number, and the arrow's ends in px from the head, as long as they are."""
    x0, x1, y0, y1 = frame.bounds
    right, down = frame.width / (x1 - x0), -frame.height / (y1 - y0)
    chain: list[tuple[int, QPointF, QPointF]] = []
    before = QPointF()
    for number, stage in enumerate(stages):
        if stage.arrow is None:
            continue
        x, y = stage.arrow.by[0] * right, stage.arrow.by[1] * down
        if not math.isfinite(math.hypot(x, y)):
            continue
        tail = before if stage.arrow.onward else QPointF()
        before = tail + QPointF(x, y)
        chain.append((number, tail, before))
    return chain


def _scaling(factors: Sequence[Point | None], half: float, at: QPointF) -> QRectF | None:
    """The last factors known as a rectangle around the head: a square where both axes have the same."""
    known = [pair for pair in factors if pair is not None and all(map(math.isfinite, pair)) and max(pair) > 0]
    if not known:
        return None
    x, y = (max(1.0, half * factor / max(known[-1])) for factor in known[-1])
    return QRectF(at.x() - x, at.y() - y, 2 * x, 2 * y)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Arrows", text)
