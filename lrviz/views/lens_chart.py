"""The lens's chart: test figure against training loss, and the level at which the runs are compared, to be moved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.lens import Lens
from lrviz.views.focus import came_by_tab
from lrviz.views.guard import guarded
from lrviz.views.lens_frame import Frame, frame_of
from lrviz.views.lens_painting import paint_chart
from lrviz.views.numbers import number
from lrviz.views.theme import GRID, LIGHT, Theme

KEY_PX = 4.0  # px that an arrow key moves the level by


class LensChart(QWidget):
    """Press or drag to move the level; Left and Right too, and Home sets it where it was at first."""

    level_wanted = Signal(object)  # the training loss to compare at; None: the one that suits the runs

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Test figure against training loss"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press leaves the arrow keys where they were
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setMinimumSize(40 * GRID, 26 * GRID)
        self._theme: Theme = LIGHT
        self._lens: Lens | None = None
        self._whole: Lens | None = None  # to which the scales are fitted
        self._names: Sequence[str] = ()
        self._frame: Frame | None = None  # of the whole and the present size
        self._by_key = False

    def show_lens(self, lens: Lens, whole: Lens, names: Sequence[str]) -> None:
        """`whole` is all that was published of the race, to which the scales are fitted; `names` those of the runs."""
        if whole is not self._whole:
            self._frame = None
        self._lens, self._whole, self._names = lens, whole, names
        said = self.tr("Left and Right move the training loss at which runs are compared, Home puts it back.")
        at = "" if lens.level is None else self.tr("It is {loss}.").format(loss=number(lens.level))
        self.setAccessibleDescription(f"{said} {at}".strip())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    @property
    def frame(self) -> Frame | None:
        """Where things stand at the present size; None before anything is measured."""
        if self._frame is None and self._whole is not None:
            self._frame = frame_of(self._whole, self.size())
        return self._frame

    def sizeHint(self) -> QSize:
        return QSize(70 * GRID, 50 * GRID)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        frame = self.frame
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.field))
            if self._lens is not None and frame is not None:
                paint_chart(painter, self._theme, self._lens, self._names, frame, self._by_key)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame = None

    # The level is moved

    def _move_to(self, x: float) -> None:
        frame = self.frame
        if frame is not None:
            self.level_wanted.emit(frame.level(x))

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._move_to(event.position().x())

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_to(event.position().x())

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.level_wanted.emit(None)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        frame, level = self.frame, None if self._lens is None else self._lens.level
        way = {Qt.Key.Key_Left: -KEY_PX, Qt.Key.Key_Right: KEY_PX}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Home:
            self.level_wanted.emit(None)
        elif way is not None and frame is not None and level is not None:
            self._move_to(frame.x(level) + way)
        else:
            super().keyPressEvent(event)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_key = came_by_tab(event)
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._by_key = False
        self.update()
