"""A canvas along whose width steps run: the pointer or the arrow keys read one of them, a press goes there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QRegion
from PySide6.QtWidgets import QWidget

from lrviz.views.canvas import Canvas
from lrviz.views.guard import guarded

_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class StepCanvas(Canvas):
    """Keeps which step is read. Subclasses tell which one lies under a pixel, and paint what is read."""

    seek_requested = Signal(int)  # the step that was pressed, dragged to, or read when Enter was pressed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cursor_step: int | None = None  # the step that is read; None: none is
        self._sought: int | None = None  # while the button is down: the step last asked for
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click goes to a step and leaves the arrow keys where they were

    # What a subclass says

    def step_at(self, x: float) -> int | None:
        """The step under a pixel of the widget's width; None beside the steps."""
        raise AssertionError("a step canvas knows its steps")

    def nearest_step(self, x: float) -> int | None:
        """The step nearest to a pixel; None while there is none."""
        raise AssertionError("a step canvas knows its steps")

    def cursor_region(self) -> QRegion:
        """Where what is read is painted at self.cursor_step."""
        raise AssertionError("a step canvas paints what is read")

    # The step that is read

    def read_step(self, step: int | None) -> None:
        """Read the values at `step`, or none."""
        if step == self.cursor_step:
            return
        before = self.cursor_region()
        self.cursor_step = step
        self._heads = self.heads_region()
        self.update(before | self.cursor_region())

    def _seek(self, step: int | None) -> None:
        if step is not None and step != self._sought:
            self._sought = step
            self.seek_requested.emit(step)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek(self.step_at(event.position().x()))

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._sought is None:
            self.read_step(self.step_at(x))
        else:
            self.read_step(self.nearest_step(x))
            self._seek(self.nearest_step(x))

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._sought = None

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.read_step(None)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.scene is None or key not in _KEYS:
            super().keyPressEvent(event)
            return
        here = self.step if self.cursor_step is None else self.cursor_step
        if key == Qt.Key.Key_Escape:
            self.read_step(None)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            there = here + (1 if key == Qt.Key.Key_Right else -1)
            self.read_step(min(max(there, 0), self.scene.steps))
        else:
            self.seek_requested.emit(here)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.read_step(self.step)
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.read_step(None)
        self.update()
