"""A panel's title is its learning rate, and the rate is typed right there."""

from __future__ import annotations

from string import Template
from typing import cast

from PySide6.QtCore import QMargins, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QWidget

from lrviz.views import numbers
from lrviz.views.entry import ValueEntry
from lrviz.views.focus import came_by_tab
from lrviz.views.guard import guarded
from lrviz.views.theme import Theme

PADDING = 4  # px beside the figures

_LOOKS = Template(
    """
RateEntry { background: $window; color: $text; border: none; border-radius: 3px; padding: 0; }
RateEntry:hover, RateEntry:focus { background: $field; }
"""
)


class RateEntry(ValueEntry):
    """Looks like a title until the pointer or the focus comes. 0.001 and 1e-3 are both understood.

    There is no room to keep what makes no sense: the old rate returns at once, and the line is said elsewhere.
    """

    rate_entered = Signal(float)
    refused = Signal(str)  # one line that says what would be right; empty once it no longer matters
    resized = Signal()  # what is typed needs another width

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", numbers.rate_from_text, lambda rate: numbers.exact(cast(float, rate)), parent)
        self._theme: Theme | None = None
        self.setTextMargins(QMargins(PADDING - 2, 0, PADDING - 2, 0))  # Qt adds 2
        self.value_entered.connect(self.rate_entered.emit)
        self.returnPressed.connect(self.selectAll)
        self.textEdited.connect(self._edited)

    def show_rate(self, rate: float) -> None:
        """Show `rate`, unless somebody is typing here."""
        if rate != self.value:
            self.set_value(rate)

    def dress(self, theme: Theme, font: QFont) -> None:
        if font != self.font():
            self.setFont(font)
        if theme is not self._theme:
            self._theme = theme
            self.setStyleSheet(_LOOKS.substitute(window=theme.window, field=theme.field, text=theme.text))

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text() or "0") + 2 * PADDING + 2
        return QSize(width, self.fontMetrics().height() + 4)

    def _restore(self) -> None:
        super()._restore()
        self.resized.emit()

    def _refuse(self, line: str) -> None:
        self._restore()
        self.refused.emit(line)

    def _edited(self) -> None:
        self.refused.emit("")
        self.resized.emit()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.refused.emit("")
            self._restore()
            self.clearFocus()
            return
        super().keyPressEvent(event)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if came_by_tab(event):
            self.selectAll()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.deselect()
