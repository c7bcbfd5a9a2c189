"""A canvas along whose width steps run: the pointer or the arrow keys read one of them, a press goes there."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QRegion
from PySide6.QtWidgets import QWidget

from lrviz.views.canvas import Canvas
from lrviz.views.focus import came_by_tab
from lrviz.views.guard import guarded

_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class Spot(NamedTuple):
    """A step, of the run by which it was found; where all runs share the width, any will do."""

    step: int
    run: int = 0


class StepCanvas(Canvas):
    """Keeps which step is read. Subclasses tell which one lies under a pixel, and paint what is read."""

    seek_requested = Signal(int)  # the step that was pressed, dragged to, or read when Enter was pressed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cursor_spot: Spot | None = None  # what is read; None: nothing is
        self._sought: int | None = None  # while the button is down: the step last asked for
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click goes to a step and leaves the arrow keys where they were

    # What a subclass says

    def spot_at(self, at: QPointF) -> Spot | None:
        """What lies under a pixel; None beside the steps."""
        raise AssertionError("a step canvas knows its steps")

    def nearest_spot(self, at: QPointF) -> Spot | None:
        """What lies nearest to a pixel; None while there is nothing."""
        raise AssertionError("a step canvas knows its steps")

    def leading_run(self) -> int:
        """The run whose steps the arrow keys read."""
        return 0

    def cursor_region(self) -> QRegion:
        """Where what is read is painted at self.cursor_spot."""
        raise AssertionError("a step canvas paints what is read")

    # The step that is read

    def read_spot(self, spot: Spot | None) -> None:
        """Read the values at a spot, or none."""
        if spot == self.cursor_spot:
            return
        before = self.cursor_region()
        self.cursor_spot = spot
        self._heads = self.heads_region()
        self.update(before | self.cursor_region())

    def read_step(self, step: int | None) -> None:
        """Read the values at a step of the leading run, or none."""
        self.read_spot(None if step is None else Spot(step, self.leading_run()))

    def _seek(self, spot: Spot | None) -> None:
        if spot is not None and spot.step != self._sought:
            self._sought = spot.step
            self.seek_requested.emit(spot.step)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek(self.spot_at(event.position()))

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._sought is None:
            self.read_spot(self.spot_at(event.position()))
        else:
            nearest = self.nearest_spot(event.position())
            self.read_spot(nearest)
            self._seek(nearest)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._sought = None

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.read_spot(None)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.scene is None or key not in _KEYS:
            super().keyPressEvent(event)
            return
        here = self.cursor_spot or Spot(self.step, self.leading_run())
        if key == Qt.Key.Key_Escape:
            self.read_spot(None)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            there = here.step + (1 if key == Qt.Key.Key_Right else -1)
            self.read_spot(here._replace(step=min(max(there, 0), self.scene.steps)))
        else:
            self.seek_requested.emit(here.step)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if came_by_tab(event):
            self.read_step(self.step)
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.read_spot(None)
        self.update()
