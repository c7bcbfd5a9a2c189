"""What a person does on the stage's views, and what is computed for it beside the race."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from lrviz.app.session import Session
from lrviz.app.stage import Stage
from lrviz.app.survey import Study, Survey, close_together, closeup, fates, on_plane
from lrviz.app.wishes import Wishes
from lrviz.core.catalog import Bounds
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.fate import FateQuestion
from lrviz.core.insight import InsightKind
from lrviz.core.landscape import Landscape, PlaneKind
from lrviz.core.scene import Scene
from lrviz.core.viewstate import VIEWS, ViewState
from lrviz.runtime.worker import Failure
from lrviz.views.fate_map import FateView
from lrviz.views.insight_view import InsightView
from lrviz.views.maps import Maps


class Explorer(QObject):
    """Connects each view when it is made, and answers its questions on threads beside the race's."""

    def __init__(
        self, views: Stage, session: Session, wishes: Wishes, tell: Callable[[Failure], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._views = views
        self._session = session
        self._wishes = wishes
        self._tell = tell
        self._state = ViewState()
        self._closeups, self._fates, self._trails = Survey(self), Survey(self), Survey(self)
        self._planes, self._insights = Survey(self), Survey(self)
        self._surveys = (self._closeups, self._fates, self._trails, self._planes, self._insights)
        self._study = Study()
        self._planes.answered.connect(session.show)
        self._planes.failed.connect(tell)
        self._closeups.answered.connect(self._show_closeup)
        self._closeups.failed.connect(tell)
        views.made.connect(self._connect)
        for name in VIEWS:
            view = views.known(name)
            if view is not None:
                self._connect(name, cast(QWidget, view))

    @property
    def asking(self) -> bool:
        """Whether something is being computed for a view."""
        return any(survey.asking for survey in self._surveys)

    def show_state(self, state: ViewState) -> None:
        """What a person has set up, for the views that are made already and for those to come."""
        self._state = state
        for name in ("panels", "overlay"):
            view = self._views.known(name)
            if isinstance(view, Maps):
                view.set_linked(state.linked)

    def show_plane(self, scene: Scene, kind: PlaneKind) -> None:
        """Draw a model's race that has ended on another plane; the landscape there comes coarse, then fine."""
        if scene.plane_kind != kind and isinstance(scene.experiment.problem, OnModel):
            self._planes.ask(lambda: on_plane(scene, kind))

    def drop(self) -> None:
        """Another race begins: what was asked of the last one is wanted no more."""
        self._planes.drop()

    def show_whole(self) -> None:
        """All of the landscape on all maps again."""
        view = self._views.view
        if isinstance(view, Maps):
            view.show_whole()

    def close(self) -> None:
        close_together(self._surveys)

    # Wires

    def _connect(self, _name: str, view: QWidget) -> None:
        if isinstance(view, Maps):
            view.start_moved.connect(self._wishes.move_start)
            view.closeup_wanted.connect(self._look_closer)
            view.set_linked(self._state.linked)
        elif isinstance(view, FateView):
            self._connect_fates(view)
        elif isinstance(view, InsightView):
            view.insight_wanted.connect(self._look_inside)
            self._insights.answered.connect(view.show_insight)
            self._insights.failed.connect(self._tell)
            self._insights.failed.connect(lambda _: view.show_insight(None))

    def _connect_fates(self, view: FateView) -> None:
        view.question_changed.connect(self._ask_fates)
        view.point_hovered.connect(self._run_under_pointer)
        view.point_picked.connect(self._session.ask)
        self._fates.answered.connect(view.show_map)
        self._fates.failed.connect(partial(self._refuse_fates, view))
        self._trails.answered.connect(view.show_trail)

    # Questions

    def _look_closer(self, bounds: Bounds) -> None:
        experiment = self._session.experiment
        self._closeups.ask(lambda: closeup(experiment, bounds))

    def _show_closeup(self, landscape: Landscape) -> None:
        view = self._views.view
        if isinstance(view, Maps):
            view.show_closeup(landscape)

    def _look_inside(self, kind: InsightKind, step: int) -> None:
        scene, study = self._session.scene, self._study
        if scene is not None:
            self._insights.ask(lambda: study.at(scene, kind, step))

    def _ask_fates(self, question: FateQuestion | None) -> None:
        self._trails.drop()
        if question is None:
            self._fates.drop()
            return
        experiment = self._session.experiment
        self._fates.ask(lambda: fates(experiment, question))

    def _refuse_fates(self, view: FateView, failure: Failure) -> None:
        if isinstance(failure.error, LrvizError):
            view.show_refusal(str(failure.error))
        else:
            self._tell(failure)

    def _run_under_pointer(self, experiment: Experiment | None) -> None:
        if experiment is None:
            self._trails.drop()
        else:
            self._trails.ask(lambda: self._session.race_of(experiment))
