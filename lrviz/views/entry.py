"""An entry for one value: what is typed is understood or answered with one line, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from lrviz.core.errors import ParameterError
from lrviz.core.signature import Value
from lrviz.views.guard import guarded


class ValueEntry(QLineEdit):
    """Shows a value as people write it; `parse` reads what they type, or raises ParameterError with the answer."""

    value_entered = Signal(object)  # a value that differs from the one shown

    def __init__(
        self,
        name: str,
        parse: Callable[[str], Value],
        show: Callable[[Value], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._parse = parse
        self._show = show
        self.value: Value | None = None  # the last good one
        self.returnPressed.connect(self.enter)
        self.textEdited.connect(self._unmark)

    def set_value(self, value: Value) -> None:
        """Show `value`, unless somebody is typing here just now."""
        self.value = value
        if not (self.hasFocus() and self.isModified()):
            self._restore()

    def enter(self) -> None:
        """Take what stands here, or say in one line why it can't be taken."""
        if not self.isModified():
            return
        try:
            value = self._parse(self.text())
        except ParameterError as error:
            self._refuse(str(error))
            return
        changed = value != self.value
        self.value = value
        self._restore()
        if changed:
            self.value_entered.emit(value)

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving takes a good value; a bad one gives way to the last good one, after its line was shown."""
        self.enter()
        if self.isModified():
            self._restore()
        super().focusOutEvent(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._restore()
            return
        super().keyPressEvent(event)

    def _restore(self) -> None:
        self._unmark()
        self.setText("" if self.value is None else self._show(self.value))
        self.setCursorPosition(0)
        self.setModified(False)

    def _refuse(self, line: str) -> None:
        self.setProperty("refused", True)
        self.setAccessibleDescription(line)
        self._repolish()
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), line, self)

    def _unmark(self) -> None:
        if self.property("refused"):
            self.setProperty("refused", False)
            self.setAccessibleDescription("")
            self._repolish()

    def _repolish(self) -> None:
        self.style().unpolish(self)
        self.style().polish(self)
