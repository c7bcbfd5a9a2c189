"""Which keys belong to the control that has the focus, before they are the transport's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QWidget

from lrviz.views.chart import Chart
from lrviz.views.lens_chart import LensChart

_ARROWS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}
_ENDS = {Qt.Key.Key_Home, Qt.Key.Key_End}
_OWN_KEYS: tuple[tuple[type[QObject], set[Qt.Key]], ...] = (
    (QAbstractSlider, _ARROWS | _ENDS),
    (QComboBox, _ARROWS | _ENDS | {Qt.Key.Key_Space}),
    (QAbstractButton, {Qt.Key.Key_Space}),
    (LensChart, {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home}),
    (Chart, _ARROWS | {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}),
)


class KeyManners(QObject):
    """Watches the control that has the focus: a slider keeps its arrows, a button its space bar, entries keep all.

    It is an event filter of that control alone, since one of the whole application would cost every event a call.
    """

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            for kind, keys in _OWN_KEYS:
                if isinstance(watched, kind) and event.key() in keys:
                    event.accept()
                    return True
        return False
