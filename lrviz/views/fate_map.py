"""The fate map in the stage: what is asked, above; the map and the run under the pointer, below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lrviz.core.catalog import Point
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.fate import (
    UNKNOWN,
    FateMap,
    FateQuestion,
    experiment_at,
    experiment_with,
    question_of,
    refuse,
    window_of,
)
from lrviz.core.scene import Scene
from lrviz.views.fate_bar import FateBar
from lrviz.views.fate_canvas import FateCanvas
from lrviz.views.guard import guarded
from lrviz.views.theme import Theme, palette


class FateView(QWidget):
    """Asks a question whenever it has become another one; draws the answer that it is given."""

    question_changed = Signal(object)  # the FateQuestion to answer for the experiment shown; None: none any more
    point_hovered = Signal(object)  # the one-run Experiment under the pointer; None: there is none
    point_picked = Signal(object)  # the Experiment with a chosen point in it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Fate map"))
        self.bar = FateBar()
        self.canvas = FateCanvas()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.canvas, 1)
        self._experiment: Experiment | None = None
        self._question: FateQuestion | None = None
        self._asked: object = None  # what the last answer is asked for, to tell whether it is another by now
        self._chosen = False  # whether a person has asked, so that the question is theirs
        self.bar.question_changed.connect(self._choose)
        self.canvas.pointed.connect(self._hover)
        self.canvas.picked.connect(self._pick)

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        """Ask about another experiment, where the question isn't the same for it."""
        experiment, before = scene.experiment, self._experiment
        self._experiment = experiment
        on_surface = not isinstance(experiment.problem, OnModel)
        self.canvas.show_ground(window_of(experiment) if on_surface else None, scene.landscape if on_surface else None)
        question = self._question
        unchosen = scene.verdicts is not None and not self._chosen  # now it is known which run tells most
        if question is None or before is None or unchosen or not _same_ground(before, experiment, question):
            kind = "starts" if question is None else question.kind
            question = question_of(experiment, kind, _first_telling_run(scene))
        self._ask(question)

    def show_step(self, step: int) -> None:
        """Fates are of whole runs: no step changes them."""

    def set_theme(self, theme: Theme) -> None:
        self.setPalette(palette(theme))
        self.setAutoFillBackground(True)
        self.canvas.set_theme(theme)

    def picture(self, scale: float) -> QImage:
        """The map at `scale` pixels a point, without its controls."""
        return self.canvas.picture(scale)

    def show_map(self, found: FateMap | None) -> None:
        """The answer so far; one to an older question is passed over, and so is an empty one where a map stands in."""
        empty = found is None or bool((found.fate == UNKNOWN).all())
        if empty and self.canvas.is_waiting:
            return
        if found is None or found.question == self._question:
            self.canvas.show_map(self._experiment, found)

    def show_refusal(self, text: str) -> None:
        """Why there is no map, in one line."""
        self.canvas.show_refusal(text)

    def show_trail(self, scene: Scene | None) -> None:
        """The run under the pointer, as far as it has come."""
        self.canvas.show_trail(scene)

    # Questions

    def _choose(self, question: FateQuestion) -> None:
        self._chosen = True
        self._ask(question)

    def _ask(self, question: FateQuestion) -> None:
        """Ask it, unless it is asked already: it doesn't depend on other runs, nor on a start that it varies."""
        assert self._experiment is not None
        self._question = question
        self.bar.show_question(self._experiment, question)
        try:
            refuse(self._experiment, question)
        except LrvizError as error:
            self._asked = None
            self.question_changed.emit(None)
            self.canvas.show_map(self._experiment, None)
            self.canvas.show_refusal(str(error))
            return
        asked = question, experiment_at(self._experiment, question, *_middle(question))
        if asked != self._asked:
            self._asked = asked
            if not self.canvas.wait_for(question):
                self.canvas.show_map(self._experiment, None)
            self.question_changed.emit(question)

    def _hover(self, point: Point | None) -> None:
        if point is None or self._experiment is None or self._question is None:
            self.point_hovered.emit(None)
        else:
            self.point_hovered.emit(experiment_at(self._experiment, self._question, *point))

    def _pick(self, point: Point) -> None:
        if self._experiment is not None and self._question is not None:
            self.point_picked.emit(experiment_with(self._experiment, self._question, *point))

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees need not be computed; it is asked anew with the next scene that is shown."""
        super().hideEvent(event)
        if self._asked is not None:
            self._asked = None
            self.question_changed.emit(None)


def _first_telling_run(scene: Scene) -> int:
    """The first run that did not diverge, as far as that is known: a map of nothing else is a poor first one."""
    verdicts = scene.verdicts or ()
    return next((run for run, verdict in enumerate(verdicts) if verdict.kind != "diverged"), 0)


def _middle(question: FateQuestion) -> Point:
    """A point of the map, which stands for all: the same for the same question."""
    match question.kind:
        case "starts":
            return 0.0, 0.0
        case "rate_momentum":
            return question.rates[0], question.momenta[0]
        case "rate_start":
            along = int(abs(question.line[1][1] - question.line[0][1]) > abs(question.line[1][0] - question.line[0][0]))
            return question.rates[0], question.line[0][along]


def _same_ground(before: Experiment, after: Experiment, question: FateQuestion) -> bool:
    """Whether a question still makes sense: the same surface, and a run that steps as before, be it at another rate."""
    if question.run >= len(after.runs) or question.run >= len(before.runs):
        return False
    if isinstance(before.problem, OnModel) or isinstance(after.problem, OnModel):
        return False
    same_window = window_of(before) == window_of(after)
    names = [experiment.optimizer_of(experiment.runs[question.run]).name for experiment in (before, after)]
    return same_window and names[0] == names[1]
