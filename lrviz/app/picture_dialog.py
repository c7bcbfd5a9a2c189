"""Asking for a picture: of what, and how large."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QWidget

from lrviz.views.theme import SMALL, font

SCALES = (1, 2, 3, 4)


@dataclass(frozen=True)
class Subject:
    """Something that a picture can be made of."""

    title: str
    size: QSize  # in points: times the scale, in pixels
    draw: Callable[[float], QImage]  # at one of SCALES


class PictureDialog(QDialog):
    """Which subject, and how large: the size in pixels is told beforehand."""

    chosen = Signal(str, int)  # the subject's key, the scale

    def __init__(self, subjects: Mapping[str, Subject], subject: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export picture"))
        self._subjects = subjects
        self._subject = QComboBox()
        self._subject.setAccessibleName(self.tr("What to export"))
        for key, candidate in subjects.items():
            self._subject.addItem(candidate.title, key)
        self._subject.setCurrentIndex(self._subject.findData(subject))
        self._scale = QComboBox()
        self._scale.setAccessibleName(self.tr("Scale"))
        for scale in SCALES:
            self._scale.addItem(f"{scale}×", scale)
        self._scale.setCurrentIndex(1)
        self._size = QLabel()
        self._size.setFont(font(SMALL, tabular=True))
        self._lay_out()
        self._subject.currentIndexChanged.connect(self._tell_size)
        self._scale.currentIndexChanged.connect(self._tell_size)
        self._tell_size()

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        save = buttons.addButton(self.tr("Export…"), QDialogButtonBox.ButtonRole.AcceptRole)
        save.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.setContentsMargins(24, 24, 24, 16)
        form.setSpacing(12)
        form.addRow(self.tr("Picture of"), self._subject)
        form.addRow(self.tr("Scale"), self._scale)
        form.addRow("", self._size)
        form.addRow(buttons)

    def _tell_size(self) -> None:
        size = self._subjects[self._subject.currentData()].size * self._scale.currentData()
        self._size.setText(self.tr("{width} × {height} pixels").format(width=size.width(), height=size.height()))

    def accept(self) -> None:
        self.chosen.emit(self._subject.currentData(), self._scale.currentData())
        super().accept()
