"""The pointer on the board: setting the start on a map, and carrying a panel by its title to another place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication

from lrviz.views.panel_layout import Grid
from lrviz.views.panel_view import View

if TYPE_CHECKING:
    from lrviz.views.board import Board


class Pointer:
    """What the left button holds between its press and its release: a start, a panel or nothing."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._start: int | None = None  # the panel on whose map the start is being set
        self._carried: int | None = None  # the panel that was taken by its title
        self._place: int | None = None  # where it would stand if it were let go now; None until it is moved
        self._taken_at = QPoint()

    def press(self, view: View, at: QPointF) -> None:
        point = at.toPoint()
        self._carried, self._taken_at = handle_at(view.grid, point), point
        self._start = map_at(view.grid, point) if _takes_start(view) else None
        self._ask_for_start(view, at, final=False)

    def move(self, view: View, at: QPointF) -> None:
        point = at.toPoint()
        if self._carried is not None:
            far = (point - self._taken_at).manhattanLength() >= QApplication.startDragDistance()
            if far or self._place is not None:
                self._place = nearest_panel(view.grid, point)
                self._board.update()
        elif self._start is not None:
            self._ask_for_start(view, at, final=False)
        else:
            self._show_what_a_press_does(view, point)

    def release(self, view: View, at: QPointF) -> None:
        self._ask_for_start(view, at, final=True)
        carried, place = self._carried, self._place
        self._start = self._carried = self._place = None
        self._board.update()
        if carried is not None and place is not None and place != carried:
            self._board.run_moved.emit(carried, place)

    def paint(self, painter: QPainter, view: View) -> None:
        """Mark the panel that is carried, and the place that it would take."""
        if self._carried is None or self._place is None:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for panel, style in ((self._carried, Qt.PenStyle.DotLine), (self._place, Qt.PenStyle.SolidLine)):
            painter.setPen(QPen(QColor(view.theme.accent), 2, style))
            painter.drawRect(view.grid.panels[panel].adjusted(1, 1, -1, -1))

    def _ask_for_start(self, view: View, at: QPointF, *, final: bool) -> None:
        if self._start is not None and view.frame is not None:
            x, y = view.frame.point(at - view.map(self._start).topLeft().toPointF())
            self._board.start_moved.emit(x, y, final)

    def _show_what_a_press_does(self, view: View, point: QPoint) -> None:
        if map_at(view.grid, point) is not None and _takes_start(view):
            self._board.setCursor(Qt.CursorShape.CrossCursor)
        elif handle_at(view.grid, point) is not None and len(view.grid.panels) > 1:
            self._board.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self._board.unsetCursor()


def panel_at(grid: Grid, point: QPoint) -> int | None:
    return next((panel for panel, rect in enumerate(grid.panels) if rect.contains(point)), None)


def map_at(grid: Grid, point: QPoint) -> int | None:
    """The panel whose map is under `point`."""
    panel = panel_at(grid, point)
    return panel if panel is not None and grid.map(panel).contains(point) else None


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


def _takes_start(view: View) -> bool:
    return view.frame is not None and not view.on_model
