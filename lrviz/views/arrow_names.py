"""The few letters beside an arrow: where there is room for them, painted once and copied from then on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QMargins, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from lrviz.core.update import ArrowKind
from lrviz.views.arrow_forms import DOT, TIP, Shaft
from lrviz.views.markers import HALO
from lrviz.views.panel_view import Letters
from lrviz.views.theme import Theme

ASIDE = 4.0  # px between an arrow and its name
MARGIN = 3  # px around the letters for their halo
SPARE = QMargins(MARGIN, MARGIN, MARGIN, MARGIN)


@dataclass(frozen=True)
class Name:
    """A few letters and where they stand, on whole pixels."""

    text: str
    rect: QRectF
    letters: Letters

    @property
    def bounds(self) -> QRectF:
        """Where it paints."""
        return self.rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        stamp = _stamp(theme, self.text, self.letters, painter.deviceTransform().m11())
        painter.drawImage(self.bounds.topLeft(), stamp)


def arrow_names(
    shafts: Sequence[Shaft], scaling: QRectF | None, letters: Letters, area: QRectF, taken: Sequence[QRectF]
) -> tuple[Name, ...]:
    """A name for each arrow, and for the scaling's rectangle, that has room for one without hiding another."""
    names: list[Name] = []
    hidden = [*taken, *(_head_of(shaft) for shaft in shafts)]
    inner = area.adjusted(ASIDE, ASIDE, -ASIDE, -ASIDE)

    def name(text: str, size: QSizeF, spots: Iterable[QPointF]) -> None:
        for spot in spots:
            corner = QPointF(round(spot.x() - size.width() / 2), round(spot.y() - size.height() / 2))
            rect = QRectF(corner, size)
            if inner.contains(rect) and not any(rect.intersects(other) for other in hidden):
                names.append(Name(text, rect, letters))
                hidden.append(rect)
                return

    for shaft in sorted(shafts, key=lambda shaft: shaft.strong, reverse=True):
        if shaft.length >= DOT:
            text = name_of(shaft.kind)
            size = _size(text, letters)
            name(text, size, _beside_arrow(shaft, size))
    if scaling is not None:
        text = _tr("scale")
        size = _size(text, letters)
        name(text, size, _beside_rect(scaling, size))
    return tuple(names)


def name_of(kind: ArrowKind) -> str:
    names: dict[ArrowKind, str] = {"gradient": "−ηg", "momentum": "m", "step": _tr("step"), "ahead": _tr("ahead")}
    return names[kind]


def _beside_arrow(shaft: Shaft, size: QSizeF) -> Iterator[QPointF]:
    """Middles of the places where a name may stand: beyond the arrow's tip, beside its tip, beside its middle."""
    along = shaft.along
    across = QPointF(-along.y(), along.x())

    def away(direction: QPointF) -> QPointF:
        """Just so far that the letters don't touch the line."""
        reach = abs(direction.x()) * size.width() / 2 + abs(direction.y()) * size.height() / 2
        return direction * (reach + ASIDE + TIP / 2)

    yield shaft.tip + away(along)
    for place in (shaft.tip, (shaft.tail + shaft.tip) * 0.5):
        yield place + away(across)
        yield place - away(across)


def _beside_rect(rect: QRectF, size: QSizeF) -> Iterator[QPointF]:
    middle, down, right = rect.center(), size.height() / 2 + 2, size.width() / 2 + ASIDE
    yield QPointF(middle.x(), rect.bottom() + down)
    yield QPointF(middle.x(), rect.top() - down)
    yield QPointF(rect.right() + right, middle.y())
    yield QPointF(rect.left() - right, middle.y())


def _head_of(shaft: Shaft) -> QRectF:
    return QRectF(shaft.tip.x() - TIP, shaft.tip.y() - TIP, 2 * TIP, 2 * TIP)


@lru_cache(maxsize=32)
def _size(text: str, letters: Letters) -> QSizeF:
    return QSizeF(math.ceil(letters.width(text)), math.ceil(letters.height))


@lru_cache(maxsize=64)
def _stamp(theme: Theme, text: str, letters: Letters, ratio: float) -> QImage:
    """The letters with their halo, MARGIN px larger all around."""
    size = _size(text, letters)
    line = QRectF(MARGIN, MARGIN, size.width(), size.height())
    image = QImage(line.size().toSize().grownBy(SPARE) * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(line.left(), letters.baseline(line), letters.font, text)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(path, theme.halo_pen(2 * HALO + 1))
        painter.fillPath(path, QColor(theme.text))
    return image


def _tr(text: str) -> str:
    return QCoreApplication.translate("Arrows", text)
