"""Carrying a panel by its title to another place."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from lrviz.views.panel_layout import Grid
from lrviz.views.panel_view import View


class Carrier(QObject):
    """What the left button carries between its press and its release: a panel or nothing."""

    run_moved = Signal(int, int)  # from, to

    def __init__(self, board: QWidget) -> None:
        super().__init__(board)
        self._board = board
        self._carried: int | None = None  # the panel that was taken by its title
        self._place: int | None = None  # where it would stand if it were let go now; None until it is moved
        self._taken_at = QPoint()

    def press(self, view: View, at: QPointF) -> None:
        self._taken_at = at.toPoint()
        self._carried = handle_at(view.grid, self._taken_at)

    def move(self, view: View, at: QPointF) -> None:
        point = at.toPoint()
        if self._carried is not None:
            far = (point - self._taken_at).manhattanLength() >= QApplication.startDragDistance()
            if far or self._place is not None:
                self._place = nearest_panel(view.grid, point)
                self._board.update()

    def release(self) -> None:
        carried, place = self._carried, self._place
        self._carried = self._place = None
        self._board.update()
        if carried is not None and place is not None and place != carried:
            self.run_moved.emit(carried, place)

    def takes(self, view: View, at: QPointF) -> bool:
        """Whether a press at `at` would take a panel that can be carried elsewhere, or has taken one."""
        return self._carried is not None or (
            handle_at(view.grid, at.toPoint()) is not None and len(view.grid.panels) > 1
        )

    def paint(self, painter: QPainter, view: View) -> None:
        """Mark the panel that is carried, and the place that it would take."""
        if self._carried is None or self._place is None:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for panel, style in ((self._carried, Qt.PenStyle.DotLine), (self._place, Qt.PenStyle.SolidLine)):
            painter.setPen(QPen(QColor(view.theme.accent), 2, style))
            painter.drawRect(view.grid.panels[panel].adjusted(1, 1, -1, -1))


def panel_at(grid: Grid, point: QPoint) -> int | None:
    return next((panel for panel, rect in enumerate(grid.panels) if rect.contains(point)), None)


def handle_at(grid: Grid, point: QPoint) -> int | None:
    """The panel whose title or badge line is under `point`."""
    panel = panel_at(grid, point)
    if panel is None:
        return None
    return panel if grid.title(panel).united(grid.badge_line(panel)).contains(point) else None


def nearest_panel(grid: Grid, point: QPoint) -> int:
    def distance(panel: int) -> int:
        return (grid.panels[panel].center() - point).manhattanLength()

    return min(range(len(grid.panels)), key=distance)
