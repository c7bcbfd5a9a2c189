"""One clear notice above the picture: what happened, its details for the curious, and a way to put it away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QSizePolicy, QToolButton, QWidget


class Notice(QFrame):
    """Hidden until `tell`; a newer notice replaces the older one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName(self.tr("Notice"))
        self._line = QLabel()
        self._line.setWordWrap(True)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._details_text = ""
        self._details = QPushButton(self.tr("Details…"))
        self._details.clicked.connect(self._show_details)
        self._close = QToolButton()
        self._close.setText("×")
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(self.tr("Put the notice away"))
        self._close.setToolTip(self.tr("Put this away"))
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._line)
        row.addWidget(self._details)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        return self._line.text()

    def tell(self, line: str, details: str = "") -> None:
        """Show one line, with longer details (a traceback) behind a button."""
        self._line.setText(line)
        self._details_text = details
        self._details.setVisible(bool(details))
        self.show()

    def _show_details(self) -> None:
        box = QMessageBox(self.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Details"))
        box.setText(self._line.text())
        box.setDetailedText(self._details_text)
        box.open()
