"""The charts in the window: what a person picks is kept in the view state, and both charts show it."""

from __future__ import annotations

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from lrviz.app.main import race_when_ready
from lrviz.app.window import Window
from lrviz.core.openings import first_question, opening, surface_problem
from lrviz.core.viewstate import ViewState


def open_window(qtbot: QtBot, state: ViewState, surface: bool = True) -> Window:
    experiment = first_question(surface_problem("bowl")) if surface else opening()
    window = Window(replace(experiment, steps=30), race_when_ready, state)
    qtbot.addWidget(window)
    window.resize(1600, 900)
    window.show()
    window.session.start()
    qtbot.waitUntil(lambda: not window.session.running and window.scene is not None, timeout=30_000)
    return window


def shown(window: Window) -> list[str]:
    return [chart.quantity.key for chart in window.frame.charts]


def test_what_a_person_picks_is_kept_and_shown_by_both_charts(qtbot: QtBot) -> None:
    window = open_window(qtbot, ViewState(theme="light"))
    first, second = window.frame.charts
    assert shown(window) == ["loss", "distance"]
    assert second.isVisible()
    second.quantity_picked.emit("gradient")
    first.against_picked.emit("path")
    first.log_steps_toggled.emit(True)
    second.log_toggled.emit(False)
    state = window.state
    assert (state.curves, state.against, state.log_steps, state.log_loss) == (("loss", "gradient"), "path", True, False)
    assert shown(window) == ["loss", "gradient"]
    for chart in (first, second):
        assert (chart.against, chart.log_steps, chart.log) == ("path", True, False)
    window.close()


def test_what_was_kept_is_shown_again_and_what_does_not_suit_is_not(qtbot: QtBot) -> None:
    kept = ViewState(theme="light", curves=("step_length", "test_accuracy"), against="path")
    window = open_window(qtbot, kept)
    assert shown(window) == ["step_length", "distance"]
    assert window.frame.charts[0].against == "path"
    window.close()


def test_a_model_begins_with_its_loss_and_its_accuracy(qtbot: QtBot) -> None:
    window = open_window(qtbot, ViewState(theme="light"), surface=False)
    assert shown(window) == ["loss", "test_accuracy"]
    window.close()
