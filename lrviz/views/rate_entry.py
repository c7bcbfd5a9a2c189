"""A panel's title is its learning rate, and the rate is typed right there."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QMargins, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from lrviz.core.errors import ParameterError
from lrviz.views import numbers
from lrviz.views.guard import guarded
from lrviz.views.theme import Theme

PADDING = 4  # px beside the figures

_LOOKS = Template(
    """
RateEntry { background: $window; color: $text; border: none; border-radius: 3px; padding: 0; }
RateEntry:hover, RateEntry:focus { background: $field; }
"""
)


class RateEntry(QLineEdit):
    """Looks like a title until the pointer or the focus comes. 0.001 and 1e-3 are both understood."""

    rate_entered = Signal(float)
    refused = Signal(str)  # one line that says what would be right; empty once it no longer matters
    resized = Signal()  # what is typed needs another width

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rate = 1.0
        self._theme: Theme | None = None
        self.setTextMargins(QMargins(PADDING - 2, 0, PADDING - 2, 0))  # Qt adds 2
        self.returnPressed.connect(self._enter)
        self.textEdited.connect(self._edited)

    def show_rate(self, rate: float) -> None:
        """Show `rate`, unless somebody is typing here."""
        if rate == self._rate and self.text():
            return
        self._rate = rate
        if not (self.hasFocus() and self.isModified()):
            self._restore()

    def dress(self, theme: Theme, font: QFont) -> None:
        if font != self.font():
            self.setFont(font)
        if theme is not self._theme:
            self._theme = theme
            self.setStyleSheet(_LOOKS.substitute(window=theme.window, field=theme.field, text=theme.text))

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text() or "0") + 2 * PADDING + 2
        return QSize(width, self.fontMetrics().height() + 4)

    def _enter(self) -> None:
        if self.isModified():
            self._commit()
        self.selectAll()

    def _commit(self) -> None:
        """Take what is typed; where it makes no sense, say so and show the old rate again."""
        try:
            rate = numbers.rate_from_text(self.text())
        except ParameterError as error:
            self._restore()
            self.refused.emit(str(error))
            return
        self.setModified(False)
        if rate != self._rate:
            self._rate = rate
            self.rate_entered.emit(rate)
        self._restore()

    def _restore(self) -> None:
        self.setText(numbers.exact(self._rate))
        self.setCursorPosition(0)
        self.setModified(False)
        self.resized.emit()

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
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.isModified():
            self._commit()
        super().focusOutEvent(event)
        self.deselect()
