"""What a person may wish of the experiment, and what becomes of it: each wish asks the session for another value."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject

from lrviz.app.loader import Loader
from lrviz.app.session import Session
from lrviz.core import catalog
from lrviz.core.epochs import check_suits, epoch_steps, load_data, with_epochs_of
from lrviz.core.errors import ExperimentError, LrvizError
from lrviz.core.experiment import Choice, Experiment, OnExpression, OnModel, OnSurface, Run, choose
from lrviz.core.openings import expression_problem, first_question, first_rates, surface_problem
from lrviz.core.runs import (
    MAX_PANELS,
    only_rates_differ,
    with_another_run,
    with_copy_of_run,
    with_fork,
    with_only_rates,
    with_own_parts,
    with_rate,
    with_run_changed,
    with_run_moved,
    without_run,
)


class Wishes(QObject):
    """Grants what makes sense; `tell` gets one line for what doesn't."""

    def __init__(
        self, session: Session, loader: Loader, tell: Callable[[str], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._loader = loader
        self._tell = tell
        self.locked = False  # whether runs may differ in their rates alone

    @property
    def _experiment(self) -> Experiment:
        return self._session.experiment

    def change(self, wished: Experiment) -> None:
        """Another experiment, of as many epochs as the one before."""
        if isinstance(wished.problem, OnModel):
            granted = partial(self._grant, lambda: _learnable(with_epochs_of(self._experiment, wished)))
            self._loader.when_read(wished.problem.data, wished.seed, granted)
        else:
            self._grant(lambda: wished)

    def open(self, experiment: Experiment) -> None:
        """An experiment that was opened from a file, as it is."""
        if isinstance(experiment.problem, OnModel):
            granted = partial(self._grant, lambda: experiment)
            self._loader.when_read(experiment.problem.data, experiment.seed, granted)
        else:
            self._grant(lambda: experiment)

    def lock(self, locked: bool) -> None:
        """Let runs differ in their rates alone from now on; what differs already is made alike."""
        self.locked = locked
        if locked and not only_rates_differ(self._experiment):
            self._grant(lambda: with_only_rates(self._experiment))

    def set_rate(self, run: int, lr: float, final: bool) -> None:
        """Turn one run's rate; not `final` while the knob is held."""
        self._grant(lambda: with_rate(self._experiment, run, lr), passing=not final)

    def move_start(self, x: float, y: float, final: bool) -> None:
        """Begin every run at (x, y) of a surface; a model's start is its seed's."""
        problem = self._experiment.problem
        if isinstance(problem, OnSurface | OnExpression):
            moved = replace(problem, start=(x, y))
            self._grant(lambda: replace(self._experiment, problem=moved), passing=not final)

    def set_epochs(self, epochs: int) -> None:
        self._grant(lambda: replace(self._experiment, steps=epochs * (epoch_steps(self._experiment) or 1)))

    def add_run(self) -> None:
        if self._has_room():
            self._grant(lambda: with_another_run(self._experiment))

    def add_rate(self, lr: float) -> None:
        """One run more, at this rate."""
        if self._has_room():
            self._grant(lambda: replace(self._experiment, runs=(*self._experiment.runs, Run(lr))))

    def duplicate_run(self, run: int) -> None:
        if self._has_room():
            self._grant(lambda: with_copy_of_run(self._experiment, run))

    def remove_run(self, run: int) -> None:
        if len(self._experiment.runs) == 1:
            self._tell(self.tr("This is the last run; an experiment needs at least one."))
            return
        self._grant(lambda: without_run(self._experiment, run))

    def move_run(self, run: int, to: int) -> None:
        self._grant(lambda: with_run_moved(self._experiment, run, to))

    def set_parts(self, run: int, optimizer: Choice | None, schedule: Choice | None) -> None:
        """Give one run an optimizer and a schedule of its own, or none."""
        self._grant(lambda: with_own_parts(self._experiment, run, optimizer, schedule))

    def fork(self, run: int, step: int, optimizer: Choice | None) -> None:
        """A new run that keeps its parent's trail up to `step`, then goes on with another optimizer, or a tenth of
        the rate."""
        if self._has_room():
            at = self._last_change(run, step)
            lr = self._rate_after(run, at, optimizer)
            self._grant(lambda: with_fork(self._experiment, run, at, lr, optimizer))

    def change_run(self, run: int, step: int, optimizer: Choice | None) -> None:
        """The same within the run itself: from `step` on it goes otherwise."""
        at = self._last_change(run, step)
        lr = self._rate_after(run, at, optimizer)
        self._grant(lambda: with_run_changed(self._experiment, run, at, lr, optimizer))

    def _rate_after(self, run: int, step: int, optimizer: Choice | None) -> float:
        """Another optimizer takes the rate over; without one the rate itself is what changes."""
        changed = self._experiment.runs[run]
        lr = [changed.lr, *(change.lr for change in changed.changes if change.step <= step)][-1]
        return lr if optimizer is not None else float(f"{lr / 10:.6g}")

    def _last_change(self, run: int, step: int) -> int:
        """A run that has overflowed is changed before that, since afterwards nothing can be."""
        scene = self._session.scene
        over = None if scene is None or run >= len(scene.traces) else scene.traces[run].overflow_step
        return step if over is None else max(0, min(step, over - 1))

    def pick_problem(self, kind: str, name: str) -> None:
        """Another surface, formula or data set. The question stays the same where it can: rates, optimizer, length."""
        if kind == "data":
            self._pick_data(name)
        else:
            problem = surface_problem(name) if kind == "surface" else expression_problem()
            self._grant(lambda: self._about_surface(problem))

    def open_table(self, path: str) -> None:
        """Train on a table, or on arrays, of the person's own."""
        self._pick_data("npz" if path.lower().endswith(".npz") else "csv", path=path)

    def _pick_data(self, name: str, **parameters: object) -> None:
        data = choose(catalog.datasets, name, **parameters)
        self._loader.when_read(data, self._experiment.seed, partial(self._grant, lambda: self._about_data(data)))

    def _about_surface(self, problem: OnSurface | OnExpression) -> Experiment:
        before = self._experiment
        if isinstance(before.problem, OnModel) or before.lrs == first_rates(before.problem):
            return replace(first_question(problem), seed=before.seed)
        return replace(before, problem=problem)  # the person's own rates are kept

    def _about_data(self, data: Choice) -> Experiment:
        before = self._experiment
        model = before.problem.model if isinstance(before.problem, OnModel) else choose(catalog.models, "mlp")
        try:
            check_suits(catalog.models.find(model.name), load_data(data, before.seed))
        except ExperimentError:  # the model before was for other data
            model = choose(catalog.models, "mlp")
        problem = OnModel(model, data)
        if isinstance(before.problem, OnModel):
            return with_epochs_of(before, replace(before, problem=problem))
        return first_question(problem)

    def _has_room(self) -> bool:
        if len(self._experiment.runs) < MAX_PANELS:
            return True
        self._tell(self.tr("A window shows {most} runs at most; remove one first.").format(most=MAX_PANELS))
        return False

    def _grant(self, wish: Callable[[], Experiment], *, passing: bool = False) -> None:
        try:
            wished = wish()
            if self.locked and not only_rates_differ(wished):
                raise ExperimentError(
                    self.tr("The lock lets runs differ in their rates alone; open it to give one something of its own.")
                )
            self._session.ask(wished, passing=passing)
        except LrvizError as error:
            self._tell(str(error))
            self._session.experiment_changed.emit(self._experiment)  # the forms return to what is still true


def _learnable(experiment: Experiment) -> Experiment:
    """The experiment, whose data are read already; ExperimentError where its model can't learn them."""
    problem = experiment.problem
    assert isinstance(problem, OnModel)
    check_suits(catalog.models.find(problem.model.name), load_data(problem.data, experiment.seed))
    return experiment
