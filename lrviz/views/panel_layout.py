"""Where the panels stand: of all grids the one whose maps are largest, every panel alike and on whole pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize

from lrviz.views.theme import GRID

GAP = GRID
ADD_STRIP = 3 * GRID  # px: the width of "add a run" where no cell is vacant
NARROW = 27 * GRID  # px: narrower panels give the badge a line of its own
SHALLOW = 14 * GRID  # px: shallower maps take room from the lines around them

Shape = tuple[float, float]  # the least and the greatest width / height that a map may have


@dataclass(frozen=True)
class Lines:
    """The heights of the lines around a map, in px; 0 where there is none."""

    title: int
    badge: int  # 0: the badge stands in the title line
    slider: int

    @property
    def height(self) -> int:
        return self.title + self.badge + self.slider


@dataclass(frozen=True)
class Grid:
    """Panels of one size. `vacancy` is the room left for adding a run."""

    columns: int
    lines: Lines
    panels: tuple[QRect, ...]
    vacancy: QRect | None

    @property
    def compact(self) -> bool:
        """Whether titles are set small, for lack of room."""
        return self.lines.title < 4 * GRID

    def title(self, panel: int) -> QRect:
        rect = self.panels[panel]
        return QRect(rect.x(), rect.y(), rect.width(), self.lines.title)

    def badge_line(self, panel: int) -> QRect:
        """The badge's own line under the title; empty where it has none."""
        rect = self.panels[panel]
        return QRect(rect.x(), rect.y() + self.lines.title, rect.width(), self.lines.badge)

    def map(self, panel: int) -> QRect:
        return self.panels[panel].adjusted(0, self.lines.title + self.lines.badge, 0, -self.lines.slider)

    def slider(self, panel: int) -> QRect:
        rect = self.panels[panel]
        return QRect(rect.x(), rect.bottom() + 1 - self.lines.slider, rect.width(), self.lines.slider)


def arrange(count: int, size: QSize, shape: Shape, *, editable: bool, more: bool) -> Grid:
    """The grid of `count` panels in `size` px with the largest maps of that shape.

    `editable` leaves a line for the slider, `more` leaves room for adding a run.
    """
    grids = [_grid(count, columns, size, shape, editable, more) for columns in range(1, count + 1)]
    return max(grids, key=lambda grid: (_area(grid.map(0)), -grid.columns))


def _grid(count: int, columns: int, size: QSize, shape: Shape, editable: bool, more: bool) -> Grid:
    rows = math.ceil(count / columns)
    full = columns * rows == count
    strip = ADD_STRIP + GAP if more and full else 0
    width = max(1, (size.width() - strip - GAP * (columns - 1)) // columns)
    height = max(1, (size.height() - GAP * (rows - 1)) // rows)
    narrow = width < NARROW
    lines = Lines(4 * GRID, 2 * GRID if narrow else 0, 3 * GRID if editable else 0)
    if height - lines.height < SHALLOW:
        lines = Lines(3 * GRID, 2 * GRID if narrow else 0, 2 * GRID if editable else 0)
    map_width, map_height = _largest(width, max(1, height - lines.height), shape)
    panel = QSize(map_width, map_height + lines.height)
    left = (size.width() - strip - (panel.width() + GAP) * columns + GAP) // 2
    top = (size.height() - (panel.height() + GAP) * rows + GAP) // 2

    def cell(index: int) -> QRect:
        x = max(0, left) + (panel.width() + GAP) * (index % columns)
        y = max(0, top) + (panel.height() + GAP) * (index // columns)
        return QRect(x, y, panel.width(), panel.height())

    panels = tuple(cell(index) for index in range(count))
    vacancy = None
    if more:
        end = panels[columns - 1]
        strip_rect = QRect(end.right() + 1 + GAP, end.y(), ADD_STRIP, panels[-1].bottom() + 1 - end.y())
        vacancy = strip_rect if full else cell(count)
    return Grid(columns, lines, panels, vacancy)


def _largest(width: int, height: int, shape: Shape) -> tuple[int, int]:
    """The largest size within width × height whose width / height lies in `shape`."""
    low, high = shape
    if width > high * height:
        width = int(high * height)
    elif width < low * height:
        height = int(width / low)
    return max(1, width), max(1, height)


def _area(rect: QRect) -> int:
    return rect.width() * rect.height()
