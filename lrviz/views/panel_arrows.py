"""What the step on screen is made of: arrows at the head, and a rectangle for what each axis is multiplied by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from lrviz.core.catalog import Point
from lrviz.core.update import ArrowKind, Stage
from lrviz.core.updates import stages_at
from lrviz.views import numbers
from lrviz.views.markers import HALO, RADIUS, arrow_path
from lrviz.views.panel_view import SPARE, Letters, View
from lrviz.views.theme import Theme
from lrviz.views.way import Frame

MOST, LEAST = 0.25, 0.1  # of a map's shorter side: how far from the head the arrows reach
CLEAR = 44.0  # px: on small maps they reach so far all the same, up to half as far again
NAMED = 150  # px: on smaller maps the arrows' forms alone tell them apart
LONGEST = 1.5  # times the step: what is longer still doesn't make the step too short to be seen, but is cut
STRONG, WEAK = 2.5, 1.75  # px: the step's shaft, or that of the stage told just now; the others
TIP = 0.8 * RADIUS  # px: half the width of an arrow's tip
DOT = 4.0  # px: an arrow shorter than this has no tip and no name
SQUARE = 0.45  # half the longer side of the scaling's rectangle, of the arrows' reach
ASIDE = 4.0  # px between an arrow and its name

# Dash and gap lengths in pen widths: arrows are told apart by form first.
FORMS: dict[ArrowKind, tuple[float, ...]] = {
    "gradient": (1, 1.5),
    "momentum": (4, 2),
    "step": (),
    "ahead": (5, 2, 1, 2),
}
OPEN: frozenset[ArrowKind] = frozenset(("gradient", "ahead"))  # their tips are outlines


@dataclass(frozen=True)
class Shaft:
    """One arrow in widget coordinates."""

    kind: ArrowKind
    tail: QPointF
    tip: QPointF
    strong: bool
    cut: bool  # it is longer than it is drawn

    @property
    def length(self) -> float:
        return math.hypot(self.tip.x() - self.tail.x(), self.tip.y() - self.tail.y())

    @property
    def angle(self) -> float:
        return math.atan2(self.tip.y() - self.tail.y(), self.tip.x() - self.tail.x())

    @property
    def bounds(self) -> QRectF:
        reach = 2.2 * TIP + HALO + 1
        return QRectF(self.tail, self.tip).normalized().adjusted(-reach, -reach, reach, reach)


@dataclass(frozen=True)
class Name:
    """A few letters beside an arrow."""

    text: str
    rect: QRectF


@dataclass(frozen=True)
class Arrows:
    """All that is drawn of one update in one panel, and the one factor by which all of it is enlarged."""

    shafts: tuple[Shaft, ...]
    scaling: QRectF | None
    names: tuple[Name, ...]
    factor: float
    map: QRectF
    area: QRect  # where `paint` paints
    letters: Letters

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
                painter.setBrush(Qt.BrushStyle.NoBrush)
                for pen in (theme.halo_pen(1.25 + 2 * HALO), _pen(theme, "ahead", 1.25)):
                    painter.setPen(pen)
                    painter.drawRect(self.scaling)
            for shaft in sorted(self.shafts, key=lambda shaft: shaft.strong):
                _paint_shaft(painter, theme, shaft)
            for name in self.names:
                path = QPainterPath()
                path.addText(name.rect.left(), self.letters.baseline(name.rect), self.letters.font, name.text)
                painter.strokePath(path, theme.halo_pen(2 * HALO + 1))
                painter.fillPath(path, QColor(theme.text))
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
    letters = view.fonts.small
    names = _names(shafts, scaling, letters, area, taken) if side >= NAMED else ()
    bounds = QRectF()
    for rect in (
        *(shaft.bounds for shaft in shafts),
        *(name.rect.adjusted(-2, -2, 2, 2) for name in names),
        *([] if scaling is None else [scaling.adjusted(-3, -3, 3, 3)]),
    ):
        bounds |= rect
    bounds &= area
    if bounds.isEmpty():
        return None
    return Arrows(tuple(shafts), scaling, names, factor, area, bounds.toAlignedRect().marginsAdded(SPARE), letters)


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


def _names(
    shafts: Sequence[Shaft], scaling: QRectF | None, letters: Letters, area: QRectF, taken: Sequence[QRectF]
) -> tuple[Name, ...]:
    """A name for each arrow, and the rectangle, that has room for one without hiding another."""
    names: list[Name] = []
    hidden = [*taken, *(_head_of(shaft) for shaft in shafts)]
    inner = area.adjusted(ASIDE, ASIDE, -ASIDE, -ASIDE)

    def name(text: str, spots: list[QPointF]) -> None:
        size = QSizeF(letters.width(text), letters.height)
        for spot in spots:
            rect = QRectF(spot - QPointF(size.width() / 2, size.height() / 2), size)
            if inner.contains(rect) and not any(rect.intersects(other) for other in hidden):
                names.append(Name(text, rect))
                hidden.append(rect)
                return

    for shaft in sorted(shafts, key=lambda shaft: shaft.strong, reverse=True):
        text = _letters_of(shaft.kind)
        if shaft.length >= DOT:
            name(text, _spots(shaft, QSizeF(letters.width(text), letters.height)))
    if scaling is not None:
        middle, aside = scaling.center(), letters.height / 2 + 2
        beside = letters.width(_tr("scale")) / 2 + ASIDE
        name(
            _tr("scale"),
            [
                QPointF(middle.x(), scaling.bottom() + aside),
                QPointF(middle.x(), scaling.top() - aside),
                QPointF(scaling.right() + beside, middle.y()),
                QPointF(scaling.left() - beside, middle.y()),
            ],
        )
    return tuple(names)


def _spots(shaft: Shaft, size: QSizeF) -> list[QPointF]:
    """Where an arrow's name may stand: beyond its tip, beside the tip, beside its middle."""
    along = QPointF(math.cos(shaft.angle), math.sin(shaft.angle))
    across = QPointF(-along.y(), along.x())
    middle = (shaft.tail + shaft.tip) * 0.5

    def away(direction: QPointF) -> QPointF:
        """Just so far that the letters don't touch the line."""
        return direction * (
            abs(direction.x()) * size.width() / 2 + abs(direction.y()) * size.height() / 2 + ASIDE + TIP / 2
        )

    spots = [shaft.tip + away(along)]
    for place in (shaft.tip, middle):
        spots += [place + away(across), place - away(across)]
    return spots


