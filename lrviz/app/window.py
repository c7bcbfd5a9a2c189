"""The window: where the parts meet. Views emit wishes, this file has them granted; every wire between parts is here."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from lrviz.app.about import show_about
from lrviz.app.actions import Actions
from lrviz.app.crash import Lifeline
from lrviz.app.documents import Documents
from lrviz.app.explorer import Explorer
from lrviz.app.frame import Frame
from lrviz.app.keys import KeyManners
from lrviz.app.loader import Loader
from lrviz.app.pictures import Pictures, panel_key
from lrviz.app.session import Race, Session
from lrviz.app.wishes import Wishes
from lrviz.core import catalog
from lrviz.core.epochs import epoch_steps
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, OnModel, ProblemSpec
from lrviz.core.scene import Scene
from lrviz.core.titles import experiment_title
from lrviz.core.trace import Recorder
from lrviz.core.viewstate import ViewState
from lrviz.runtime.player import SPEEDS, Player
from lrviz.runtime.worker import Failure
from lrviz.views.guard import guarded
from lrviz.views.numbers import count
from lrviz.views.quantities import curves_for
from lrviz.views.run_parts import RunParts
from lrviz.views.style import stylesheet
from lrviz.views.theme import THEMES, Theme, apply_theme

SMALLEST = (960, 640)
FILES = ("csv", "npz")  # the data sets that are files of a person's own


class Window(QMainWindow):
    """One experiment, raced and shown. `race` makes its scenes on the training thread."""

    closed = Signal()

    def __init__(self, experiment: Experiment, race: Race, state: ViewState) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self.state = state
        self.scene: Scene | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._manners = KeyManners(app, self)
        self.lifeline = Lifeline(self)
        self.session = Session(race, experiment, self)
        self.player = Player(round(1000 / max(self.screen().refreshRate(), 30)), parent=self)
        self.commands = Actions(self)
        self.frame = Frame(self.commands)
        self.setCentralWidget(self.frame)
        self.documents = Documents(self)
        self.pictures = Pictures(self, self.frame, self.documents, self._on_screen)
        self.loader = Loader(self)
        self.wishes = Wishes(self.session, self.loader, self.frame.notice.tell, self)
        self.explorer = Explorer(self.frame.views, self.session, self.wishes, self._tell_failure, self)
        self._own_parts: RunParts | None = None
        self._connect_commands()
        self._connect_views()
        self._show_experiment(experiment)
        self._show_state()
        self._show_empty(experiment)
        self.frame.board.setFocus()  # no button lies in wait for the space bar

    # The wires

    def _connect_commands(self) -> None:
        session, player = self.session, self.player
        self.commands.connect(
            open=self.documents.ask_for_experiment,
            open_data=self.documents.ask_for_table,
            save=lambda: self.documents.save(session.experiment),
            export=lambda: self.pictures.ask(),
            copy=lambda: self.pictures.copy(),
            quit=self.close,
            undo=session.undo,
            redo=session.redo,
            run=session.run,
            stop=session.stop,
            add_run=self.wishes.add_run,
            play=self._toggle_play,
            forth=lambda: player.seek(player.step + 1),
            back=lambda: player.seek(player.step - 1),
            first=lambda: player.seek(0),
            last=lambda: player.seek(player.steps),
            faster=lambda: self._change_speed(+1),
            slower=lambda: self._change_speed(-1),
            loop=lambda on: self._look(loop=on),
            arrows=lambda on: self._look(arrows=on),
            gauge=lambda on: self._look(gauge=on),
            slow_motion=lambda on: self._look(slow_motion=on),
            sharpness=lambda on: self.wishes.change(replace(session.experiment, sharpness=on)),
            linked=lambda on: self._look(linked=on),
            lock=lambda on: self._look(lock=on),
            whole=self.explorer.show_whole,
            theme=lambda on: self._look(theme="dark" if on else "light"),
            log_loss=lambda on: self._look(log_loss=on),
            controls=lambda on: self._look(controls=on),
            second_chart=lambda on: self._look(second_chart=on),
            full_screen=lambda on: self.showFullScreen() if on else self.showNormal(),
            about=lambda: show_about(self),
        )
        self.commands.views.triggered.connect(lambda action: self._look(view=action.data()))
        self.commands.planes.triggered.connect(lambda action: self._look(plane=action.data()))
        session.undo_changed.connect(self._enable_undo)

    def _connect_views(self) -> None:
        session, player, wishes, pictures, frame = self.session, self.player, self.wishes, self.pictures, self.frame
        session.experiment_changed.connect(self._show_experiment)
        session.scene_changed.connect(self._show_scene)
        session.race_ended.connect(self._show_end)
        session.failed.connect(self._tell_failure)
        self.lifeline.caught.connect(self._tell_failure)
        self.documents.experiment_opened.connect(wishes.open)
        self.loader.began.connect(self._tell_reading)
        self.loader.ended.connect(lambda: frame.statusline.show_activity(""))
        self.loader.failed.connect(self._tell_unread)
        self.documents.table_opened.connect(wishes.open_table)
        self.documents.refused.connect(frame.notice.tell)

        player.ticked.connect(self._show_step)
        player.playing_changed.connect(frame.transport.show_playing)
        frame.transport.play_toggled.connect(self._toggle_play)
        frame.transport.step_requested.connect(lambda delta: player.seek(player.step + delta))
        frame.transport.seek_requested.connect(player.seek)
        frame.transport.first_requested.connect(lambda: player.seek(0))
        frame.transport.last_requested.connect(lambda: player.seek(player.steps))
        frame.transport.speed_changed.connect(lambda speed: self._look(speed=speed))
        frame.transport.loop_toggled.connect(lambda on: self._look(loop=on))

        frame.board.lr_changed.connect(wishes.set_rate)
        frame.board.run_forked.connect(lambda run, optimizer: wishes.fork(run, player.step, optimizer))
        frame.board.run_changed.connect(lambda run, optimizer: wishes.change_run(run, player.step, optimizer))
        frame.board.parts_requested.connect(self._open_parts)
        frame.slow_motion.seek_requested.connect(player.seek)
        frame.slow_motion.stage_changed.connect(frame.board.show_stage)
        frame.board.run_added.connect(wishes.add_run)
        frame.board.run_duplicated.connect(wishes.duplicate_run)
        frame.board.run_removed.connect(wishes.remove_run)
        frame.board.run_moved.connect(wishes.move_run)
        frame.board.panel_copy_requested.connect(lambda run: pictures.copy(panel_key(run)))
        frame.board.panel_export_requested.connect(lambda run: pictures.ask(panel_key(run)))
        pictures.copied.connect(self._tell_copied)
        for place, chart in enumerate(frame.charts):
            chart.seek_requested.connect(player.seek)
            chart.quantity_picked.connect(partial(self._pick_curve, place))
            chart.against_picked.connect(lambda against: self._look(against=against))
            chart.log_steps_toggled.connect(lambda on: self._look(log_steps=on))
            chart.log_toggled.connect(lambda on: self._look(log_loss=on))

        frame.controls.problem_picked.connect(self._pick_problem)
        frame.controls.experiment_changed.connect(wishes.change)
        frame.controls.epochs_changed.connect(wishes.set_epochs)
        frame.controls.refused.connect(frame.notice.tell)

    # What is done

    def _pick_problem(self, kind: str, name: str) -> None:
        if kind == "data" and name in FILES:
            self._show_experiment(self.session.experiment)  # until a file is chosen nothing changes
            self.documents.ask_for_table()
        else:
            self.wishes.pick_problem(kind, name)

    def _pick_curve(self, place: int, key: str) -> None:
        first, second = self.state.curves
        self._look(curves=(key, second) if place == 0 else (first, key))

    def _open_parts(self, run: int) -> None:
        if self._own_parts is not None:
            self._own_parts.close()
        self._own_parts = dialog = RunParts(run, self.session.experiment, self)
        dialog.parts_changed.connect(self.wishes.set_parts)
        dialog.destroyed.connect(self._forget_parts)
        dialog.show()

    def _forget_parts(self) -> None:
        self._own_parts = None

    def _toggle_play(self) -> None:
        if self.player.playing:
            self.player.pause()
        else:
            self.player.play()

    def _change_speed(self, by: int) -> None:
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.state.speed))
        self._look(speed=SPEEDS[min(max(nearest + by, 0), len(SPEEDS) - 1)])

    def _look(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self._show_state()

    # What is shown

    def _show_experiment(self, experiment: Experiment) -> None:
        title = experiment_title(experiment)
        self.frame.topbar.show_title(title)
        self.setWindowTitle(f"{title} – lrviz")
        if self._own_parts is not None:
            self._own_parts.show_experiment(experiment)
        try:
            self.frame.controls.show_experiment(experiment, epoch_steps(experiment))
        except LrvizError as error:
            self.frame.notice.tell(str(error))

    def _show_empty(self, experiment: Experiment) -> None:
        """The panels as they will be, before torch is there to fill them."""
        nothing_yet = Recorder(experiment.lrs, experiment.steps, parameters=0, snapshot_steps=())
        scene = Scene(experiment, "", 0, None, nothing_yet.traces)
        for view in self.frame.steps_shown:
            view.show_scene(scene)

    def _show_scene(self, scene: Scene, another: bool) -> None:
        before, self.scene = self.scene, scene
        if another:
            # Where only rates or the start were turned, the step on screen stays, to see what that does to it.
            turned = before is not None and _same_ground(before.experiment, scene.experiment) and self.player.step > 0
            self.frame.notice.hide()
            self.explorer.drop()
            self._show_view()
            self.player.load(lambda: scene.rows, scene.steps, keep_step=turned)
            if not turned:
                self.player.play()
            self.frame.transport.show_epochs(scene.steps_per_epoch)
            self._show_room()
        for view in (*self.frame.steps_shown, self.frame.statusline):
            view.show_scene(scene)
        self._show_curves()
        if another:
            self.frame.share_out()
        self._mark_plane()
        self.player.tick()

    def _show_step(self, step: int, published: int) -> None:
        self.frame.show_step(step, published, self.player.steps, moving=self.player.playing)
        if self.session.running and self.scene is not None:
            if published > self.player.steps:
                self.frame.statusline.show_activity(self.tr("measuring the landscape…"))
            else:
                seconds = time.perf_counter() - self.session.since
                self.frame.statusline.show_progress(published, self.player.steps, seconds)

    def _tell_reading(self, name: str) -> None:
        title = catalog.datasets.find(name).title
        self.frame.statusline.show_activity(self.tr("reading {data}…").format(data=title))

    def _tell_unread(self, failure: Failure) -> None:
        self._tell_failure(failure)
        self._show_experiment(self.session.experiment)  # the forms return to what is still true

    def _tell_copied(self, width: int, height: int) -> None:
        text = self.tr("copied, {width} × {height} pixels").format(width=count(width), height=count(height))
        self.frame.statusline.show_activity(text)

    def _show_end(self) -> None:
        self._show_plane()
        self.player.complete()
        self.frame.statusline.show_activity("")

    def _show_state(self) -> None:
        state, commands, theme = self.state, self.commands, self._theme()
        apply_theme(theme)
        self.setStyleSheet(stylesheet(theme))
        for view in self.frame.steps_shown:
            view.set_theme(theme)
        for chart in self.frame.charts:
            chart.set_against(state.against)
            chart.set_log_steps(state.log_steps)
            chart.set_log(state.log_loss)
        self._show_curves()
        self.player.speed, self.player.loop = state.speed, state.loop
        self.frame.transport.show_speed(state.speed)
        self.frame.transport.show_loop(state.loop)
        self.frame.controls.setVisible(state.controls)
        self._show_view()
        self._show_plane()
        self.frame.share_out()
        self.frame.controls.set_theme(theme)
        for action in commands.views.actions():
            action.setChecked(action.data() == state.view)
        self.frame.board.show_arrows(state.arrows)
        self.frame.board.show_gauge(state.gauge)
        self.explorer.show_state(state)
        commands.arrows.setChecked(state.arrows)
        commands.gauge.setChecked(state.gauge)
        commands.slow_motion.setChecked(state.slow_motion)
        commands.linked.setChecked(state.linked)
        commands.lock.setChecked(state.lock)
        if self.wishes.locked != state.lock:
            self.wishes.lock(state.lock)
        commands.theme.setChecked(theme.name == "dark")
        commands.log_loss.setChecked(state.log_loss)
        commands.loop.setChecked(state.loop)
        commands.controls.setChecked(state.controls)
        commands.second_chart.setChecked(state.second_chart)
        self._show_room()

    def _show_view(self) -> None:
        """The view that a person wants, where it suits what is minimised."""
        model = isinstance(self.session.experiment.problem, OnModel)
        unsuited = ("fate",) if model else ("insight", "lens")
        for action in self.commands.views.actions():
            action.setVisible(action.data() not in unsuited)
        self.commands.plane_menu.menuAction().setVisible(model)
        for action in (self.commands.arrows, self.commands.gauge, self.commands.slow_motion):
            action.setVisible(not model)  # updates of two parameters are told, not those of thousands
        self.frame.slow_motion.setVisible(self.state.slow_motion and not model)
        self.commands.sharpness.setEnabled(model)
        self.commands.sharpness.setChecked(self.session.experiment.sharpness)
        self.frame.views.show_view("panels" if self.state.view in unsuited else self.state.view)

    def _show_plane(self) -> None:
        """A race that has ended, on the plane that a person wants; one under way has its own."""
        scene, kind = self.scene, self.state.plane
        if scene is not None and scene.verdicts is not None and kind is not None and not self.session.running:
            self.explorer.show_plane(scene, kind)
        self._mark_plane()

    def _mark_plane(self) -> None:
        for action in self.commands.planes.actions():
            action.setChecked(self.scene is not None and action.data() == self.scene.plane_kind)

    def _show_room(self) -> None:
        """A second chart only where there is room for two wide ones."""
        self.frame.charts[1].setVisible(self.state.second_chart and self.frame.has_room_for_two_charts())

    def _show_curves(self) -> None:
        if self.scene is not None:
            for chart, quantity in zip(self.frame.charts, curves_for(self.scene, self.state.curves), strict=True):
                chart.show_quantity(quantity)

    def _tell_failure(self, failure: Failure) -> None:
        if isinstance(failure.error, LrvizError):
            self.frame.notice.tell(str(failure.error))
        else:
            line = self.tr("Something went wrong in lrviz: {error}. The next run starts afresh.")
            self.frame.notice.tell(
                line.format(error=f"{type(failure.error).__name__}: {failure.error}"), failure.details
            )

    def _enable_undo(self, undo: bool, redo: bool) -> None:
        self.commands.undo.setEnabled(undo)
        self.commands.redo.setEnabled(redo)

    def _on_screen(self) -> tuple[Scene, int, Theme] | None:
        return None if self.scene is None else (self.scene, self.player.step, self._theme())

    def _theme(self) -> Theme:
        name = self.state.theme
        if name == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            name = "dark" if dark else "light"
        return THEMES[name]

    # The window's own events

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_room()

    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls()[:1]:
            self.documents.open(Path(url.toLocalFile()))

    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        self.player.close()
        self.session.close()
        self.explorer.close()
        self.loader.close()
        self.lifeline.let_go()
        super().closeEvent(event)
        self.closed.emit()


def _same_ground(before: Experiment, after: Experiment) -> bool:
    """Whether only rates, runs or the start differ: then a step of one race means the same in the other."""
    return replace(after, runs=before.runs, problem=_at_origin(after.problem)) == replace(
        before, problem=_at_origin(before.problem)
    )


def _at_origin(problem: ProblemSpec) -> ProblemSpec:
    return problem if isinstance(problem, OnModel) else replace(problem, start=(0.0, 0.0))
