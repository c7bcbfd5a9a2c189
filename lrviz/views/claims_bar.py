"""Above the page of claims: which form of the check, how long it takes, how far it is, and the page for others."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from lrviz.core.claim import ClaimsReport, Extent
from lrviz.views.claims_words import extent_text, progress_text
from lrviz.views.theme import GRID, SMALL, font


class ClaimsBar(QWidget):
    """One row of controls. While a check runs its button ends it, and its form stays as it is."""

    start_wanted = Signal(str)  # the Extent
    cancel_wanted = Signal()
    export_wanted = Signal()
    print_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self.extents: dict[Extent, QToolButton] = {"quick": _button("view"), "full": _button("view")}
        self._group = QButtonGroup(self)
        for extent, button in self.extents.items():
            button.setCheckable(True)
            self._group.addButton(button)
            self.show_expected(extent, None)
        self.extents["quick"].setChecked(True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the check"))
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(10 * GRID, 6)
        self.progress_words = QLabel()
        self.progress_words.setFont(font(SMALL, tabular=True))
        self.export, self.print, self.button = _button("quiet"), _button("quiet"), _button("accent")
        self.export.setText(self.tr("Export…"))
        self.export.setAccessibleName(self.tr("Export the page"))
        self.print.setText(self.tr("Print…"))
        self.print.setAccessibleName(self.tr("Print the page"))
        self.export.clicked.connect(self.export_wanted)
        self.print.clicked.connect(self.print_wanted)
        self.button.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(GRID)
        for button in self.extents.values():
            row.addWidget(button)
        row.addStretch(1)
        for widget in (self.progress_words, self.progress, self.export, self.print, self.button):
            row.addWidget(widget)
        self.show_running(False)
        self.show_report(None)

    @property
    def extent(self) -> Extent:
        """The form that is chosen."""
        return "full" if self.extents["full"].isChecked() else "quick"

    def show_expected(self, extent: Extent, seconds: float | None) -> None:
        """How long a form is going to take; None while that is not known."""
        button = self.extents[extent]
        button.setText(extent_text(extent, seconds))
        button.setAccessibleName(button.text())

    def show_running(self, running: bool) -> None:
        self._running = running
        self.button.setText(self.tr("Cancel") if running else self.tr("Start"))
        self.button.setAccessibleName(self.tr("Cancel the check") if running else self.tr("Start the check"))
        self.button.setObjectName("quiet" if running else "accent")
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)
        for button in self.extents.values():
            button.setEnabled(not running)
        for button in (self.export, self.print):
            button.setVisible(not running)
        self.progress.setVisible(running)
        self.progress_words.setVisible(running)

    def show_report(self, report: ClaimsReport | None) -> None:
        for button in (self.export, self.print):
            button.setEnabled(report is not None and bool(report.findings))
        self.progress.setValue(0 if report is None else int(100 * report.share_done))
        self.progress_words.setText("" if report is None else progress_text(report))

    def _press(self) -> None:
        if self._running:
            self.cancel_wanted.emit()
        else:
            self.start_wanted.emit(self.extent)


def _button(kind: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(kind)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
