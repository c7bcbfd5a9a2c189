"""Files that a person opens and saves: experiments, and tables of their own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment
from lrviz.core.experiment_file import experiment_to_json
from lrviz.export.files import WriteError, write_file
from lrviz.export.reading import experiment_from_file

TABLE_ENDINGS = (".csv", ".tsv", ".csv.gz", ".npz")


class Documents(QObject):
    """Asks for files, reads and writes them; a file that makes no sense gets one line, and nothing changes."""

    experiment_opened = Signal(object)  # an Experiment
    table_opened = Signal(str)  # the path of a file with data
    refused = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def open(self, path: Path) -> None:
        """Open whatever `path` is: a table by its ending, an experiment otherwise."""
        if path.name.lower().endswith(TABLE_ENDINGS):
            self.table_opened.emit(str(path))
            return
        try:
            self.experiment_opened.emit(experiment_from_file(path))
        except LrvizError as error:
            self.refused.emit(str(error))

    def ask_for_experiment(self) -> None:
        self._ask(self.tr("Open an experiment"), self.tr("Experiments (*.json *.png)"))

    def ask_for_table(self) -> None:
        self._ask(self.tr("Open data"), self.tr("Tables and arrays (*.csv *.tsv *.csv.gz *.npz)"))

    def save(self, experiment: Experiment) -> None:
        """Ask where, and save the experiment as JSON."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the experiment"), "experiment.json", self.tr("Experiments (*.json)")
        )
        if not name:
            return
        path = Path(name)
        self.write(path if path.suffix else path.with_suffix(".json"), experiment_to_json(experiment))

    def write(self, path: Path, data: bytes) -> None:
        """Write a file whole, or say in one line why not; then what stood there stands there still."""
        try:
            write_file(path, data)
        except WriteError as error:
            self.refused.emit(str(error))

    def _ask(self, title: str, kinds: str) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, title, "", kinds)
        if name:
            self.open(Path(name))
