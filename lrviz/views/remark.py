"""One clear line beside a field, when what was typed there can't be taken."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from lrviz.views.guard import guarded
from lrviz.views.theme import GRID

EDGE = 4  # px: the stripe at its left


class Remark(QLabel):
    """Stands over the board's panels and inside the board, and goes with the next thing that is done."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._board = parent
        self.setContentsMargins(EDGE + GRID, GRID // 2, GRID, GRID // 2)
        self.hide()

    def say(self, line: str, at: QPoint) -> None:
        """Show `line` below `at`, or go where there is none."""
        self.setVisible(bool(line))
        if line:
            self.setText(line)
            self.setAccessibleName(line)
            self.adjustSize()
            room = self._board.width() - self.width()
            self.move(max(0, min(at.x(), room)), at.y())
            self.raise_()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.fillRect(QRect(0, 0, EDGE, self.height()), palette.color(QPalette.ColorRole.BrightText))
        super().paintEvent(event)
