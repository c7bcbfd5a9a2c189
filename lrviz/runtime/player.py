"""The only clock: it moves the step on screen at the screen's rate and never past what has been published."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from lrviz.core.viewstate import SPEEDS as SPEEDS

RACE_SECONDS = 10.0  # how long a whole race plays at speed 1
SLOWEST = 12.0  # steps a second at speed 1: a race of few steps is not stretched further
LONGEST_FRAME = 0.25  # seconds: after a hitch the race goes on from where it was, it doesn't leap
REST_SECONDS = 1.5  # how long a looping race rests on its last step


class Player(QObject):
    """Plays one race at a time. `published` is asked at each frame: rows that a trace has so far."""

    ticked = Signal(int, int)  # each frame with news: the step on screen, and rows published
    playing_changed = Signal(bool)

    def __init__(
        self, frame_ms: int = 16, clock: Callable[[], float] = time.perf_counter, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._timer = QTimer(self)
        self._timer.setInterval(frame_ms)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._published: Callable[[], int] = lambda: 0
        self._steps = 1
        self._position = 0.0
        self._last = 0.0
        self._rested = 0.0
        self._complete = False
        self._told: tuple[int, int, bool] | None = None  # what was told last: a frame like it is no news
        self._playing = False
        self.speed = 1.0
        self.loop = False

    @property
    def step(self) -> int:
        return int(self._position)

    @property
    def steps(self) -> int:
        return self._steps

    @property
    def playing(self) -> bool:
        return self._playing

    def load(self, published: Callable[[], int], steps: int, *, keep_step: bool = False) -> None:
        """Play another race: from its start, or (keep_step) from the step on screen, as when a rate is turned."""
        self._published = published
        self._steps = steps
        self._position = min(self._position, float(steps)) if keep_step else 0.0
        self._rested = 0.0
        self._complete = False
        self._told = None
        if not self._timer.isActive():
            self._last = self._clock()
            self._timer.start()

    def complete(self) -> None:
        """The race has published its last row: fewer than its steps, where every run is over early."""
        self._complete = True

    def play(self) -> None:
        """Play on; from the start again where the race is at its end."""
        if self._complete and self.step >= self._end(self._published()):
            self._position = 0.0
        self._set_playing(True)

    def pause(self) -> None:
        self._set_playing(False)

    def seek(self, step: int) -> None:
        """Go to `step`, or as near as there are rows, and stay there."""
        self._set_playing(False)
        self._position = float(max(0, min(step, self._end(self._published()))))
        self.tick()

    def close(self) -> None:
        self._timer.stop()

    def tick(self) -> None:
        """One frame: move on by the time that has passed, and tell what to show."""
        now = self._clock()
        passed, self._last = now - self._last, now
        rows = self._published()
        end = self._end(rows)
        if self._playing:
            self._advance(min(passed, LONGEST_FRAME), end)
        told = (min(self.step, end), rows, self._playing)
        if told != self._told:
            self._told = told
            self.ticked.emit(*told[:2])

    def _advance(self, seconds: float, end: int) -> None:
        self._position += seconds * self.speed * max(self._steps / RACE_SECONDS, SLOWEST)
        if self._position >= end:
            self._position = float(end)
            if self._complete:
                self._rest(seconds)

    def _rest(self, seconds: float) -> None:
        if not self.loop:
            self._set_playing(False)
            return
        self._rested += seconds
        if self._rested >= REST_SECONDS:
            self._rested = self._position = 0.0

    def _end(self, rows: int) -> int:
        """The last step that can be shown while `rows` are published."""
        return max(0, min(rows - 1, self._steps))

    def _set_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self._last = self._clock()
            self.playing_changed.emit(playing)
