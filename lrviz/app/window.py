"""The window: where the parts meet. Views emit wishes, this file has them granted; every wire between parts is here."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from lrviz.app.about import show_about
from lrviz.app.actions import Actions
from lrviz.app.crash import Lifeline
from lrviz.app.display import Display
from lrviz.app.documents import Documents
from lrviz.app.explorer import Explorer
from lrviz.app.frame import Frame
from lrviz.app.keys import KeyManners
from lrviz.app.loader import Loader
from lrviz.app.messages import Messages
from lrviz.app.pages import Pages
from lrviz.app.pictures import Pictures, panel_key
from lrviz.app.session import Race, Session
from lrviz.app.trials import Trials
from lrviz.app.wishes import Wishes
from lrviz.core.experiment import Experiment
from lrviz.core.scene import Scene
from lrviz.core.viewstate import ViewState
from lrviz.runtime.player import SPEEDS, Player
from lrviz.views.guard import guarded
from lrviz.views.run_parts import RunParts
from lrviz.views.theme import set_letters

SMALLEST = (960, 640)
FILES = ("csv", "npz")  # the data sets that are files of a person's own


class Window(QMainWindow):
    """One experiment, raced and shown. `race` makes its scenes on the training thread."""

    closed = Signal()

    def __init__(self, experiment: Experiment, race: Race, state: ViewState) -> None:
        set_letters()  # first: a window that is made before keeps the system's size, until it is polished anew
        super().__init__()
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
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
        self.pages = Pages(self, self.documents)
        self.loader = Loader(self)
        self.messages = Messages(self.frame, self)
        self.wishes = Wishes(self.session, self.loader, self.frame.notice.tell, self)
        self.explorer = Explorer(self.frame.views, self.session, self.wishes, self.messages.tell_failure, self)
        self.trials = Trials(self.frame.views, self.session, self.wishes, self.messages.tell_failure, self)
        self.display = Display(self, self.commands, self.frame, self.session, self.player, self.explorer, self.messages)
        self.pictures = Pictures(self, self.frame, self.documents, self.display.on_screen)
        self._own_parts: RunParts | None = None
        self._connect_commands()
        self._connect_session()
        self._connect_views()
        self.display.show_experiment(experiment)
        self._show_state(state)
        self.display.show_empty(experiment)
        self.frame.board.setFocus()  # no button lies in wait for the space bar

    @property
    def state(self) -> ViewState:
        """How a person wants to look at it."""
        return self.display.state

    @property
    def scene(self) -> Scene | None:
        """What is on screen; None before the first race has shown anything."""
        return self.display.scene

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

    def _connect_session(self) -> None:
        session, display, messages = self.session, self.display, self.messages
        session.experiment_changed.connect(display.show_experiment)
        session.scene_changed.connect(display.show_scene)
        session.race_ended.connect(display.show_end)
        session.undo_changed.connect(display.show_undo)
        session.failed.connect(messages.tell_failure)
        self.lifeline.caught.connect(messages.tell_failure)
        self.documents.experiment_opened.connect(self.wishes.open)
        self.documents.table_opened.connect(self.wishes.open_table)
        self.documents.refused.connect(self.frame.notice.tell)
        self.loader.began.connect(messages.tell_reading)
        self.loader.ended.connect(messages.tell_rest)
        self.loader.failed.connect(messages.tell_failure)
        self.loader.failed.connect(self._return_forms)
        self.pictures.copied.connect(messages.tell_copied)
        self.player.ticked.connect(display.show_step)
        self.trials.view_wanted.connect(lambda view: self._look(view=view))
        self.trials.page_exported.connect(self.pages.save)
        self.trials.page_printed.connect(self.pages.print)

    def _connect_views(self) -> None:
        player, wishes, pictures, frame = self.player, self.wishes, self.pictures, self.frame
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
            self._return_forms()  # until a file is chosen nothing changes
            self.documents.ask_for_table()
        else:
            self.wishes.pick_problem(kind, name)

    def _return_forms(self) -> None:
        """To what is still true."""
        self.display.show_experiment(self.session.experiment)

    def _pick_curve(self, place: int, key: str) -> None:
        first, second = self.state.curves
        self._look(curves=(key, second) if place == 0 else (first, key))

    def _open_parts(self, run: int) -> None:
        if self._own_parts is not None:
            self._own_parts.close()
        self._own_parts = dialog = RunParts(run, self.session.experiment, self)
        dialog.parts_changed.connect(self.wishes.set_parts)
        self.session.experiment_changed.connect(dialog.show_experiment)
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
        self._show_state(replace(self.state, **changes))

    def _show_state(self, state: ViewState) -> None:
        self.display.show_state(state)
        if self.wishes.locked != state.lock:
            self.wishes.lock(state.lock)

    # The window's own events

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.display.show_room()

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
        for part in (self.player, self.session, self.explorer, self.trials, self.loader):
            part.close()
        self.lifeline.let_go()
        super().closeEvent(event)
        self.closed.emit()
