"""The sweep's view: what it says of a budget, and how it is drawn. Its tables are made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QLineEdit, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from lrviz.core.sweep import SweepQuestion, SweepTable
from lrviz.views.sweep_frame import frame_of
from lrviz.views.sweep_view import SweepView
from lrviz.views.sweep_words import duration_text
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.sweep_views import frame, place_of, shown, sweep_view
from tests.views.sweeps import model_experiment, question_of, surface_experiment, table_of

SCALES = (0.01, 0.1, 1.0, 10.0, 100.0)
MOMENTA = (0.0, 0.5, 0.9)


@pytest.fixture
def view(qtbot: QtBot) -> SweepView:
    return sweep_view(qtbot)


def test_the_budget_slider_reads_the_same_runs_anew(view: SweepView) -> None:
    shown(view, table_of(question_of()))
    assert view.budget.at.text() == "30 epochs"
    assert view.budget.sentence.text().startswith("Best rate after 30 epochs: 0.001, median test accuracy 96.8 %. ")
    assert "0.001 to 0.00178 are within 1 point of the best." in view.budget.sentence.text()
    last = view.canvas.ridge
    view.budget.slider.setValue(2)
    assert view.budget.at.text() == "3 epochs"
    assert view.budget.sentence.text().startswith("Best rate after 3 epochs: 0.01, ")
    assert view.budget.sentence.text().endswith("After 1 epoch the best is 0.0178, after 30 epochs 0.001.")
    assert view.canvas.ridge != last
    view.budget.slider.setValue(29)
    assert view.canvas.ridge == last


def test_while_it_runs_the_last_budget_that_is_known_is_read_until_a_person_sets_another(view: SweepView) -> None:
    question = question_of(seeds=2)
    view.show_table(table_of(question, share=0.1))
    assert view.budget.at.text() == "6 epochs"
    view.show_table(table_of(question, share=0.2))
    assert view.budget.at.text() == "12 epochs"
    view.budget.slider.setValue(3)
    view.show_table(table_of(question, share=0.9))
    assert view.budget.at.text() == "4 epochs"


def test_the_scales_stay_as_they_are_while_the_budget_moves(view: SweepView) -> None:
    shown(view, table_of(question_of()))
    before = frame(view)
    view.budget.slider.setValue(0)
    assert frame(view) is before


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (table_of(question_of(), limit=1e-9), "After 30 epochs every run has diverged: try smaller rates."),
        (table_of(question_of(), share=0.0), "Nothing is known after 30 epochs yet."),
        (table_of(question_of(rates=3, span=(1e-4, 1e-2))), "No other rate is within 1 point of the best."),
        (table_of(question_of(seeds=1)), "median test accuracy"),
        (
            table_of(question_of(experiment=surface_experiment()), marks=(1.0, 10.0, 300.0)),
            "Best rate after 300 steps: ",
        ),
        (
            table_of(question_of(knob="loss_scale", values=SCALES)),
            "The best rate goes from 0.001 at loss scale 0.01 to 1.78e-5 at 100.",
        ),
    ],
    ids=["diverged", "nothing", "alone", "one seed", "surface", "knob"],
)
def test_what_the_figures_say_is_said(view: SweepView, table: SweepTable, said: str) -> None:
    view.show_table(table)
    assert said in view.budget.sentence.text()
    assert said in view.canvas.accessibleDescription() or "surface" in said


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (7.4, "7 s"), (99, "99 s"), (150, "2 min"), (5400, "90 min"), (9000, "2 h 30 min")],
)
def test_time_left_is_written_as_people_say_it(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_the_metric_is_picked(view: SweepView) -> None:
    shown(view, table_of(question_of()))
    picker = view.canvas.pickers.metric
    titles = [picker.itemText(at) for at in range(picker.count())]
    assert titles == ["Test accuracy", "Train accuracy", "Test loss", "Train loss"]
    view.canvas.pickers.metric.picked.emit("test_loss")
    assert "median test loss 0.0525" in view.budget.sentence.text()
    assert "within 10 % of the best" in view.budget.sentence.text()
    view.show_table(table_of(question_of(experiment=surface_experiment())))
    assert "median loss" in view.budget.sentence.text()


@pytest.mark.parametrize("size", [(1000, 600), (480, 352)])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    "table",
    [
        table_of(question_of(), share=0.5),
        table_of(question_of(rates=9), refined=(0.0005, 0.002), share=0.9),
        table_of(question_of(), limit=1e-9),
        table_of(question_of(), share=0.0),
        table_of(question_of(seeds=1)),
        table_of(SweepQuestion(model_experiment(), (0.1,), (0,)), limit=1.0),
        table_of(question_of(rates=256)),
        table_of(question_of(knob="optimizer.momentum", values=MOMENTA)),
        table_of(question_of(knob="model.hidden", values=tuple(range(1, 65))), share=0.4),
        table_of(question_of(experiment=surface_experiment()), marks=(300.0,)),
    ],
    ids=["running", "refined", "diverged", "nothing", "one seed", "one run", "256", "momenta", "64 widths", "one mark"],
)
def test_any_sweep_is_drawn_in_any_room(
    view: SweepView, table: SweepTable, theme: Theme, size: tuple[int, int]
) -> None:
    view.resize(*size)
    view.set_theme(theme)
    shown(view, table)
    view.bar.run.show_state("idle")
    seen = view.grab().toImage()
    assert not seen.isNull()
    assert view.canvas.geometry().bottom() <= view.height()


@pytest.mark.parametrize("extreme", [0.0, -3.0, 1e300, np.inf])
def test_losses_of_any_size_are_drawn(view: SweepView, extreme: float) -> None:
    table = table_of(question_of(experiment=surface_experiment()))
    table.metrics["loss"][0, 3, 1, -1] = extreme
    view.show_table(table)
    assert not image(view).isNull()
    ys = frame(view).ys(table.metrics["loss"][0, :, 1, -1])
    known = ys[~np.isnan(ys)]
    assert (known >= frame(view).plot.top()).all()
    assert (known <= frame(view).plot.bottom()).all()


@pytest.mark.parametrize("knob", [False, True])
def test_a_budget_looks_the_same_however_it_was_reached(view: SweepView, knob: bool) -> None:
    question = question_of(knob="loss_scale", values=SCALES) if knob else question_of()
    shown(view, table_of(question))
    whole = image(view)
    for mark in (0, 17, 3):
        view.budget.slider.setValue(mark)
    assert image(view) != whole
    view.budget.slider.setValue(29)
    assert image(view) == whole


def test_what_stands_still_is_painted_once(view: SweepView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    painted = []
    monkeypatch.setattr("lrviz.views.sweep_canvas.paint_chart", lambda *_: painted.append(1))
    shown(view, table_of(question_of()))
    view.grab()
    count = len(painted)
    for rate in range(5):
        qtbot.mouseMove(view.canvas, place_of(view, rate, 0))
        view.grab()
    assert len(painted) == count
    view.budget.slider.setValue(2)
    view.grab()
    assert len(painted) == count + 1


def test_an_empty_view_says_what_goes_there(view: SweepView) -> None:
    assert not view.budget.isVisible()
    assert not view.canvas.pickers.metric.isVisible()
    empty = image(view)
    shown(view, table_of(question_of()))
    assert image(view).size() != empty.size()  # with the sentence below


def test_a_picture_is_as_sharp_as_it_is_asked_for(view: SweepView) -> None:
    shown(view, table_of(question_of()))
    single, double = view.picture(1.0), view.picture(2.0)
    assert double.size() == single.size() * 2
    assert single.size().width() == view.canvas.width()


def test_a_frame_puts_rates_on_a_log_scale_with_half_a_column_at_the_ends() -> None:
    table = table_of(question_of(rates=3, span=(1e-4, 1e-2)))
    made = frame_of(table, "test_accuracy", QSize(1000, 600))
    xs = made.xs
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1])
    assert xs[0] - made.plot.left() == pytest.approx((xs[1] - xs[0]) / 2)
    assert [made.rate_at(x) for x in (0, xs[1] - 1, made.edges[2] + 1, 5000)] == [0, 1, 2, 2]


def test_every_control_has_a_name_for_those_who_hear_it(view: SweepView) -> None:
    shown(view, table_of(question_of(knob="loss_scale", values=SCALES)))
    for kind in (QLineEdit, QComboBox, QToolButton, QSlider):
        for control in view.findChildren(kind):
            assert control.accessibleName(), control
    assert view.accessibleName() == "Sweep"


def image(view: SweepView) -> QImage:
    return view.picture(1.0)
