"""Opening the window: paint first, load torch behind it, and have the opening experiment race as soon as it can."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from lrviz.app.settings import load_geometry, load_view_state, save_geometry, save_view_state, state_path
from lrviz.app.window import Window
from lrviz.core.experiment import Experiment
from lrviz.core.openings import opening
from lrviz.core.scene import Scene
from lrviz.export.reading import experiment_from_file
from lrviz.runtime.warmup import load_torch

SWITCH_SECONDS = 0.0005  # how soon Python hands the window its turn while the worker computes
DEFAULT_SIZE = (1280, 800)


def race_when_ready(experiment: Experiment) -> Iterator[Scene]:
    """The engine's race; the first one loads torch, on the thread that asks for it."""
    load_torch()
    from lrviz.engine.race import race

    yield from race(experiment)


def run_window(file: Path | None = None) -> int:
    """Open the window on `file`'s experiment or the opening one, and return when it is closed."""
    return show_window(opening() if file is None else experiment_from_file(file))


def show_window(experiment: Experiment) -> int:
    """Open the window on `experiment` and return when it is closed, in an application of its own or one that is there.

    Such an application goes on afterwards, and the interpreter is left as it was found.
    """
    app = QApplication.instance()
    own = app is None
    if app is None:
        # Before it is made: pyqtgraph's shaders serve one context, which the 3D view shares with the window.
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
        app = QApplication(sys.argv[:1])
        app.setApplicationName("lrviz")
        app.setApplicationDisplayName("lrviz")
    assert isinstance(app, QApplication)
    window = Window(experiment, race_when_ready, load_view_state(state_path()))
    geometry = load_geometry()
    if geometry is None or not window.restoreGeometry(geometry):
        window.resize(*DEFAULT_SIZE)
    with _manners(window):
        window.show()
        # Not before the first paint: importing torch would hold it up.
        QTimer.singleShot(0, window.session.start)
        status = app.exec() if own else _wait_for(window, app)
    save_view_state(state_path(), window.state)
    save_geometry(window.saveGeometry())
    window.deleteLater()
    return status


@contextmanager
def _manners(window: Window) -> Iterator[None]:
    """While the window is open, Ctrl-C closes it as the mouse would, and it gets its turns beside a worker at once."""
    seconds, handler = sys.getswitchinterval(), signal.getsignal(signal.SIGINT)
    sys.setswitchinterval(SWITCH_SECONDS)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    try:
        yield
    finally:
        sys.setswitchinterval(seconds)
        signal.signal(signal.SIGINT, handler)


def _wait_for(window: Window, app: QApplication) -> int:
    """Until the window is closed, which ends no application that somebody else has made."""
    quits = app.quitOnLastWindowClosed()
    app.setQuitOnLastWindowClosed(False)
    loop = QEventLoop()
    window.closed.connect(loop.quit)
    try:
        return loop.exec()
    finally:
        app.setQuitOnLastWindowClosed(quits)
