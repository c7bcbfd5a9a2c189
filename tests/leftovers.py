"""What a test can leave behind: threads, running timers and animations, windows."""

from __future__ import annotations

import gc
import sys
import threading
import time

PATIENCE = 1.0  # seconds in which what has been told to stop may come to its end


def alive() -> list[object]:
    """Every thread, running timer, running animation and parentless widget of this process."""
    # Python's stand-ins for threads that Qt or torch started end unnoticed; a QThread is looked at itself.
    things: list[object] = [t for t in threading.enumerate() if not isinstance(t, threading._DummyThread)]
    if "PySide6.QtWidgets" not in sys.modules:  # a test without Qt need not load it
        return things

    import shiboken6
    from PySide6.QtCore import QAbstractAnimation, QThread, QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication.instance()
    main_thread = app.thread() if app else None
    for thing in shiboken6.getAllValidWrappers():
        match thing:
            case QThread() if thing.isRunning() and thing is not main_thread:
                things.append(thing)
            case QTimer() if thing.isActive():
                things.append(thing)
            case QAbstractAnimation() if thing.state() == QAbstractAnimation.State.Running:
                things.append(thing)
            case QWidget() if thing.isWindow() and thing.parent() is None:
                things.append(thing)
    return things


def left_since(before: list[object]) -> list[object]:
    """What is alive and was not `before`, once deferred deletions and garbage are out of the way."""
    known = {id(thing) for thing in before}
    deadline = time.monotonic() + PATIENCE
    while left := [thing for thing in alive() if id(thing) not in known]:
        if time.monotonic() > deadline:
            break
        del left
        _settle()
    return left


def describe(thing: object) -> str:
    named = getattr(thing, "objectName", lambda: getattr(thing, "name", ""))()
    return f"{type(thing).__name__} {named!r}" if named else type(thing).__name__


def put_away(thing: object) -> None:
    """End it, so that it does not disturb the tests that follow."""
    from PySide6.QtCore import QAbstractAnimation, QThread, QTimer
    from PySide6.QtWidgets import QWidget

    match thing:
        case QThread():
            thing.requestInterruption()
            thing.quit()
            thing.wait(5000)
        case QTimer() | QAbstractAnimation():
            thing.stop()
        case QWidget():
            thing.close()
            thing.deleteLater()


def _settle() -> None:
    """Let pending events run, delete what asked to be deleted, collect what nobody reaches any more."""
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
    gc.collect()
    time.sleep(0.01)
