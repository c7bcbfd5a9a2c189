"""Playing a race: to its ends, step by step, scrubbing, at any speed, over and over. All of it as wishes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from lrviz.core.viewstate import SPEEDS
from lrviz.views.flat_button import FlatButton
from lrviz.views.icons import Icon
from lrviz.views.numbers import count, number
from lrviz.views.scrubber import Scrubber
from lrviz.views.theme import GRID, font


class Transport(QWidget):
    """One row of controls. It keeps nothing but what it was told to show."""

    play_toggled = Signal()
    step_requested = Signal(int)  # -1 or 1
    seek_requested = Signal(int)
    first_requested = Signal()
    last_requested = Signal()
    speed_changed = Signal(float)  # 1: as the experiment's length suggests
    loop_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps_per_epoch: int | None = None
        self._steps = 0
        self._first = self._button("first", self.tr("To the first step (Home)"), self.first_requested.emit)
        self._back = self._button("back", self.tr("One step back (←)"), lambda: self.step_requested.emit(-1))
        self._play = self._button("play", self.tr("Play (Space)"), self.play_toggled.emit)
        self._forth = self._button("forth", self.tr("One step forth (→)"), lambda: self.step_requested.emit(1))
        self._last = self._button("last", self.tr("To the last step (End)"), self.last_requested.emit)
        for button in (self._back, self._forth):
            button.setAutoRepeat(True)
        self._scrubber = Scrubber()
        self._scrubber.setAccessibleName(self.tr("Step on screen"))
        self._scrubber.setToolTip(self.tr("Drag to any step; the darker part is computed already"))
        self._scrubber.seek_requested.connect(self.seek_requested)
        self._position = self._figure(self.tr("Step on screen"))
        self._epoch = self._figure(self.tr("Epoch on screen"))
        self._epoch.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._speed = self._speed_button()
        self._loop = self._button("loop", self.tr("Play over and over (L)"), lambda: None)
        self._loop.setCheckable(True)
        self._loop.clicked.connect(self.loop_toggled)
        self._lay_out()
        self.show_speed(1.0)
        self.show_position(0, 0, 0)

    # What the window calls

    def show_position(self, step: int, published: int, steps: int) -> None:
        """The step on screen, how many rows are published, and the race's length in steps."""
        if steps != self._steps:
            self._steps = steps
            self._reserve_room()
        self._scrubber.show_position(step, published, steps)
        self._show_figures(step)

    def show_playing(self, playing: bool) -> None:
        self._play.show_icon("pause" if playing else "play")
        self._name(self._play, self.tr("Pause (Space)") if playing else self.tr("Play (Space)"))

    def show_speed(self, speed: float) -> None:
        self._speed.setText(_times(speed))
        self._speed.setAccessibleDescription(_times(speed))
        for action in self._speeds.actions():
            action.setChecked(action.data() == speed)

    def show_loop(self, loop: bool) -> None:
        with QSignalBlocker(self._loop):
            self._loop.setChecked(loop)
        self._loop.update()

    def show_epochs(self, steps_per_epoch: int | None) -> None:
        """How many steps an epoch has; None where there are no epochs."""
        self._steps_per_epoch = steps_per_epoch
        self._reserve_room()
        self._show_figures(self._scrubber.value())

    # The parts

    def _show_figures(self, step: int) -> None:
        self._position.setText(self._step_text(step))
        self._epoch.setText(self._epoch_text(step))

    def _step_text(self, step: int) -> str:
        return self.tr("{step} of {steps}").format(step=count(step), steps=count(self._steps))

    def _epoch_text(self, step: int) -> str:
        if self._steps_per_epoch is None:
            return ""
        return self.tr("epoch {epoch}").format(epoch=f"{step / self._steps_per_epoch:.1f}")

    def _reserve_room(self) -> None:
        """As much room as the longest texts take, so that nothing moves while figures change."""
        for label, longest in (
            (self._position, self._step_text(self._steps)),
            (self._epoch, self._epoch_text(self._steps)),
        ):
            label.setFixedWidth(QFontMetrics(label.font()).horizontalAdvance(longest) + 2 * GRID)
        self._epoch.setVisible(self._steps_per_epoch is not None)

    def _figure(self, name: str) -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        label.setFont(font(tabular=True))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return label

    def _button(self, icon: Icon, tip: str, wish: Callable[[], None]) -> FlatButton:
        button = FlatButton(icon)
        self._name(button, tip)
        button.clicked.connect(wish)
        return button

    def _name(self, button: QToolButton, tip: str) -> None:
        """The tip with its key for the eyes, without it for those who hear it."""
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])

    def _speed_button(self) -> FlatButton:
        button = FlatButton()
        button.setFont(font(tabular=True))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._name(button, self.tr("Speed ([ slower, ] faster)"))
        menu = QMenu(button)
        self._speeds = QActionGroup(menu)
        for speed in SPEEDS:
            action = QAction(_times(speed), menu, checkable=True)
            action.setData(speed)
            self._speeds.addAction(action)
            menu.addAction(action)
        self._speeds.triggered.connect(lambda action: self.speed_changed.emit(action.data()))
        button.setMenu(menu)
        button.setFixedWidth(QFontMetrics(button.font()).horizontalAdvance(_times(0.25)) + 2 * GRID)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in (self._first, self._back, self._play, self._forth, self._last):
            row.addWidget(button)
        row.addSpacing(GRID)
        row.addWidget(self._scrubber, 1)
        row.addWidget(self._position)
        row.addWidget(self._epoch)
        row.addSpacing(2 * GRID)
        row.addWidget(self._speed)
        row.addWidget(self._loop)
        self.setFixedHeight(4 * GRID)


def _times(speed: float) -> str:
    return f"{number(speed)}×"
