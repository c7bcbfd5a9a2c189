"""The experiment on the table, its past, and the race that is run of it. No widgets: the window draws it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal

from lrviz.core.experiment import Experiment
from lrviz.core.scene import Scene
from lrviz.runtime.worker import Failure, Worker

Race = Callable[[Experiment], Iterator[object]]
PAST = 200  # experiments that undo remembers


class Session(QObject):
    """Replaces the experiment whole and has each new one raced on the worker's thread."""

    experiment_changed = Signal(object)  # an Experiment, as soon as it is asked for
    scene_changed = Signal(object, bool)  # a Scene; True where it begins another race
    race_ended = Signal()
    failed = Signal(object)  # a Failure
    undo_changed = Signal(bool, bool)  # is there something to undo, to redo

    def __init__(self, race: Race, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._race = race
        self._past: list[Experiment] = []
        self._future: list[Experiment] = []
        self._settled = experiment  # the last experiment that was not merely passed through while dragging
        self._ticket = 0
        self._traced = 0  # the ticket whose scene is on the table
        self.experiment = experiment
        self.scene: Scene | None = None
        self.running = False
        self._closed = False
        self.since = time.perf_counter()  # when the race under way was asked for
        self._worker = Worker(self)
        self._worker.value_changed.connect(self._take_scene)
        self._worker.work_ended.connect(self._take_end)
        self._worker.work_failed.connect(self._take_failure)

    def start(self) -> None:
        """Begin the thread, and the first race on it; nothing, where the window was closed before its first paint."""
        if not self._closed:
            self._worker.start()
            self.run()

    def close(self) -> None:
        """End the thread; returns when it has ended, some tens of milliseconds later."""
        self._closed = True
        self._worker.close()

    def show(self, scene: Scene) -> None:
        """More is known of the race on the table: the same traces on another plane."""
        if scene.experiment == self.experiment and not self.running:
            self.scene = scene
            self.scene_changed.emit(scene, False)

    def race_of(self, experiment: Experiment) -> Iterator[object]:
        """The race of another experiment, for whoever iterates it; the one on the table is not touched."""
        return self._race(experiment)

    def is_alive(self) -> bool:
        """Whether the thread still runs."""
        return self._worker.isRunning()

    def ask(self, experiment: Experiment, *, passing: bool = False) -> None:
        """Race another experiment; `passing` for what is only passed through, as while a slider is dragged."""
        if not passing and experiment != self._settled:
            self._past = [*self._past, self._settled][-PAST:]
            self._future = []
            self._settled = experiment
            self._tell_undo()
        if experiment != self.experiment:
            self._replace(experiment)

    def run(self) -> None:
        """Race the experiment on the table once more."""
        experiment = self.experiment
        self.running = True
        self.since = time.perf_counter()
        self._ticket = self._worker.submit(lambda: self._race(experiment))

    def stop(self) -> None:
        """End the race under way; what it has published stays on the table."""
        self._ticket = 0
        self._worker.stop()
        self._end()

    def undo(self) -> None:
        self._go(self._past, self._future)

    def redo(self) -> None:
        self._go(self._future, self._past)

    def _go(self, source: list[Experiment], other: list[Experiment]) -> None:
        if source:
            other.append(self._settled)
            self._settled = source.pop()
            self._replace(self._settled)
            self._tell_undo()

    def _replace(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.experiment_changed.emit(experiment)
        self.run()

    def _tell_undo(self) -> None:
        self.undo_changed.emit(bool(self._past), bool(self._future))

    def _take_scene(self, ticket: int, scene: Scene) -> None:
        if ticket == self._ticket:
            another = ticket != self._traced
            self._traced = ticket
            self.scene = scene
            self.scene_changed.emit(scene, another)

    def _take_end(self, ticket: int) -> None:
        if ticket == self._ticket:
            self._end()

    def _take_failure(self, ticket: int, failure: Failure) -> None:
        if ticket == self._ticket:
            self.failed.emit(failure)

    def _end(self) -> None:
        self.running = False
        self.race_ended.emit()