def _head_of(shaft: Shaft) -> QRectF:
    return QRectF(shaft.tip.x() - TIP, shaft.tip.y() - TIP, 2 * TIP, 2 * TIP)


def _paint_shaft(painter: QPainter, theme: Theme, shaft: Shaft) -> None:
    width = STRONG if shaft.strong else WEAK
    short = shaft.length < DOT
    end = shaft.tip if short else shaft.tip - (shaft.tip - shaft.tail) * (1.6 * TIP / shaft.length)
    if not short and shaft.length < 2 * TIP:
        end = shaft.tail
    line = QPainterPath(shaft.tail)
    line.lineTo(end)
    tip = _tip(shaft.angle).translated(shaft.tip)
    halo = theme.halo_pen(width + 2 * HALO)
    painter.strokePath(line, halo)
    if not short:
        painter.strokePath(tip, theme.halo_pen(1 + 2 * HALO))
    painter.strokePath(line, _pen(theme, shaft.kind, width))
    if shaft.cut and not short:
        _paint_cut(painter, theme, shaft)
    if short:
        return
    if shaft.kind in OPEN:
        painter.fillPath(tip, QColor(theme.halo))
        painter.strokePath(tip, QPen(_color(theme, shaft.kind), 1.25))
    else:
        painter.fillPath(tip, _color(theme, shaft.kind))


def _paint_cut(painter: QPainter, theme: Theme, shaft: Shaft) -> None:
    """Two strokes across the shaft, as on an axis of which a part is left out."""
    along = QPointF(math.cos(shaft.angle), math.sin(shaft.angle))
    slant = QPointF(-along.y(), along.x()) * 1.4 * TIP + along * 0.5 * TIP
    gap = QPainterPath()
    for place in (-0.6, 0.6):
        middle = (shaft.tail + shaft.tip) * 0.5 + along * place * TIP
        gap.moveTo(middle - slant)
        gap.lineTo(middle + slant)
    painter.strokePath(gap, theme.halo_pen(1.8 * TIP))
    painter.strokePath(gap, QPen(_color(theme, shaft.kind), 1.25))


@lru_cache(maxsize=1)
def _plain_tip() -> QPainterPath:
    return QTransform.fromScale(0.9, 0.9).map(arrow_path(0.0, TIP))


def _tip(angle: float) -> QPainterPath:
    return QTransform().rotateRadians(angle).map(_plain_tip())


@lru_cache(maxsize=32)
def _pen(theme: Theme, kind: ArrowKind, width: float) -> QPen:
    pen = QPen(_color(theme, kind), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if FORMS[kind]:
        pen.setDashPattern(list(FORMS[kind]))
    return pen


def _color(theme: Theme, kind: ArrowKind) -> QColor:
    colors: dict[ArrowKind, str] = {
        "gradient": theme.warning,
        "momentum": theme.accent,
        "step": theme.text,
        "ahead": theme.quiet,
    }
    return QColor(colors[kind])


def _letters_of(kind: ArrowKind) -> str:
    names: dict[ArrowKind, str] = {"gradient": "−ηg", "momentum": "m", "step": _tr("step"), "ahead": _tr("ahead")}
    return names[kind]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Arrows", text)
