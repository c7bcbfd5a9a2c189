"""The pointer on the board: setting the start on a map, and carrying a panel by its title to another place."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from lrviz.views.panel_layout import Grid


class Carry:
    """A panel taken by its title line. It moves once the pointer has gone far enough to mean it."""

    def __init__(self, panel: int, at: QPoint) -> None:
        self.panel = panel
        self.place = panel  # where it would stand if it were let go now
        self.moving = False
        self._at = at

    def move(self, grid: Grid, to: QPoint) -> None:
        if (to - self._at).manhattanLength() >= QApplication.startDragDistance():
            self.moving = True
        if self.moving:
            self.place = nearest_panel(grid, to)


def panel_at(grid: Grid, point: QPoint) -> int | None:
    return next((panel for panel, rect in enumerate(grid.panels) if rect.contains(point)), None)


def map_at(grid: Grid, point: QPoint) -> int | None:
    """The panel whose map is under `point`."""
    panel = panel_at(grid, point)
    return panel if panel is not None and grid.map(panel).contains(point) else None


def handle_at(grid: Grid, point: QPoint) -> int | None:
    """The panel whose title line, or badge line, is under `point`."""
    panel = panel_at(grid, point)
    if panel is None:
        return None
    return panel if grid.title(panel).united(grid.badge_line(panel)).contains(point) else None


def nearest_panel(grid: Grid, point: QPoint) -> int:
    def distance(panel: int) -> int:
        return (grid.panels[panel].center() - point).manhattanLength()

    return min(range(len(grid.panels)), key=distance)
