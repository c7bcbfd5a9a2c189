"""The window's views: each shows the race, answers its questions beside it, and puts what is picked on the panels."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from lrviz.app.main import race_when_ready
from lrviz.app.window import Window
from lrviz.core import catalog
from lrviz.core.experiment import Change, Experiment, OnModel, OnSurface, choose
from lrviz.core.landscape import PLANE_KINDS, PlaneKind
from lrviz.core.openings import expression_problem, first_question, surface_problem
from lrviz.core.viewstate import OF_OTHER_RUNS, OF_WHOLE_RUNS, VIEWS, View, ViewState
from lrviz.views.fate_map import FateView
from lrviz.views.overlay import Overlay
from lrviz.views.run_parts import RunParts

Open = Callable[..., Window]


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Open]:
    opened: list[Window] = []

    def make(experiment: Experiment | None = None, view: View = "panels") -> Window:
        made = Window(
            experiment or first_question(surface_problem("stretched_bowl")),
            race_when_ready,
            ViewState(theme="light", view=view),
        )
        opened.append(made)
        qtbot.addWidget(made)
        made.resize(1280, 800)
        made.show()
        made.session.start()
        settle(qtbot, made)
        return made

    yield make
    for window in opened:
        window.close()


def on_moons() -> Experiment:
    problem = OnModel(choose(catalog.models, "mlp", hidden=(8,)), choose(catalog.datasets, "moons", samples=120))
    return replace(first_question(problem), steps=60)


def settle(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(
        lambda: (
            not window.loader.reading
            and not window.session.running
            and window.scene is not None
            and window.scene.experiment == window.session.experiment
        ),
        timeout=30_000,
    )


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in OF_OTHER_RUNS])
def test_every_view_shows_the_race_at_any_step(qtbot: QtBot, open_window: Open, view: View) -> None:
    window = open_window(on_moons() if view in ("insight", "lens") else None, view=view)
    assert window.frame.views.view is window.frame.views.known(view)
    window.player.seek(30)
    qtbot.waitUntil(lambda: not window.explorer.asking, timeout=30_000)
    picture = window.frame.views.view.picture(1.0)
    assert len({picture.pixel(x, 150) for x in range(0, picture.width(), 7)}) > 2


@pytest.mark.parametrize("view", [view for view in OF_WHOLE_RUNS if view != "lens"])
def test_curves_that_were_hidden_while_the_race_was_played_show_the_step_on_screen(
    qtbot: QtBot, open_window: Open, view: View
) -> None:
    window = open_window(view=view)
    assert window.scene is not None
    window.player.seek(window.scene.steps)
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    for chart in window.frame.charts:
        assert chart.isVisible()
        assert chart.step == window.scene.steps
        assert len(chart.readings(chart.step)) == len(window.scene.traces)


def test_views_are_switched_by_keys_and_by_the_bar(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    for key, view in zip((Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_1), ("overlay", "relief", "panels"), strict=True):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.state.view == view
        assert window.frame.views.view is window.frame.views.known(view)
    window.commands.fate.trigger()
    assert isinstance(window.frame.views.view, FateView)


def test_a_change_of_the_experiment_reaches_the_view_that_is_shown(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(view="overlay")
    window.commands.add_run.trigger()
    settle(qtbot, window)
    view = window.frame.views.view
    assert isinstance(view, Overlay)
    assert view.scene is window.scene
    window.commands.panels.trigger()
    assert window.frame.board.scene is window.scene


def test_a_fork_keeps_its_parents_trail_and_goes_on_at_a_lower_rate(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.player.seek(40)
    window.frame.board.run_forked.emit(1, None)
    settle(qtbot, window)
    experiment = window.session.experiment
    assert experiment.runs[-1].changes == (Change(40, experiment.runs[1].lr / 10),)
    assert window.scene is not None
    parent, fork = window.scene.traces[1], window.scene.traces[-1]
    assert (fork.theta[:41] == parent.theta[:41]).all()
    assert (fork.theta[41:] != parent.theta[41:]).any()
    assert window.player.step == 40
    window.commands.undo.trigger()
    settle(qtbot, window)
    assert len(window.session.experiment.runs) == 4


def test_a_run_goes_on_with_another_optimizer(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.player.seek(20)
    adam = choose(catalog.optimizers, "adam")
    window.frame.board.run_changed.emit(2, adam)
    settle(qtbot, window)
    run = window.session.experiment.runs[2]
    assert run.changes == (Change(20, run.lr, adam),)


def test_a_run_that_has_overflowed_is_forked_before_it_does(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(first_question(surface_problem("rosenbrock")))
    assert window.scene is not None
    over = window.scene.traces[0].overflow_step
    assert over is not None
    window.player.seek(200)
    window.frame.board.run_forked.emit(0, None)
    settle(qtbot, window)
    assert window.session.experiment.runs[-1].changes[0].step == over - 1


def test_a_panels_menu_offers_all_of_it(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    board = window.frame.board
    assert board._controls is not None
    menu = board._controls.menu(0)
    texts = [action.text() for action in menu.actions()]
    assert "Own optimizer and schedule…" in texts
    below = next(submenu for submenu in menu.findChildren(QMenu) if submenu.title() == "Fork here, with")
    assert len(below.actions()) == len(catalog.optimizers.names())
    menu.close()


def test_the_own_parts_of_a_run_are_set_beside_the_window(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.frame.board.parts_requested.emit(1)
    dialog = window.findChild(RunParts)
    adam = choose(catalog.optimizers, "adam")
    dialog.parts_changed.emit(1, adam, None)
    settle(qtbot, window)
    assert window.session.experiment.runs[1].optimizer == adam
    assert "SGD, Adam" in window.windowTitle()


def test_zooming_in_asks_for_a_sharper_landscape(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    bounds = (-0.5, 0.5, -0.25, 0.25)
    with qtbot.waitSignal(window.explorer._closeups.answered, timeout=10_000) as answered:
        window.frame.board.closeup_wanted.emit(bounds)
    assert answered.args[0].bounds == bounds


def test_arrows_gauge_and_slow_motion_are_switched(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.player.seek(5)
    plain = window.frame.board.picture(1.0)
    window.commands.arrows.trigger()
    assert window.state.arrows
    assert window.frame.board.picture(1.0) != plain
    assert not window.frame.slow_motion.isVisible()
    window.commands.slow_motion.trigger()
    assert window.frame.slow_motion.isVisible()
    window.frame.slow_motion.seek_requested.emit(6)
    assert window.player.step == 6


def test_a_fate_map_is_drawn_and_a_point_of_it_becomes_the_start(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(view="fate")
    view = window.frame.views.view
    assert isinstance(view, FateView)
    with qtbot.waitSignal(window.explorer._fates.answered, timeout=20_000):
        pass
    qtbot.waitUntil(lambda: not window.explorer.asking, timeout=30_000)
    middle = QPoint(view.canvas.width() // 2, view.canvas.height() // 2)
    qtbot.mouseMove(view.canvas, middle)
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: window.session.experiment.problem != surface_problem("stretched_bowl"))
    problem = window.session.experiment.problem
    assert isinstance(problem, OnSurface)
    assert problem.start != surface_problem("stretched_bowl").start


def test_a_fate_map_that_cannot_be_says_why(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(first_question(surface_problem("bowl"), "lbfgs"), view="fate")
    view = window.frame.views.view
    assert isinstance(view, FateView)
    assert not window.explorer.asking
    assert "L-BFGS" in view.canvas.accessibleDescription()


def test_a_formula_of_ones_own_is_raced_from_the_list(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.frame.controls.problem_picked.emit("expression", "")
    settle(qtbot, window)
    assert window.session.experiment.problem == expression_problem()
    assert window.scene is not None
    assert window.scene.landscape is not None


def test_the_lock_lets_only_the_rates_differ(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    adam = choose(catalog.optimizers, "adam")
    window.wishes.set_parts(1, adam, None)
    settle(qtbot, window)
    window.commands.lock.trigger()
    settle(qtbot, window)
    assert window.session.experiment.runs[1].optimizer is None
    window.wishes.set_parts(1, adam, None)
    assert window.session.experiment.runs[1].optimizer is None
    assert "lock" in window.frame.notice.text
    window.wishes.set_rate(1, 0.02, True)
    settle(qtbot, window)
    assert window.session.experiment.runs[1].lr == 0.02


def test_views_that_suit_no_surface_give_way_to_the_panels(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(on_moons(), view="lens")
    assert window.commands.lens.isVisible()
    assert not window.commands.fate.isVisible()
    window.wishes.pick_problem("surface", "bowl")
    settle(qtbot, window)
    assert window.frame.views.view is window.frame.board
    assert not window.commands.lens.isVisible()
    assert window.state.view == "lens"  # for the next model


@pytest.mark.parametrize("kind", PLANE_KINDS)
def test_a_model_is_drawn_on_the_plane_that_is_chosen(qtbot: QtBot, open_window: Open, kind: PlaneKind) -> None:
    window = open_window(on_moons())
    action = next(action for action in window.commands.planes.actions() if action.data() == kind)
    action.trigger()
    qtbot.waitUntil(lambda: window.scene is not None and window.scene.plane_kind == kind, timeout=20_000)
    qtbot.waitUntil(lambda: not window.explorer.asking, timeout=20_000)
    assert window.frame.board.scene is window.scene
    assert action.isChecked()


def test_what_the_models_do_follows_the_step_on_screen(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(on_moons(), view="insight")
    view = window.frame.views.view
    for step in (0, 40):
        window.player.seek(step)
        qtbot.waitUntil(lambda: not window.explorer.asking, timeout=20_000)
        qtbot.wait(0)
    first = view.picture(1.0)
    window.player.seek(0)
    qtbot.waitUntil(lambda: view.picture(1.0) != first, timeout=20_000)


def test_the_sharpness_is_measured_where_it_is_asked_for(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(on_moons())
    window.commands.sharpness.trigger()
    settle(qtbot, window)
    assert window.scene is not None
    measured = window.scene.traces[3].metric("sharpness")
    assert (measured[measured == measured] > 0).any()
    assert window.commands.sharpness.isChecked()
