"""What is written in a panel at one step: its badge, a verdict's reason, a model's figure, and "outside"."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from lrviz.core.catalog import Bounds
from lrviz.views import numbers
from lrviz.views.panel_badge import Badge, figure
from lrviz.views.panel_view import SPARE, Letters, View
from lrviz.views.theme import Theme

INSET = 4.0  # px between a map's edge and what stands in its corners
PAD = 4.0  # px around a text that stands on a map
REASON, LOWEST = 0.25, 150  # how much of a map's height a reason may cover, and px from which on it has one
NOTE = 8  # of a font's usual letters: as wide as a remark gets
WINDOW = 0.7  # of a map's width that the words for its window may cover
SHEET = 216  # of 255: how opaque the sheet under such a text is


@dataclass(frozen=True)
class Label:
    """A text, of one line or more, in its rectangle; on a map a sheet of the window's colour lies under it."""

    text: str  # lines are told apart by "\n"
    rect: QRectF
    area: QRect  # where `paint` paints
    letters: Letters
    color: str
    on_map: bool = True

    def moved(self, down: float) -> Self:
        """The same text so many whole px further down."""
        down = round(down)
        return replace(self, rect=self.rect.translated(0, down), area=self.area.translated(0, down))

    def paint(self, painter: QPainter, view: View) -> None:
        if self.on_map:
            paint_sheet(painter, view.theme, self.rect)
        painter.setFont(self.letters.font)
        painter.setPen(QColor(self.color))
        left = self.rect.left() + (PAD if self.on_map else 0)
        lines = self.text.split("\n")
        height = self.rect.height() / len(lines)
        for place, text in enumerate(lines):
            line = QRectF(left, self.rect.top() + place * height, self.rect.width(), height)
            painter.drawText(QPointF(left, self.letters.baseline(line)), text)


