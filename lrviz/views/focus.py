"""How the focus came: by a key it wants to be seen, and what it stands on to be typed over."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent

_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


def came_by_tab(event: QFocusEvent) -> bool:
    """Whether Tab or Shift+Tab brought the focus, not a press or the program itself."""
    return event.reason() in _BY_TAB
