"""What is computed beside the race, on threads of its own: close-ups, fate maps, the run under the pointer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lrviz.core.catalog import Bounds
from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.fate import FateMap, FateQuestion
from lrviz.core.insight import Insight, InsightKind
from lrviz.core.landscape import Landscape, PlaneKind
from lrviz.core.scene import Scene
from lrviz.runtime.warmup import load_torch
from lrviz.runtime.worker import Work, Worker

if TYPE_CHECKING:
    from lrviz.engine.insight import Insights


class Survey(QObject):
    """One kind of question: a newer one replaces the one before. Its thread begins with the first."""

    answered = Signal(object)  # each value that the work yields, None apart
    failed = Signal(object)  # a Failure

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticket = 0
        self._closed = False
        self.asking = False  # whether an answer is still to come
        self._worker = Worker(self)
        self._worker.value_changed.connect(self._take)
        self._worker.work_failed.connect(self._take_failure)
        self._worker.work_ended.connect(self._take_end)

    def ask(self, work: Work) -> None:
        if self._closed:  # a view that is being hidden may still ask
            return
        if not self._worker.isRunning():
            self._worker.start()
        self._ticket = self._worker.submit(work)
        self.asking = True

    def drop(self) -> None:
        """Whatever is asked just now is wanted no more."""
        self._ticket, self.asking = 0, False
        if self._worker.isRunning():
            self._worker.stop()

    def retire(self) -> None:
        """Take no more questions, and have the thread end without waiting for it."""
        self._closed = True
        self._ticket, self.asking = 0, False
        self._worker.retire()

    def close(self) -> None:
        """End the thread and wait for it, some tens of milliseconds."""
        self.retire()
        self._worker.close()

    def _take(self, ticket: int, value: object) -> None:
        if ticket == self._ticket and value is not None:
            self.answered.emit(value)

    def _take_end(self, ticket: int) -> None:
        if ticket == self._ticket:
            self.asking = False

    def _take_failure(self, ticket: int, failure: object) -> None:
        if ticket == self._ticket:
            self.failed.emit(failure)


def close_together(surveys: Sequence[Survey]) -> None:
    """End all their threads: each is told before the first is waited for."""
    for survey in surveys:
        survey.retire()
    for survey in surveys:
        survey.close()


def closeup(experiment: Experiment, bounds: Bounds) -> Iterator[Landscape]:
    """The surface of `experiment` over another window; nothing for a model, whose landscape takes too long."""
    if isinstance(experiment.problem, OnModel):
        return
    load_torch()
    from lrviz.engine.landscape import surface_landscape
    from lrviz.engine.problems import SurfaceProblem, problem_from_spec

    problem = problem_from_spec(experiment.problem, experiment.seed)
    assert isinstance(problem, SurfaceProblem)
    yield surface_landscape(problem, bounds)


def fates(experiment: Experiment, question: FateQuestion) -> Iterator[FateMap | None]:
    """A fate map from coarse to fine. LrvizError, one line, where there can be none."""
    load_torch()
    from lrviz.engine.fate import fate_map

    yield from fate_map(experiment, question)


def on_plane(scene: Scene, kind: PlaneKind) -> Iterator[Scene | None]:
    """A model's race on another plane, as soon as its landscape is there. LrvizError, one line, where it has none."""
    load_torch()
    from lrviz.engine.landscapes import scenes_on

    for found in scenes_on(scene, kind):
        yield None if found is scene else found


class Study:
    """What the models of a scene do, step by step: made ready once for a scene."""

    def __init__(self) -> None:
        self._insights: tuple[object, Insights] | None = None  # the traces that they are of

    def at(self, scene: Scene, kind: InsightKind, step: int) -> Iterator[Insight | None]:
        load_torch()
        from lrviz.engine.insight import Insights

        yield None
        if self._insights is None or self._insights[0] is not scene.traces:
            self._insights = scene.traces, Insights(scene.experiment, scene.traces)
            yield None
        yield (yield from self._insights[1].look(kind, step))
