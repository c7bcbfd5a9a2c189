"""The window, with the real engine behind it: every wish is granted, every failure told, and closing leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QSlider
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from lrviz.app.main import race_when_ready
from lrviz.app.session import Race
from lrviz.app.window import Window
from lrviz.core import catalog
from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Experiment, OnModel, OnSurface
from lrviz.core.experiment_file import experiment_from_json, experiment_to_json
from lrviz.core.openings import first_question, opening, surface_problem
from lrviz.core.runs import MAX_PANELS
from lrviz.core.viewstate import ViewState
from lrviz.export.reading import experiment_from_file

Open = Callable[..., Window]
BOWL_RATES = (0.6, 0.45, 0.1, 0.001)


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Open]:
    """Opens windows, and closes them again as a person would."""
    opened: list[Window] = []

    def make(experiment: Experiment | None = None, race: Race = race_when_ready, wait: bool = True) -> Window:
        window = Window(experiment or first_question(surface_problem("bowl")), race, ViewState(theme="light"))
        opened.append(window)
        qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        window.session.start()
        if wait:
            settle(qtbot, window)
        return window

    yield make
    for window in opened:
        window.close()


def settle(qtbot: QtBot, window: Window) -> None:
    """Wait until the race that was asked for is over, and on screen."""
    qtbot.waitUntil(
        lambda: (
            not window.loader.reading
            and not window.session.running
            and (window.scene is None or window.scene.experiment == window.session.experiment)
        ),
        timeout=30_000,
    )


def test_the_opening_experiment_trains_and_plays(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(replace(opening(), steps=40))
    assert window.scene is not None
    assert window.scene.verdicts is not None
    assert len(window.scene.traces) == 4
    assert window.scene.traces[3].metrics["test_accuracy"][-1] > 0.3
    qtbot.waitUntil(lambda: window.player.step > 2)
    assert window.windowTitle().startswith("Digits · MLP 64-32 · Adam")


def test_a_race_plays_to_its_end_and_its_last_step_is_shown(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(replace(first_question(surface_problem("bowl")), steps=20))
    qtbot.waitUntil(lambda: not window.player.playing, timeout=10_000)
    assert window.player.step == 20
    assert window.frame.board.step == 20
    assert window.frame.charts[0].step == 20


def test_space_plays_and_pauses(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.frame.board.setFocus()
    playing = window.player.playing
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.player.playing is not playing
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.player.playing is playing


def test_arrows_home_and_end_step_through_the_race(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.frame.board.setFocus()
    for key, step in (
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_End, 300),
    ):
        qtbot.keyClick(window, key)
        assert window.player.step == step
        assert window.frame.board.step == step


def test_an_arrow_on_a_slider_moves_the_slider_and_not_the_race(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(first_question(surface_problem("rosenbrock")))
    window.player.seek(10)
    before = window.session.experiment
    slider = next(s for s in window.frame.controls.findChildren(QSlider) if s.isVisible())
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert window.session.experiment != before
    settle(qtbot, window)


def test_turning_a_rate_re_runs_and_keeps_the_step_on_screen(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.player.seek(100)
    window.frame.board.lr_changed.emit(0, 0.25, False)
    settle(qtbot, window)
    assert window.scene is not None
    assert window.scene.traces[0].lr == 0.25
    assert window.player.step == 100
    window.frame.board.lr_changed.emit(0, 0.25, True)
    window.session.undo()
    settle(qtbot, window)
    assert window.scene.experiment.lrs[0] == BOWL_RATES[0]


def test_moving_the_start_moves_it_for_every_run(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.frame.board.start_moved.emit(1.0, -0.5, True)
    settle(qtbot, window)
    assert window.scene is not None
    for trace in window.scene.traces:
        assert trace.theta[0].tolist() == [1.0, -0.5]


def test_runs_are_added_copied_moved_and_removed(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    board = window.frame.board
    for wish, rates in (
        (lambda: board.run_added.emit(), (0.6, 0.45, 0.1, 0.001, 0.0003)),
        (lambda: board.run_removed.emit(0), (0.45, 0.1, 0.001, 0.0003)),
        (lambda: board.run_duplicated.emit(0), (0.45, 0.45, 0.1, 0.001, 0.0003)),
        (lambda: board.run_moved.emit(4, 0), (0.0003, 0.45, 0.45, 0.1, 0.001)),
    ):
        wish()
        assert window.session.experiment.lrs == rates
    settle(qtbot, window)


def test_the_last_run_stays_and_a_seventeenth_is_refused(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    for _ in range(4):
        window.wishes.remove_run(0)
    assert len(window.session.experiment.runs) == 1
    assert "last run" in window.frame.notice.text
    for _ in range(MAX_PANELS):
        window.wishes.add_run()
    assert len(window.session.experiment.runs) == MAX_PANELS
    assert "16 runs" in window.frame.notice.text
    settle(qtbot, window)


def test_another_surface_keeps_rates_that_were_chosen_and_a_data_set_begins_anew(
    qtbot: QtBot, open_window: Open
) -> None:
    window = open_window()
    window.wishes.pick_problem("surface", "beale")
    assert window.session.experiment.lrs == catalog.surfaces.find("beale").rates
    window.wishes.set_rate(0, 0.7, True)
    window.wishes.pick_problem("surface", "himmelblau")
    assert isinstance(window.session.experiment.problem, OnSurface)
    assert window.session.experiment.lrs[0] == 0.7
    window.wishes.pick_problem("data", "moons")
    settle(qtbot, window)
    assert isinstance(window.session.experiment.problem, OnModel)
    assert window.session.experiment.optimizer.name == "adam"
    settle(qtbot, window)


def test_an_exception_in_the_race_is_told_once_and_the_next_race_runs(qtbot: QtBot, open_window: Open) -> None:
    def sometimes(experiment: Experiment) -> Iterator[object]:
        if experiment.steps == 13:
            raise RuntimeError("out of paper")
        yield from race_when_ready(experiment)

    window = open_window(race=sometimes)
    window.session.ask(replace(window.session.experiment, steps=13))
    qtbot.waitUntil(lambda: window.frame.notice.isVisible())
    assert "out of paper" in window.frame.notice.text
    window.session.ask(replace(window.session.experiment, steps=12))
    settle(qtbot, window)
    assert not window.frame.notice.isVisible()
    assert window.scene is not None
    assert window.scene.steps == 12


def test_an_exception_in_a_slot_is_told(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()

    def fail() -> None:
        raise RuntimeError("a slot slipped")

    with capture_exceptions():
        # pytest-qt has put its own hook in place of the window's; the window's gets its turn here.
        window.lifeline.hold_on()
        QTimer.singleShot(0, fail)
        qtbot.waitUntil(lambda: "a slot slipped" in window.frame.notice.text)
    qtbot.keyClick(window, Qt.Key.Key_Home)
    assert window.player.step == 0


def test_a_question_without_sense_is_one_line_and_nothing_is_lost(qtbot: QtBot, open_window: Open) -> None:
    def refuse(experiment: Experiment) -> Iterator[object]:
        raise ExperimentError("this needs 40 GB; 2 GB are there: take fewer runs")
        yield

    window = open_window(race=refuse)
    assert window.frame.notice.text == "this needs 40 GB; 2 GB are there: take fewer runs"
    assert window.session.experiment == first_question(surface_problem("bowl"))


def test_closing_amid_training_returns_at_once(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(replace(opening(), steps=1_000_000), wait=False)
    qtbot.waitUntil(lambda: window.scene is not None and window.scene.rows > 10, timeout=30_000)
    window.close()
    assert not window.session.is_alive()


def test_stopping_keeps_what_was_trained(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(replace(opening(), steps=1_000_000), wait=False)
    qtbot.waitUntil(lambda: window.scene is not None and window.scene.rows > 10, timeout=30_000)
    window.commands.stop.trigger()
    assert not window.session.running
    assert window.scene is not None
    assert window.scene.rows > 10


@pytest.mark.parametrize("subject", ["race", "view", "window", "panel 2"])
@pytest.mark.parametrize("scale", [1, 4])
def test_every_subject_is_exported_at_its_scale(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subject: str, scale: int
) -> None:
    window = open_window()
    file = tmp_path / "picture.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(file), ""))
    size = window.pictures.subjects()[subject].size
    window.pictures.export(subject, scale)
    image = QImage(str(file))
    assert (image.width(), image.height()) == (size.width() * scale, size.height() * scale)
    assert len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 7)}) > 50
    assert experiment_from_file(file) == window.session.experiment


def test_a_copied_picture_is_on_the_clipboard(open_window: Open) -> None:
    window = open_window()
    window.commands.copy.trigger()
    image = QGuiApplication.clipboard().image()
    assert image.width() == 2 * window.frame.stage.width()


def test_an_experiment_is_saved_and_opened_again(
    qtbot: QtBot, open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    file = tmp_path / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(file), ""))
    window.commands.save.trigger()
    saved = tmp_path / "mine.json"
    assert experiment_from_json(saved.read_bytes()) == window.session.experiment
    window.wishes.set_rate(0, 0.5, True)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(saved), ""))
    window.commands.open.trigger()
    settle(qtbot, window)
    assert window.session.experiment.lrs[0] == BOWL_RATES[0]


def drop(window: Window, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    window.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_a_dropped_experiment_is_opened_and_rubbish_is_answered(
    qtbot: QtBot, open_window: Open, tmp_path: Path
) -> None:
    window = open_window()
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(experiment_to_json(first_question(surface_problem("saddle"))))
    bad.write_bytes(b"{]")
    drop(window, good)
    settle(qtbot, window)
    assert window.session.experiment == first_question(surface_problem("saddle"))
    drop(window, bad)
    assert "bad.json" in window.frame.notice.text
    assert window.session.experiment == first_question(surface_problem("saddle"))


def test_a_dropped_table_is_trained_on(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    window = open_window()
    table = tmp_path / "flowers.csv"
    rows = [f"{i / 10},{(i % 7) / 7},{'rose' if i % 3 else 'tulip'}" for i in range(60)]
    table.write_text("\n".join(["length,width,flower", *rows]))
    drop(window, table)
    settle(qtbot, window)
    problem = window.session.experiment.problem
    assert isinstance(problem, OnModel)
    assert problem.data.name == "csv"
    assert window.scene is not None
    assert "test_accuracy" in window.scene.traces[0].metrics


def test_the_theme_loop_speed_and_scale_are_the_view_state(open_window: Open) -> None:
    window = open_window()
    window.commands.theme.trigger()
    window.commands.loop.trigger()
    window.commands.log_loss.trigger()
    window.commands.faster.trigger()
    assert window.state == ViewState(theme="dark", loop=True, log_loss=False, speed=2.0)
    assert window.player.loop
    assert window.player.speed == 2.0
    assert window.frame.board.theme.name == "dark"


def test_the_window_reads_well_at_its_smallest(open_window: Open) -> None:
    window = open_window()
    window.resize(window.minimumSize())
    for part in (window.frame.board, window.frame.charts[0], window.frame.transport):
        assert part.width() > 300
        assert window.rect().contains(part.mapTo(window, part.rect().topLeft()))
        assert window.rect().contains(part.mapTo(window, part.rect().bottomRight()))


def test_an_exception_in_a_resize_is_told_and_the_window_lives(
    qtbot: QtBot, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()

    def fail() -> None:
        1 / 0  # noqa: B018  # raised by C code: the kind that would end the program

    with capture_exceptions():
        window.lifeline.hold_on()
        with monkeypatch.context() as broken:
            broken.setattr(window.frame.board, "lay_out", fail)
            window.resize(1200, 780)
    assert "division by zero" in window.frame.notice.text
    window.resize(1280, 800)
    window.session.ask(replace(window.session.experiment, steps=12))
    settle(qtbot, window)
    assert window.scene is not None
    assert window.scene.steps == 12
