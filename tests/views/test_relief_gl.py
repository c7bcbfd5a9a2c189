from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lrviz.views import relief_gl
from lrviz.views.relief_gl import open_gl_available, relief_widget
from lrviz.views.relief_view import ReliefView

ROOT = Path(__file__).resolve().parents[2]

# What a window shows by OpenGL against what QPainter paints, before and after a turn, and after a step.
ON_SCREEN = """
import json
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
app = QApplication([])
import numpy as np
from lrviz.views.relief_gl import open_gl_available, open_gl_renderer
assert open_gl_available()
from lrviz.views.relief_gl_view import GlRelief
from lrviz.views.relief_view import ReliefView
from tests.views.descents import Descents
from tests.views.test_relief_view import different, pixels

scene = Descents().judged()
views = GlRelief(), ReliefView()
said = []
views[0].camera_changed.connect(said.append)
for view in views:
    view.resize(640, 360)
    view.show_scene(scene)
    view.show_step(30)
views[0].show()
app.processEvents()
answer = {"renderer": open_gl_renderer(), "different": []}

def compare():
    views[1].set_camera(views[0].camera)
    shown = pixels(views[0]._stage.grabFramebuffer())
    answer["different"].append(different(shown, pixels(views[1].picture(1))))
    answer["plain"] = float(shown.std())

compare()
views[0]._go(views[0].camera.turned(40, -15))
views[0]._settle()
compare()
for view in views:
    view.show_step(60)
compare()
answer["turned"] = len(said)
answer["exports"] = different(pixels(views[0].picture(1)), pixels(views[1].picture(1)))
print(json.dumps(answer))
"""


def test_without_a_display_there_is_no_open_gl_and_the_painted_view_takes_its_place(qtbot: QtBot) -> None:
    assert not open_gl_available()
    view = relief_widget()
    qtbot.addWidget(view)
    assert type(view) is ReliefView


def test_without_the_extra_there_is_none_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relief_gl, "SCREENLESS", ())
    monkeypatch.setattr(relief_gl, "find_spec", lambda name: None)
    assert not open_gl_available()


def test_a_program_that_draws_in_a_cards_stead_is_slower_than_qpainter(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relief_gl, "open_gl_renderer", lambda: "llvmpipe (LLVM 15.0.6, 256 bits)")
    view = relief_widget()
    qtbot.addWidget(view)
    assert type(view) is ReliefView


def test_pyqtgraph_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, lrviz.views.relief_gl; print([name for name in ('pyqtgraph', 'OpenGL') if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_open_gl_shows_what_qpainter_paints(xvfb: str) -> None:
    environment = {**os.environ, "DISPLAY": xvfb, "QT_QPA_PLATFORM": "xcb"}
    command = [sys.executable, "-c", ON_SCREEN]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout.splitlines()[-1])
    assert answer["renderer"]
    assert answer["plain"] > 10
    assert max(answer["different"]) < 0.03
    assert answer["turned"] == 1
    assert answer["exports"] < 0.001
