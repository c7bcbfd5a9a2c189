"""Where the panels stand: of all grids the one whose maps are largest, every panel alike and on whole pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRect, QSize

from lrviz.views.theme import GRID

GAP = GRID
ADD_STRIP = 3 * GRID  # px: the width of "add a run" where no cell is vacant
SHALLOW = 18 * GRID  # px: shallower maps take room from the lines around them


@dataclass(frozen=True)
class Shape:
    """Width / height of a map: the span within which it gains by every px, and the widest span it may have at all."""

    ideal: tuple[float, float]
    limits: tuple[float, float]

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """The largest map within width × height."""
        return _fit(width, height, self.limits)

    def worth(self, width: int, height: int) -> tuple[int, int]:
        """What a map of this size is worth: what of it has an ideal shape, then all of it."""
        ideal_width, ideal_height = _fit(width, height, self.ideal)
        return ideal_width * ideal_height, width * height


@dataclass(frozen=True)
class Room:
    """The widths, in px, that a panel's title line needs: with the badge in it, and without."""

    title_and_badge: int
    title: int
    small_title_and_badge: int  # both in small letters
    small_title: int


@dataclass(frozen=True)
class Lines:
    """The heights of the lines around a map, in px; 0 where there is none."""

    title: int
    badge: int  # 0: the badge stands in the title line
    slider: int
    small: bool  # the title is set in the body's size

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
    def map_size(self) -> QSize:
        return self.map(0).size()

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


@lru_cache(maxsize=64)
def arrange(count: int, width: int, height: int, shape: Shape, room: Room, *, editable: bool, more: bool) -> Grid:
    """The grid of `count` panels in width × height px whose maps are worth most.

    `editable` leaves a line for the slider, `more` leaves room for adding a run.
    """
    size = QSize(width, height)
    grids = [_grid(count, columns, size, shape, room, editable, more) for columns in range(1, count + 1)]

    def worth(grid: Grid) -> tuple[float, float, int]:
        """Large maps, and no ragged last row: what is left vacant counts against a grid."""
        ideal, whole = shape.worth(*grid.map_size.toTuple())
        used = count / (grid.columns * math.ceil(count / grid.columns))
        return ideal * used, whole, -grid.columns

    return max(grids, key=worth)


def _grid(count: int, columns: int, size: QSize, shape: Shape, room: Room, editable: bool, more: bool) -> Grid:
    rows = math.ceil(count / columns)
    full = columns * rows == count
    strip = ADD_STRIP + GAP if more and full else 0
    width = max(1, (size.width() - strip - GAP * (columns - 1)) // columns)
    height = max(1, (size.height() - GAP * (rows - 1)) // rows)
    lines, map_width, map_height = _panel(width, height, shape, room, editable)
    panel = QSize(map_width, map_height + lines.height)
    left = max(0, (size.width() - strip - (panel.width() + GAP) * columns + GAP) // 2)
    top = max(0, (size.height() - (panel.height() + GAP) * rows + GAP) // 2)

    def cell(index: int) -> QRect:
        x = left + (panel.width() + GAP) * (index % columns)
        y = top + (panel.height() + GAP) * (index // columns)
        return QRect(x, y, panel.width(), panel.height())

    panels = tuple(cell(index) for index in range(count))
    beside = QRect(panels[columns - 1].right() + 1 + GAP, top, ADD_STRIP, panels[-1].bottom() + 1 - top)
    vacancy = (beside if full else cell(count)) if more else None
    return Grid(columns, lines, panels, vacancy)


def _panel(width: int, height: int, shape: Shape, room: Room, editable: bool) -> tuple[Lines, int, int]:
    """The lines, and the map's width and height, of a panel within a cell: as large in letters as it allows."""
    large, small, own = (4 * GRID, 3 * GRID), (3 * GRID, 2 * GRID), 2 * GRID
    for (title, slider), badge, least_width, least_height in (
        (large, 0, room.title_and_badge, SHALLOW),
        (large, own, room.title, SHALLOW),
        (small, 0, room.small_title_and_badge, 0),
        (small, own, 0, 0),
    ):
        lines = Lines(title, badge, slider if editable else 0, title == small[0])
        map_width, map_height = shape.fit(width, max(1, height - lines.height))
        if map_width >= least_width and map_height >= least_height:
            break
    # The smallest maps are rather stretched than their titles cut off.
    return lines, max(map_width, min(width, room.small_title)), map_height


def _fit(width: int, height: int, span: tuple[float, float]) -> tuple[int, int]:
    """The largest size within width × height whose width / height lies in `span`."""
    low, high = span
    if width > high * height:
        width = int(high * height)
    elif width < low * height:
        height = int(width / low)
    return max(1, width), max(1, height)
