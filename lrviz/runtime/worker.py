"""The one training thread: it iterates whatever it is given, and has no logic of its own.

Work is a generator of values. A newer piece of work replaces the one under way at its next yield, so a change of
mind never waits; values reach the window only when they differ from the last, so a training step costs no signal.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Signal

Work = Callable[[], Iterator[object]]


@dataclass(frozen=True)
class Failure:
    """An exception that ended a piece of work: its one line, and its traceback for the curious."""

    error: Exception
    details: str

    @classmethod
    def of(cls, error: Exception) -> Failure:
        return cls(error, "".join(traceback.format_exception(error)))


class Worker(QThread):
    """Runs pieces of work one at a time, the newest first. Every signal carries the ticket that `submit` gave."""

    value_changed = Signal(int, object)  # the work yielded another value than before
    work_ended = Signal(int)  # to its end, or by an error; not when newer work replaced it
    work_failed = Signal(int, object)  # a Failure

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = threading.Condition()
        self._next: tuple[int, Work] | None = None
        self._ticket = 0

    def submit(self, work: Work) -> int:
        """Begin `work` as soon as the work under way comes to its next yield. Returns its ticket."""
        with self._turn:
            self._ticket += 1
            self._next = (self._ticket, work)
            self._turn.notify()
            return self._ticket

    def stop(self) -> None:
        """Drop the work under way; the thread waits for more."""
        self.submit(lambda: iter(()))

    def retire(self) -> None:
        """Have the thread end at the next yield, without waiting for it."""
        self.requestInterruption()
        with self._turn:
            self._turn.notify()

    def close(self) -> None:
        """End the thread and wait for it: as long as one chunk of work takes, some tens of milliseconds."""
        self.retire()
        self.wait()

    def run(self) -> None:
        while not self.isInterruptionRequested():
            with self._turn:
                if self._next is None:
                    if not self.isInterruptionRequested():  # asked again, since nobody will wake it a second time
                        self._turn.wait(0.5)
                    continue
                ticket, work = self._next
                self._next = None
            self._iterate(ticket, work)

    def _iterate(self, ticket: int, work: Work) -> None:
        try:
            last: object = None
            values = work()
            for value in values:
                if value is not last:
                    self.value_changed.emit(ticket, value)
                    last = value
                if self._next is not None or self.isInterruptionRequested():
                    return
        except Exception as error:
            self.work_failed.emit(ticket, Failure.of(error))
        if self._next is None:
            self.work_ended.emit(ticket)
