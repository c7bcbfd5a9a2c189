"""Where the parts of a fate map stand: title, map, axes, legend, and the surface beside a map of rates."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetricsF

from lrviz.views.theme import BODY, GRID, SMALL, TITLE, font

COLUMN = 28 * GRID  # the legend's width
LEFT = 8 * GRID  # for the y axis
MARGIN = 2 * GRID
LEAST_MAP = 10 * GRID  # px a side: whatever the size of the widget
WIDEST = 1.6  # width / height of a map whose axes have no common unit


@dataclass(frozen=True)
class Layout:
    """Rectangles in px of the widget. `inset` is empty where there is none."""

    title: QRect
    map: QRect
    answer: QRect  # one line, of what is under the cursor
    legend: QRect
    inset: QRect
    news: QRect  # one line, at the foot of the legend


def lay_out(size: QSize, proportion: float | None, inset: float | None) -> Layout:
    """`proportion` is the map's width / height, None where that is free; `inset` the inset's, where there is one.

    Title and legend keep their room; the map gets as much of the rest as its proportion lets it.
    """
    high, line, small = (round(QFontMetricsF(font(scale)).height()) for scale in (TITLE, BODY, SMALL))
    top = GRID + high + GRID
    below = 2 * small + GRID + line + GRID  # ticks, the axis's name, the answer
    width = max(LEAST_MAP, size.width() - LEFT - COLUMN - 2 * MARGIN)
    height = max(LEAST_MAP, size.height() - top - below)
    if proportion is None:
        width = min(width, round(WIDEST * height))
    elif width > proportion * height:
        width = max(LEAST_MAP, round(proportion * height))
    else:
        height = max(LEAST_MAP, round(width / proportion))
    left = LEFT + max(0, size.width() - LEFT - width - COLUMN - 2 * MARGIN) // 2
    picture = QRect(left, top, width, height)
    column = QRect(picture.right() + MARGIN, top, COLUMN, height)
    place = QRect()
    if inset is not None:
        tall = min(round(COLUMN / inset), height // 2)
        place = QRect(column.left(), column.bottom() + 1 - tall, round(tall * inset), tall)
        column.setBottom(place.top() - GRID - line)
    return Layout(
        title=QRect(left, GRID // 2, size.width() - left - MARGIN, high + GRID // 2),
        map=picture,
        answer=QRect(left, picture.bottom() + 1 + 2 * small + GRID, size.width() - left - MARGIN, line),
        legend=column,
        inset=place,
        news=QRect(picture.right() + MARGIN, picture.bottom() + 1 + GRID // 2, COLUMN, small),
    )
