"""The runs' names at the ends of their lines, where there is room for them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from lrviz.views.lens_letters import letters
from lrviz.views.theme import GRID, SMALL, Theme

REACH = 8.0  # px from the middle of a mark that a name keeps clear of


def place_names(sizes: Sequence[tuple[float, float]], ends: Sequence[QPointF], room: QRectF) -> list[QRectF | None]:
    """Where names of `sizes` (width, height) stand beside the `ends` of their lines: right, left, above or below.

    None where none of these is free of other marks and names that have their place already, or within the room.
    """
    marks = [QRectF(end.x() - REACH, end.y() - REACH, 2 * REACH, 2 * REACH) for end in ends]
    places: list[QRectF | None] = []
    for run, ((width, height), end) in enumerate(zip(sizes, ends, strict=True)):
        middle = end - QPointF(width / 2, height / 2)
        aside, over = QPointF(width / 2 + REACH + GRID / 4, 0), QPointF(0, height / 2 + REACH)
        taken = [*marks[:run], *marks[run + 1 :], *(place for place in places if place is not None)]
        candidates = [
            QRectF(at.x(), at.y(), width, height)
            for at in (middle + aside, middle - aside, middle - over, middle + over)
        ]
        free = [place for place in candidates if room.contains(place) and not any(map(place.intersects, taken))]
        places.append(free[0] if free else None)
    return places


def paint_names(painter: QPainter, theme: Theme, names: Sequence[str], ends: Sequence[QPointF], room: QRectF) -> None:
    """Small, with a halo, since lines may run behind them."""
    small = letters(SMALL, bold=True)
    sizes = [(small.width(name), small.height) for name in names]
    for name, place in zip(names, place_names(sizes, ends, room), strict=True):
        if place is not None:
            path = QPainterPath()
            path.addText(QPointF(place.x(), small.baseline(place)), small.font, name)
            painter.strokePath(path, theme.halo_pen(4))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.fillPath(path, QColor(theme.text))
