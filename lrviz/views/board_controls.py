"""What the board's panels are edited with: a set of controls a run, their menus, and "add a run"."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from lrviz.core import catalog
from lrviz.core.experiment import Choice, choose
from lrviz.views.panel_controls import PanelControls
from lrviz.views.panel_view import MAX_PANELS, View
from lrviz.views.remark import Remark
from lrviz.views.theme import GRID

WORDS_FIT = 12 * GRID  # px: narrower, "add a run" is a plus alone


class BoardControls(QObject):
    """Child widgets of a board, which passes on what is wished with them."""

    lr_changed = Signal(int, float, bool)  # run, rate; final
    run_added = Signal()
    run_duplicated = Signal(int)
    run_removed = Signal(int)
    run_moved = Signal(int, int)  # from, to
    run_forked = Signal(int, object)  # from the step on screen, with another optimizer (a Choice); None: a lower rate
    run_changed = Signal(int, object)  # the same within the run itself
    parts_requested = Signal(int)  # a run wants an optimizer and a schedule of its own
    panel_copy_requested = Signal(int)
    panel_export_requested = Signal(int)

    def __init__(self, board: QWidget) -> None:
        super().__init__(board)
        self._board = board
        self.panels: list[PanelControls] = []
        self.add: QPushButton | None = None  # made after the first panel, since Tab follows the order of making
        self.remark = Remark(board)

    def fit(self, view: View) -> None:
        """One set of controls a run, showing what the view's scene says, where the view has them."""
        runs = len(view.scene.experiment.runs)
        while len(self.panels) > runs:
            self.panels.pop().discard()
        while len(self.panels) < runs:
            self.panels.append(self._new_panel(len(self.panels)))
        for run, controls in enumerate(self.panels):
            controls.show_run(view, run)
        if self.add is None:
            self.add = self._new_add_button()
        vacancy = view.grid.vacancy
        self.add.setVisible(vacancy is not None)
        if vacancy is not None:
            self.add.setGeometry(vacancy)
            self.add.setText(_tr("+ Add a run") if vacancy.width() > WORDS_FIT else "+")

    def menu(self, run: int) -> QMenu:
        """What can be done with a panel."""
        count = len(self.panels)
        room = count < MAX_PANELS
        menu = QMenu(self._board)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_tr("Duplicate"), lambda: self.run_duplicated.emit(run)).setEnabled(room)
        menu.addAction(_tr("Remove"), lambda: self.run_removed.emit(run)).setEnabled(count > 1)
        menu.addAction(_tr("Move left"), lambda: self.run_moved.emit(run, run - 1)).setEnabled(run > 0)
        menu.addAction(_tr("Move right"), lambda: self.run_moved.emit(run, run + 1)).setEnabled(run < count - 1)
        menu.addSeparator()
        menu.addAction(_tr("Fork here, at a tenth of the rate"), lambda: self.run_forked.emit(run, None)).setEnabled(
            room
        )
        _add_optimizers(menu, _tr("Fork here, with"), partial(self.run_forked.emit, run)).setEnabled(room)
        menu.addAction(_tr("From here on at a tenth of the rate"), lambda: self.run_changed.emit(run, None))
        _add_optimizers(menu, _tr("From here on with"), partial(self.run_changed.emit, run))
        menu.addAction(_tr("Own optimizer and schedule…"), lambda: self.parts_requested.emit(run))
        menu.addSeparator()
        menu.addAction(_tr("Copy picture"), lambda: self.panel_copy_requested.emit(run))
        menu.addAction(_tr("Export picture…"), lambda: self.panel_export_requested.emit(run))
        return menu

    def _new_panel(self, run: int) -> PanelControls:
        controls = PanelControls(run, self._board)
        controls.entry.rate_entered.connect(lambda rate: self.lr_changed.emit(run, rate, True))
        controls.entry.refused.connect(lambda line: self._say(controls, line))
        controls.slider.rate_changed.connect(lambda rate, final: self.lr_changed.emit(run, rate, final))
        controls.menu.clicked.connect(lambda: self.menu(run).popup(controls.below_menu()))
        last = self.panels[-1].menu if self.panels else self._board
        for before, after in pairwise([last, *controls.in_order()]):
            QWidget.setTabOrder(before, after)
        return controls

    def _new_add_button(self) -> QPushButton:
        button = QPushButton(self._board, flat=True)
        button.setAccessibleName(_tr("Add a run"))
        button.setToolTip(_tr("Add a run"))
        button.clicked.connect(self.run_added)
        button.show()
        return button

    def _say(self, controls: PanelControls, line: str) -> None:
        """One clear line under a panel's title; an empty one takes it away."""
        self.remark.say(line, controls.entry.geometry().bottomLeft() + QPoint(0, 2))


def _add_optimizers(menu: QMenu, title: str, wish: Callable[[Choice], None]) -> QMenu:
    """A menu of all optimizers, each with its defaults."""
    below = menu.addMenu(title)
    for part in catalog.optimizers:
        below.addAction(part.title, partial(wish, choose(catalog.optimizers, part.name)))
    return below


def _tr(text: str) -> str:
    return QCoreApplication.translate("Board", text)