def paint_sheet(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """What keeps the map off the letters."""
    sheet = QColor(theme.window)
    sheet.setAlpha(SHEET)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(sheet)
    painter.drawRoundedRect(rect, 3, 3)


def badge_label(view: View, said: Badge, run: int) -> Label:
    """The longest of the badge's texts that its place takes."""
    (rect, area), letters = view.badge_places[run], view.fonts.body
    text = next((text for text in said.texts if letters.fit(text, rect.width())), "")
    color = view.theme.quiet if said.kind is None else view.theme.text
    return Label(text, rect, area, letters, color, on_map=False)


def reason_label(view: View, reason: str, run: int, beside: QRect | None = None) -> Label | None:
    """A verdict's reason at the map's foot, in a few lines, where that leaves most of the map to be seen.

    `beside` is what stands in one of the lower corners already.
    """
    inner = _beside(_inner(view.map_areas[run]), beside)
    if inner.height() < LOWEST:
        return None
    text = _wrapped(reason, view.fonts.small, inner.width() - 2 * PAD)
    label = _on_map(view, text, view.fonts.small, inner.bottomLeft(), inner)
    return label if label.rect.width() <= inner.width() and label.rect.height() <= REASON * inner.height() else None


def _wrapped(text: str, letters: Letters, width: float) -> str:
    """`text` broken between words into lines that `width` takes; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and letters.fit(longer, width):
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def figure_label(view: View, run: int, measurement: int, above: Label | None) -> Label | None:
    """A model's figure in the map's lower right corner, or above the label that stands at its foot."""
    key = (run, measurement, above is None)
    if key not in view.figure_labels:  # it is measured at some steps only, and shown at all of them
        inner = _inner(view.map_areas[run])
        if above is not None:
            inner.setBottom(above.rect.top() - INSET)
        text = figure(view.scene, run, measurement)
        view.figure_labels[key] = _on_map(view, text, view.fonts.body, inner.bottomRight(), inner) if text else None
    label: Label | None = view.figure_labels[key]
    return label


def window_label(view: View, run: int, above: Label | None) -> Label | None:
    """Which part of the plane a map shows that is zoomed, in its lower right corner or above what stands there."""
    window, landscape = view.window(run), view.scene.landscape
    if window is None or landscape is None:
        return None
    inner, letters = _inner(view.map_areas[run]), view.fonts.small
    if above is not None:
        inner.setBottom(above.rect.top() - INSET)
    text = window_text(window, landscape.bounds, letters, inner.width(), named=not view.on_model)
    return _on_map(view, text, letters, inner.bottomRight(), inner) if text else None


def window_text(window: Bounds, home: Bounds, letters: Letters, width: float, *, named: bool) -> str:
    """A window in words, as many as a map of this width has room for; `named` where its axes are x and y."""
    closer = (home[1] - home[0]) / (window[1] - window[0])
    factor = QCoreApplication.translate("Board", "zoom × {n}").format(n=numbers.number(closer, 2))
    where = f"x {_span(*window[:2])}, y {_span(*window[2:])}" if named else factor
    hint = QCoreApplication.translate("Board", "double-click: whole map")
    texts = (f"{where} · {hint}", where, factor)
    return next((text for text in texts if letters.width(text) <= WINDOW * width), "")


def _span(low: float, high: float) -> str:
    """From `low` to `high`, in as many figures as tell them apart."""
    largest = max(abs(low), abs(high))
    digits = min(max(2, 2 + math.ceil(math.log10(largest / (high - low)))), 12)
    return f"{numbers.number(low, digits)} … {numbers.number(high, digits)}"


def away_label(
    view: View, run: int, place: list[float], tip: QPointF, angle: float, behind: float, since: int | None
) -> Label:
    """`behind` px behind an arrow's tip: that the run is outside, `since` when for good, and where it is.

    A verdict says that a run has left the map only far beyond, and so of a later step.
    """
    letters, inner = view.fonts.small, _inner(view.map_areas[run])
    brief = QCoreApplication.translate("Board", "outside")
    texts = [brief]
    if since is not None:
        texts.insert(0, QCoreApplication.translate("Board", "outside from step {n}").format(n=numbers.count(since)))
    if not view.on_model:
        texts.insert(0, f"{texts[0]}: {numbers.number(place[0], 2)}, {numbers.number(place[1], 2)}")
    room = inner.width() - 2 * PAD - behind
    fitting = (text for text in texts if letters.width(text) <= room - (behind if text is texts[0] else 0))
    text = next(fitting, brief)
    size = _on_map(view, text, letters, tip, inner).rect
    back = QPointF(math.cos(angle), math.sin(angle))
    # Far enough behind the tip that neither the label's width nor its height reaches the arrow, which is less than
    # `behind` long, and to either side half of that.
    across, up = abs(back.x()), abs(back.y())
    width, height = size.width() + behind * up, size.height() + behind * across
    far = min(width / 2 / max(across, 1e-9), height / 2 / max(up, 1e-9))
    return _on_map(view, text, letters, tip - back * (far + behind), inner)


def clear_of(label: Label, others: Iterable[Label], middle: float) -> Label:
    """The label, moved towards the map's `middle` (a y) until it lies over nothing that stands on the map already."""
    way = way_clear_of(label.rect, others, middle)
    return label.moved(way) if way else label


def way_clear_of(rect: QRectF, others: Iterable[Label], middle: float) -> int:
    """By how many px down `rect` has to go, towards the map's `middle`, to lie over nothing that stands on the map."""
    moved = QRectF(rect)
    for other in others:
        if other.on_map and other.rect.intersects(moved):
            if other.rect.center().y() < middle:
                moved.translate(0, math.ceil(other.rect.bottom() + INSET - moved.top()))
            else:
                moved.translate(0, math.floor(other.rect.top() - INSET - moved.bottom()))
    return round(moved.top() - rect.top())


def note_place(view: View, run: int, above: Label | None, right: bool) -> QRectF:
    """The room for a short remark in an upper corner of the map, under what stands there already."""
    letters, inner = view.fonts.small, _inner(view.map_areas[run])
    top = inner.top() if above is None else above.rect.bottom() + INSET / 2
    width = min(NOTE * letters.usual, inner.width())
    left = inner.right() - width if right else inner.left()
    return QRectF(left, top, width, math.ceil(letters.height + PAD / 2))


def note_label(view: View, text: str, place: QRectF, right: bool) -> Label:
    """A remark in its place."""
    return _on_map(view, text, view.fonts.small, place.topRight() if right else place.topLeft(), place)


def _beside(inner: QRectF, taken: QRect | None) -> QRectF:
    """What a rectangle in a lower corner leaves of a map's width."""
    if taken is None or taken.center().y() < inner.center().y():
        return inner
    if taken.center().x() < inner.center().x():
        return inner.adjusted(taken.right() + 1 + INSET - inner.left(), 0, 0, 0)
    return inner.adjusted(0, 0, taken.left() - INSET - inner.right(), 0)


def _on_map(view: View, text: str, letters: Letters, at: QPointF, within: QRectF) -> Label:
    """A text with its middle as near to `at` as `within` allows; as wide as it is, even if that is too wide."""
    lines = text.split("\n")
    width = math.ceil(max(map(letters.width, lines)) + 2 * PAD)
    height = math.ceil(len(lines) * letters.height + PAD / 2)
    left = max(within.left(), min(at.x() - width / 2, within.right() - width))
    top = max(within.top(), min(at.y() - height / 2, within.bottom() - height))
    rect = QRectF(math.floor(left), math.floor(top), width, height)
    return Label(text, rect, rect.toAlignedRect().marginsAdded(SPARE), letters, view.theme.text)


def _inner(area: QRectF) -> QRectF:
    return area.adjusted(INSET, INSET, -INSET, -INSET)
