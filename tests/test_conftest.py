"""The fixtures that watch every test are watched here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

GUILTY = """
import threading
import time
from PySide6.QtCore import QPropertyAnimation, QThread, QTimer
from PySide6.QtWidgets import QWidget

KEPT = []

class Sleeper(QThread):
    def run(self):
        while not self.isInterruptionRequested():
            time.sleep(0.01)

def test_leaves_a_thread():
    threading.Thread(target=time.sleep, args=(2,), name="forgotten").start()

def test_leaves_a_qthread(qapp):
    KEPT.append(Sleeper())
    KEPT[-1].start()

def test_leaves_a_timer(qapp):
    KEPT.append(QTimer())
    KEPT[-1].start(1000)

def test_leaves_an_animation(qapp):
    KEPT.append(QPropertyAnimation())
    KEPT[-1].setDuration(60_000)
    KEPT[-1].setLoopCount(-1)
    KEPT[-1].start()

def test_leaves_a_window(qapp):
    KEPT.append(QWidget())
    KEPT[-1].setObjectName("window")
"""

INNOCENT = """
import threading
import time
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QLabel, QWidget

class Brief(QThread):
    def run(self):
        time.sleep(0.05)

def test_gives_its_window_to_pytest_qt(qtbot):
    window = QWidget()
    QTimer(window).start(1000)
    qtbot.addWidget(window)
    window.show()

def test_drops_a_window_that_refers_to_itself(qapp):
    window = QWidget()
    window.again = window
    QLabel("child", window)

def test_waits_for_its_threads(qapp):
    thread = threading.Thread(target=time.sleep, args=(0.05,))
    thread.start()
    worker = Brief()
    worker.start()
    thread.join()
    worker.wait()
"""


def outcome(tmp_path: Path, tests: str) -> str:
    """What pytest prints for a file of `tests` under this project's fixtures."""
    file = tmp_path / "test_inner.py"
    file.write_text(tests)
    alone = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tmp_path)]
    command = [sys.executable, "-m", "pytest", "-q", *alone, str(file)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_a_test_that_leaves_something_behind_fails_and_is_told_what(tmp_path: Path) -> None:
    told = outcome(tmp_path, GUILTY)
    for thing in ("Thread 'forgotten'", "Sleeper", "QTimer", "QPropertyAnimation", "QWidget 'window'"):
        assert f"left behind: {thing}" in told
    assert "5 passed, 5 errors" in told


def test_a_test_that_cleans_up_passes(tmp_path: Path) -> None:
    assert "3 passed in" in outcome(tmp_path, INNOCENT)


@pytest.mark.skipif(sys.platform != "linux", reason="X servers of one's own are a Linux matter")
def test_xvfb_gives_a_display_that_answers(xvfb: str) -> None:
    probe = (
        "from PySide6.QtGui import QGuiApplication as G; a = G([]); "
        "print(a.platformName(), a.primaryScreen().size().toTuple())"
    )
    environment = {**os.environ, "DISPLAY": xvfb, "QT_QPA_PLATFORM": "xcb"}
    answer = subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["xcb", "(1920,", "1080)"]
