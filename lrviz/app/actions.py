"""Every action of the window: its words, its shortcut and its menu. What an action does, the window says."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from lrviz.core.landscape import PLANE_KINDS, PlaneKind
from lrviz.core.viewstate import View
from lrviz.views.plane_titles import plane_hint, plane_title


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


class Actions:
    """Made once for a window; `menus` fills its menu bar. Each action is an attribute that the window connects."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.open = self._make(_tr("&Open an experiment…"), QKeySequence.StandardKey.Open)
        self.open_data = self._make(_tr("Open &data…"), "Ctrl+Shift+O")
        self.save = self._make(_tr("&Save the experiment…"), QKeySequence.StandardKey.Save)
        self.export = self._make(_tr("&Export picture…"), "Ctrl+E", short=_tr("Export…"))
        self.copy = self._make(_tr("&Copy picture"), "Ctrl+Shift+C", short=_tr("Copy"))
        self.quit = self._make(_tr("&Quit"), QKeySequence.StandardKey.Quit)
        self.undo = self._make(_tr("&Undo"), QKeySequence.StandardKey.Undo)
        self.redo = self._make(_tr("&Redo"), QKeySequence.StandardKey.Redo)
        self.run = self._make(_tr("&Run again"), "Ctrl+R", short=_tr("Run again"))
        self.stop = self._make(_tr("&Stop training"), "Ctrl+.")
        self.add_run = self._make(_tr("&Add a run"), "Ctrl+N")
        self.play = self._make(_tr("&Play or pause"), "Space")
        self.forth = self._make(_tr("Step &forth"), "Right")
        self.back = self._make(_tr("Step &back"), "Left")
        self.first = self._make(_tr("To the &first step"), "Home")
        self.last = self._make(_tr("To the &last step"), "End")
        self.faster = self._make(_tr("F&aster"), "]")
        self.slower = self._make(_tr("S&lower"), "[")
        self.loop = self._make(_tr("L&oop"), "L", checkable=True)
        self.theme = self._make(_tr("&Dark theme"), "Ctrl+D", short=_tr("Theme"), checkable=True)
        self.log_loss = self._make(_tr("&Logarithmic loss"), "Ctrl+L", checkable=True)
        self.lock = self._make(_tr("Only &rates may differ"), "Ctrl+Shift+L", short=_tr("Lock"), checkable=True)
        self.views = QActionGroup(self._window)
        self.panels = self._make_view(_tr("&Panels"), "Ctrl+1", "panels")
        self.overlay = self._make_view(_tr("&Overlay: all runs on one map"), "Ctrl+2", "overlay", short=_tr("Overlay"))
        self.relief = self._make_view(_tr("In &3D"), "Ctrl+3", "relief", short=_tr("3D"))
        self.fate = self._make_view(_tr("&Fate map"), "Ctrl+4", "fate", short=_tr("Fate map"))
        self.insight = self._make_view(_tr("What the models &do"), "Ctrl+5", "insight", short=_tr("What it does"))
        self.lens = self._make_view(_tr("O&verfitting lens"), "Ctrl+6", "lens", short=_tr("Overfitting"))
        self.sweep = self._make_view(_tr("S&weep of rates"), "Ctrl+7", "sweep", short=_tr("Sweep"))
        self.find = self._make_view(_tr("&Range test"), "Ctrl+8", "find", short=_tr("Range test"))
        self.check = self._make_view(_tr("C&laims put to the test"), "Ctrl+9", "check", short=_tr("Claims"))
        self.planes = QActionGroup(self._window)
        self.plane_menu = QMenu(_tr("&Plane"), self._window)
        for kind in PLANE_KINDS:
            self._make_plane(kind)
        self.sharpness = self._make(_tr("&Measure the sharpness"), "Ctrl+Shift+M", checkable=True)
        self.arrows = self._make(_tr("&Arrows of the step"), "A", short=_tr("Arrows"), checkable=True)
        self.gauge = self._make(_tr("Stability &gauge"), "G", short=_tr("Gauge"), checkable=True)
        self.slow_motion = self._make(_tr("The step in slow &motion"), "M", short=_tr("Slow motion"), checkable=True)
        self.linked = self._make(_tr("&Link the maps' windows"), "Ctrl+K", short=_tr("Linked"), checkable=True)
        self.whole = self._make(_tr("&Whole map"), "Ctrl+0", short=_tr("Whole map"))
        self.controls = self._make(_tr("&Controls"), "Ctrl+B", checkable=True)
        self.second_chart = self._make(_tr("Second &chart"), "Ctrl+T", checkable=True)
        self.full_screen = self._make(_tr("F&ull screen"), QKeySequence.StandardKey.FullScreen, checkable=True)
        self.about = self._make(_tr("&About lrviz"))
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)
        self._fill_menus()

    def _make(
        self,
        text: str,
        shortcut: QKeySequence.StandardKey | str = "",
        *,
        short: str = "",
        checkable: bool = False,
    ) -> QAction:
        action = QAction(text, self._window)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        if short:
            action.setIconText(short)
        action.setCheckable(checkable)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        plain = text.replace("&", "")
        action.setToolTip(f"{plain} ({keys})" if keys else plain)
        self._window.addAction(action)
        return action

    def _make_view(self, text: str, shortcut: str, name: View, *, short: str = "") -> QAction:
        action = self._make(text, shortcut, short=short or text.replace("&", ""), checkable=True)
        action.setData(name)
        self.views.addAction(action)
        return action

    def _make_plane(self, kind: PlaneKind) -> None:
        action = self._make(plane_title(kind), checkable=True)
        action.setToolTip(plane_hint(kind))
        action.setData(kind)
        self.planes.addAction(action)
        self.plane_menu.addAction(action)

    def _fill_menus(self) -> None:
        menus: tuple[tuple[str, tuple[QAction | None, ...]], ...] = (
            (_tr("&File"), (self.open, self.open_data, self.save, None, self.export, self.copy, None, self.quit)),
            (_tr("&Edit"), (self.undo, self.redo, None, self.add_run, self.lock)),
            (
                _tr("&Run"),
                (
                    *(self.run, self.stop, self.sharpness, None),
                    *(self.play, self.forth, self.back, self.first, self.last, None),
                    *(self.faster, self.slower, self.loop),
                ),
            ),
            (
                _tr("&View"),
                (
                    *(*self.views.actions(), None),
                    *(self.plane_menu.menuAction(), None),
                    *(self.arrows, self.gauge, self.slow_motion, None),
                    *(self.linked, self.whole, None),
                    *(self.theme, self.log_loss, self.second_chart, self.controls, None, self.full_screen),
                ),
            ),
            (_tr("&Help"), (self.about,)),
        )
        for title, entries in menus:
            menu = self._window.menuBar().addMenu(title)
            menu.setToolTipsVisible(True)
            for entry in entries:
                if entry is None:
                    menu.addSeparator()
                else:
                    menu.addAction(entry)

    def connect(self, **slots: Callable[..., object]) -> None:
        """Connect actions by their attributes' names: connect(undo=session.undo)."""
        for name, slot in slots.items():
            getattr(self, name).triggered.connect(slot)
