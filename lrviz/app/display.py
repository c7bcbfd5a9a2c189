"""What the window shows: the experiment on the table, its race, and both as a person wants to look at them."""

from __future__ import annotations

import time

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from lrviz.app.actions import Actions
from lrviz.app.explorer import Explorer
from lrviz.app.frame import Frame
from lrviz.app.messages import Messages
from lrviz.app.session import Session
from lrviz.core.epochs import epoch_steps
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, OnModel, ProblemSpec
from lrviz.core.scene import Scene
from lrviz.core.titles import experiment_title
from lrviz.core.trace import Recorder
from lrviz.core.viewstate import OF_OTHER_RUNS, View, ViewState
from lrviz.runtime.player import Player
from lrviz.views.quantities import curves_for
from lrviz.views.style import stylesheet
from lrviz.views.theme import THEMES, Theme, apply_theme

OF_SURFACES: tuple[View, ...] = ("fate",)  # views that suit no model,
OF_MODELS: tuple[View, ...] = ("insight", "lens")  # and those that suit no surface


class Display(QObject):
    """Brings every part up to date with the scene, the step and the view state. It connects nothing."""

    def __init__(
        self,
        window: QMainWindow,
        commands: Actions,
        frame: Frame,
        session: Session,
        player: Player,
        explorer: Explorer,
        messages: Messages,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._frame = frame
        self._session = session
        self._player = player
        self._explorer = explorer
        self._messages = messages
        self.state = ViewState()
        self.scene: Scene | None = None

    # The experiment and its race

    def show_experiment(self, experiment: Experiment) -> None:
        """Its title, and what there is to turn in it."""
        title = experiment_title(experiment)
        self._frame.topbar.show_title(title)
        self._window.setWindowTitle(f"{title} – lrviz")
        try:
            self._frame.controls.show_experiment(experiment, epoch_steps(experiment))
        except LrvizError as error:
            self._frame.notice.tell(str(error))

    def show_empty(self, experiment: Experiment) -> None:
        """The panels as they will be, before torch is there to fill them."""
        nothing_yet = Recorder(experiment.lrs, experiment.steps, parameters=0, snapshot_steps=())
        scene = Scene(experiment, "", 0, None, nothing_yet.traces)
        for view in self._frame.steps_shown:
            view.show_scene(scene)

    def show_scene(self, scene: Scene, another: bool) -> None:
        """A scene; where it begins `another` race, that is played from its first step on."""
        before, self.scene = self.scene, scene
        if another:
            # Where only rates or the start were turned, the step on screen stays, to see what that does to it.
            turned = before is not None and _same_ground(before.experiment, scene.experiment) and self._player.step > 0
            self._frame.notice.hide()
            self._explorer.drop()
            self._show_view()
            self._player.load(lambda: scene.rows, scene.steps, keep_step=turned)
            if not turned:
                self._player.play()
            self._frame.transport.show_epochs(scene.steps_per_epoch)
            self.show_room()
        for view in (*self._frame.steps_shown, self._frame.statusline):
            view.show_scene(scene)
        self._show_curves()
        if another:
            self._frame.share_out()
        self._mark_plane()
        self._player.tick()

    def show_step(self, step: int, published: int) -> None:
        steps = self._player.steps
        self._frame.show_step(step, published, steps, moving=self._player.playing)
        if self._session.running and self.scene is not None:
            self._messages.tell_progress(published, steps, time.perf_counter() - self._session.since)

    def show_end(self) -> None:
        """The race is over, by itself or because it was stopped."""
        self._show_plane()
        self._player.complete()
        self._messages.tell_rest()

    # How a person wants to see it

    def show_state(self, state: ViewState) -> None:
        self.state = state
        theme, frame = self.theme, self._frame
        apply_theme(theme)
        self._window.setStyleSheet(stylesheet(theme))
        for view in frame.steps_shown:
            view.set_theme(theme)
        for chart in frame.charts:
            chart.set_against(state.against)
            chart.set_log_steps(state.log_steps)
            chart.set_log(state.log_loss)
        self._show_curves()
        self._player.speed, self._player.loop = state.speed, state.loop
        frame.transport.show_speed(state.speed)
        frame.transport.show_loop(state.loop)
        frame.controls.setVisible(state.controls)
        self._show_view()
        self._show_plane()
        frame.share_out()
        frame.controls.set_theme(theme)
        frame.board.show_arrows(state.arrows)
        frame.board.show_gauge(state.gauge)
        self._explorer.show_state(state)
        self._tick_actions(state, theme)
        self.show_room()

    def show_undo(self, undo: bool, redo: bool) -> None:
        """Whether there is something to undo, and to redo."""
        self._commands.undo.setEnabled(undo)
        self._commands.redo.setEnabled(redo)

    def show_room(self) -> None:
        """A second chart only where there is room for two wide ones."""
        self._frame.charts[1].setVisible(self.state.second_chart and self._frame.has_room_for_two_charts())

    @property
    def theme(self) -> Theme:
        """The theme that is wanted, or the system's."""
        name = self.state.theme
        if name == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            name = "dark" if dark else "light"
        return THEMES[name]

    def on_screen(self) -> tuple[Scene, int, Theme] | None:
        """What a picture is taken of, with its step; None before there is a scene."""
        return None if self.scene is None else (self.scene, self._player.step, self.theme)

    def _tick_actions(self, state: ViewState, theme: Theme) -> None:
        commands = self._commands
        for action in commands.views.actions():
            action.setChecked(action.data() == state.view)
        for action, on in (
            (commands.arrows, state.arrows),
            (commands.gauge, state.gauge),
            (commands.slow_motion, state.slow_motion),
            (commands.linked, state.linked),
            (commands.lock, state.lock),
            (commands.theme, theme.name == "dark"),
            (commands.log_loss, state.log_loss),
            (commands.loop, state.loop),
            (commands.controls, state.controls),
            (commands.second_chart, state.second_chart),
        ):
            action.setChecked(on)

    def _show_view(self) -> None:
        """The view that a person wants, where it suits what is minimised."""
        commands, experiment = self._commands, self._session.experiment
        model = isinstance(experiment.problem, OnModel)
        unsuited = OF_SURFACES if model else OF_MODELS
        for action in commands.views.actions():
            action.setVisible(action.data() not in unsuited)
        name: View = "panels" if self.state.view in unsuited else self.state.view
        on_maps = name not in OF_OTHER_RUNS
        commands.plane_menu.menuAction().setVisible(model and on_maps)
        for action in (commands.linked, commands.whole):
            action.setVisible(on_maps)
        for action in (commands.arrows, commands.gauge, commands.slow_motion):
            action.setVisible(not model and on_maps)  # updates of two parameters are told, not those of thousands
        self._frame.slow_motion.setVisible(self.state.slow_motion and not model and on_maps)
        commands.sharpness.setEnabled(model)
        commands.sharpness.setChecked(experiment.sharpness)
        self._frame.views.show_view(name)

    def _show_plane(self) -> None:
        """A race that has ended, on the plane that a person wants; one under way has its own."""
        scene, kind = self.scene, self.state.plane
        if scene is not None and scene.verdicts is not None and kind is not None and not self._session.running:
            self._explorer.show_plane(scene, kind)
        self._mark_plane()

    def _mark_plane(self) -> None:
        for action in self._commands.planes.actions():
            action.setChecked(self.scene is not None and action.data() == self.scene.plane_kind)

    def _show_curves(self) -> None:
        if self.scene is not None:
            for chart, quantity in zip(self._frame.charts, curves_for(self.scene, self.state.curves), strict=True):
                chart.show_quantity(quantity)


def _same_ground(before: Experiment, after: Experiment) -> bool:
    """Whether only rates, runs or the start differ: then a step of one race means the same in the other."""
    return replace(after, runs=before.runs, problem=_at_origin(after.problem)) == replace(
        before, problem=_at_origin(before.problem)
    )


def _at_origin(problem: ProblemSpec) -> ProblemSpec:
    return problem if isinstance(problem, OnModel) else replace(problem, start=(0.0, 0.0))
