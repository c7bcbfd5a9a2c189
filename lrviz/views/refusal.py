"""Why there is no answer, in one line above where it would stand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from lrviz.views.theme import GRID


class Refusal(QLabel):
    """Takes room only while it says something."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName("notice")
        self.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self.hide()

    def say(self, text: str) -> None:
        """The line; "" takes it away."""
        self.setText(text)
        self.setVisible(bool(text))
