"""Exceptions that nobody caught, from any thread, become one notice; the program goes on."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from lrviz.runtime.worker import Failure


class Lifeline(QObject):
    """While it holds on, uncaught exceptions of any thread arrive at `caught`, on the window's own thread."""

    caught = Signal(object)  # a Failure

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = (sys.excepthook, threading.excepthook)
        self.hold_on()

    def hold_on(self) -> None:
        """Take the hooks, also from whoever took them since."""
        sys.excepthook = self._catch
        threading.excepthook = lambda args: self._catch(args.exc_type, args.exc_value, args.exc_traceback)

    def let_go(self) -> None:
        sys.excepthook, threading.excepthook = self._before

    def _catch(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        if isinstance(error, Exception):
            self.caught.emit(Failure.of(error))
