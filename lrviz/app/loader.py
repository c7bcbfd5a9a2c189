"""Data are read beside the window: a table of a million rows must not hold it up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal

from lrviz.app.survey import Survey
from lrviz.core.epochs import load_data
from lrviz.core.experiment import Choice
from lrviz.runtime.worker import Failure

REMEMBERED = 4  # data sets that are kept once they are read, as core.epochs keeps them


class Loader(QObject):
    """Has what needs a data set done once that is read; a newer request replaces one that still waits."""

    began = Signal(str)  # the name of what is being read
    ended = Signal()
    failed = Signal(object)  # a Failure

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read: list[tuple[Choice, int]] = []
        self._asked: tuple[Choice, int] | None = None
        self._then: Callable[[], object] = lambda: None
        self._survey = Survey(self)
        self._survey.answered.connect(self._take)
        self._survey.failed.connect(self._fail)

    @property
    def reading(self) -> bool:
        return self._survey.asking

    def when_read(self, data: Choice, seed: int, then: Callable[[], object]) -> None:
        """Call `then` as soon as `data` can be had at once: now, where it was read lately."""
        if (data, seed) in self._read:
            then()
            return
        self._asked, self._then = (data, seed), then
        self.began.emit(data.name)
        self._survey.ask(lambda: _reading(data, seed))

    def close(self) -> None:
        self._survey.close()

    def _take(self, _data: object) -> None:
        assert self._asked is not None
        self._read = [*self._read, self._asked][-REMEMBERED:]
        self.ended.emit()
        self._then()

    def _fail(self, failure: Failure) -> None:
        self.ended.emit()
        self.failed.emit(failure)


def _reading(data: Choice, seed: int) -> Iterator[object]:
    yield load_data(data, seed)
