"""A sweep's progress: started, paused and cancelled here, with how far it is and how long it will take."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from lrviz.views.sweep_words import duration_text
from lrviz.views.theme import GRID, SMALL, font
from lrviz.views.topbar import ElidedLabel

State = Literal["idle", "running", "paused"]
BAR = 12 * GRID, 6  # px


class SweepRun(QObject):
    """Two widgets to lay out: `buttons` and `progress`. It keeps nothing but what it was told to show."""

    paused = Signal(bool)  # a person wants it to pause, or to go on
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.start = _button("accent", self.tr("Start"), self.tr("Start the sweep"))
        self.pause = _button("quiet", self.tr("Pause"), self.tr("Pause the sweep"))
        self.cancel = _button("quiet", self.tr("Cancel"), self.tr("Cancel the sweep; what has finished is kept"))
        self.buttons, self.progress = QWidget(), QWidget()
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for button in (self.start, self.pause, self.cancel):
            row.addWidget(button)
        self.words, self.bar = ElidedLabel(), QProgressBar()
        self.words.setObjectName("caption")
        self.words.setFont(font(SMALL, tabular=True))
        self.bar.setAccessibleName(self.tr("Progress of the sweep"))
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(*BAR)
        row = QHBoxLayout(self.progress)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.words)
        row.addWidget(self.bar)
        self._state: State = "idle"
        self.pause.clicked.connect(lambda: self.paused.emit(self.state == "running"))
        self.cancel.clicked.connect(self.cancelled)
        self.show_state("idle")

    @property
    def state(self) -> State:
        return self._state

    def show_state(self, state: State) -> None:
        self._state = state
        self.start.setVisible(state == "idle")
        self.pause.setVisible(state != "idle")
        self.cancel.setVisible(state != "idle")
        word, said = self.tr("Pause"), self.tr("Pause the sweep")
        if state == "paused":
            word, said = self.tr("Go on"), self.tr("Go on with the sweep")
        self.pause.setText(word)
        self.pause.setAccessibleName(said)
        self.pause.setToolTip(said)
        self.bar.setVisible(state != "idle")

    def show_progress(self, share: float, seconds_left: float | None) -> None:
        """How much of it is done, 0 to 1, and how long the rest will take, where that is known."""
        percent = int(100 * share)
        self.bar.setValue(percent)
        if self.state == "paused":
            self.words.setText(self.tr("paused at {percent} %").format(percent=percent))
        elif seconds_left is None:
            self.words.setText(self.tr("{percent} %").format(percent=percent))
        else:
            left = duration_text(seconds_left)
            self.words.setText(self.tr("{percent} %, {time} left").format(percent=percent, time=left))

    def show_words(self, words: str) -> None:
        """Something else than progress."""
        self.words.setText(words)


def _button(name: str, word: str, said: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(word)
    button.setAccessibleName(said)
    button.setToolTip(said)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the space bar to play and pause
    return button
