"""The claims' page on paper and in files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from lrviz.app.documents import Documents
from lrviz.core.claim import ClaimsReport
from lrviz.export.claims_page import PAGES, page_html


class Pages(QObject):
    """Asks where to, and has the page written or printed."""

    def __init__(self, window: QWidget, documents: Documents) -> None:
        super().__init__(window)
        self._window = window
        self._documents = documents

    def save(self, report: ClaimsReport) -> None:
        """As HTML, Markdown or JSON, by the file's ending."""
        kinds = " ".join(f"*{ending}" for ending in PAGES)
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Save the claims' page"),
            "claims.html",
            self.tr("Pages ({kinds})").format(kinds=kinds),
        )
        if name:
            path = Path(name)
            path = path if path.suffix.lower() in PAGES else path.with_suffix(".html")
            self._documents.write(path, PAGES[path.suffix.lower()](report).encode())

    def print(self, report: ClaimsReport) -> None:
        """On a printer that a person picks, or into a PDF there."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self._window).exec():
            document_of(report).print_(printer)


def document_of(report: ClaimsReport) -> QTextDocument:
    """The page as Qt lays it out."""
    document = QTextDocument()
    document.setHtml(page_html(report))
    return document
