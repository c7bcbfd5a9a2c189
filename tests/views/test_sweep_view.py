"""The sweep's view: what it asks, draws, says and wishes for. Its tables are made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QLineEdit, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from lrviz.core.experiment import Experiment, Run
from lrviz.core.scene import Scene
from lrviz.core.sweep import Knob, SweepQuestion, SweepTable
from lrviz.views.entry import ValueEntry
from lrviz.views.sweep_chart import run_places
from lrviz.views.sweep_frame import Frame, frame_of
from lrviz.views.sweep_view import SweepView
from lrviz.views.sweep_words import duration_text
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.descents import Descents
from tests.views.sweeps import model_experiment, question_of, surface_experiment, table_of

SCALES = (0.01, 0.1, 1.0, 10.0, 100.0)
MOMENTA = (0.0, 0.5, 0.9)


def scene_of(experiment: Experiment, steps_per_epoch: int | None = 19) -> Scene:
    made = Descents().publish()
    return Scene(**{**vars(made), "experiment": experiment, "steps_per_epoch": steps_per_epoch})


@pytest.fixture
def view(qtbot: QtBot) -> SweepView:
    made = SweepView()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show_scene(scene_of(model_experiment()))
    made.show()
    return made


def shown(view: SweepView, table: SweepTable) -> SweepTable:
    view.show_question(table.question)
    view.show_table(table)
    return table


def asked_of(view: SweepView) -> list[SweepQuestion]:
    asked: list[SweepQuestion] = []
    view.question_asked.connect(asked.append)
    return asked


def opened_of(view: SweepView) -> list[tuple[int, float, int]]:
    opened: list[tuple[int, float, int]] = []
    view.run_opened.connect(lambda *run: opened.append(run))
    return opened


def typed(entry: ValueEntry, text: str) -> None:
    entry.setText(text)
    entry.setModified(True)
    entry.enter()


def frame(view: SweepView) -> Frame:
    assert view.canvas.frame is not None
    return view.canvas.frame


def place_of(view: SweepView, rate: int, seed: int) -> QPoint:
    assert view.canvas.reading is not None
    return QPointF(*run_places(view.canvas.reading, frame(view))[rate, seed].tolist()).toPoint()


# What it asks


def test_start_asks_what_stands_in_the_bar(view: SweepView) -> None:
    asked = asked_of(view)
    typed(view.bar.low, "1e-4")
    typed(view.bar.high, "1")
    typed(view.bar.count, "5")
    typed(view.bar.seeds, "3")
    view.bar.refine.setChecked(True)
    view.bar.run.start.click()
    assert asked == [SweepQuestion(model_experiment(), (1e-4, 1e-3, 1e-2, 1e-1, 1.0), (0, 1, 2), None, 2)]


def test_rates_reach_a_decade_beyond_those_of_the_runs_until_a_person_chooses_them(view: SweepView) -> None:
    assert (view.bar.low.text(), view.bar.high.text()) == ("0.0001", "1")
    view.show_scene(scene_of(surface_experiment(), None))
    assert (view.bar.low.text(), view.bar.high.text()) == ("0.0001", "0.01")
    typed(view.bar.low, "1e-5")
    view.show_scene(scene_of(model_experiment()))
    assert (view.bar.low.text(), view.bar.high.text()) == ("1e-5", "0.01")


def test_what_is_being_typed_is_taken_by_start(view: SweepView) -> None:
    asked = asked_of(view)
    view.bar.count.setText("7")
    view.bar.count.setModified(True)
    view.bar.run.start.click()
    assert len(asked[0].lrs) == 7


def test_seeds_begin_with_the_experiments(view: SweepView) -> None:
    asked = asked_of(view)
    for seed, seeds in ((7, (7, 8, 9, 10, 11)), (2**31 - 1, tuple(range(2**31 - 5, 2**31)))):
        view.show_scene(scene_of(msgspec.structs.replace(model_experiment(), seed=seed)))
        view.start()
        assert asked[-1].seeds == seeds


@pytest.mark.parametrize(
    ("entry", "text", "said"),
    [
        ("low", "0,001", "write the decimal sign as a point"),
        ("low", "0", "a learning rate is a finite number above 0"),
        ("high", "1e-9", "they go from a number above 0 to a larger one"),
        ("count", "1", "number of rates is 1; it goes from 2 to 256"),
        ("count", "many", "number of rates is 'many'; it is a number from 2 to 256"),
        ("seeds", "65", "number of seeds is 65; it goes from 1 to 64"),
        ("values", "0.1, x", "loss_scale is 'x'"),
        ("values", "", "values of loss scale are wanted"),
    ],
)
def test_wrong_input_gets_one_line_and_nothing_is_lost(view: SweepView, entry: str, text: str, said: str) -> None:
    table = shown(view, table_of(question_of(knob="loss_scale", values=SCALES)))
    asked, field = asked_of(view), getattr(view.bar, entry)
    before = field.text()
    typed(field, text)
    view.bar.run.start.click()
    assert asked == []
    assert said in view.line.text()
    assert view.line.isVisible()
    assert field.text() == text
    assert field.property("refused")
    assert said in field.accessibleDescription()
    assert view.table is table
    assert view.question is None
    typed(field, before)
    assert not view.line.isVisible()
    assert not field.property("refused")
    view.bar.run.start.click()
    assert len(asked) == 1


def test_rates_that_are_hardly_apart_are_refused(view: SweepView) -> None:
    typed(view.bar.low, "0.1")
    typed(view.bar.high, "0.1000001")
    assert "hardly apart" in view.line.text()


def test_too_many_runs_are_refused(view: SweepView) -> None:
    view.bar.knob.picked.emit("loss_scale")
    typed(view.bar.values, "0.01..100×64")
    typed(view.bar.count, "256")
    typed(view.bar.seeds, "64")
    assert "a sweep of 1,048,576 runs" in view.line.text()


def test_a_second_parameter_brings_its_values(view: SweepView) -> None:
    asked = asked_of(view)
    assert not view.bar.values.isVisible()
    offered = [view.bar.knob.itemData(at) for at in range(view.bar.knob.count())]
    assert {"", "loss_scale", "batch_size", "model.hidden", "data.label_noise", "optimizer.beta1"} <= set(offered)
    view.bar.knob.picked.emit("loss_scale")
    assert view.bar.values.isVisible()
    assert view.bar.values.text() == "0.01, 0.1, 1, 10, 100"
    view.start()
    assert asked[-1].knob == Knob("loss_scale", SCALES)
    view.bar.knob.picked.emit("")
    view.start()
    assert asked[-1].knob is None


def test_a_second_parameter_goes_with_the_part_that_has_it(view: SweepView) -> None:
    view.bar.knob.picked.emit("optimizer.beta1")
    view.show_scene(scene_of(model_experiment("sgd")))
    assert view.bar.knob.currentData() == ""
    assert not view.bar.values.isVisible()
    assert view.question is not None
    assert view.question.knob is None


def test_a_question_that_was_asked_elsewhere_stays_just_that_until_it_is_changed(view: SweepView) -> None:
    lrs, seeds = (0.001, 0.0017, 0.3), (3, 11)
    question = SweepQuestion(model_experiment("momentum"), lrs, seeds, Knob("optimizer.momentum", MOMENTA), 1)
    asked = asked_of(view)
    view.show_question(question)
    view.start()
    assert asked == [question]
    assert view.bar.values.text() == "0, 0.5, 0.9"
    typed(view.bar.seeds, "3")
    view.start()
    assert asked[-1].seeds == (0, 1, 2)
    assert asked[-1].experiment == question.experiment
    view.show_scene(scene_of(model_experiment()))
    assert view.question == asked[-1]  # the scene is the one that it was


def test_how_much_work_it_is_stands_beside_start(view: SweepView) -> None:
    assert view.bar.run.words.text() == "125 runs of 30 epochs"
    view.show_scene(scene_of(surface_experiment(), None))
    assert view.bar.run.words.text() == "125 runs of 300 steps"


# How it goes on


def test_a_sweep_is_started_paused_gone_on_with_and_cancelled(view: SweepView) -> None:
    run, wishes = view.bar.run, list[Any]()
    view.paused.connect(wishes.append)
    view.cancelled.connect(lambda: wishes.append("cancelled"))
    assert (run.start.isVisible(), run.pause.isVisible(), run.cancel.isVisible()) == (True, False, False)
    run.start.click()
    assert (run.start.isVisible(), run.pause.isVisible(), run.cancel.isVisible()) == (False, True, True)
    assert view.question is not None
    half = table_of(view.question, share=0.5)
    view.show_table(half)
    assert run.words.text() == "40 %, 7 s left"
    assert run.bar.value() == 40
    run.pause.click()
    assert run.words.text() == "paused at 40 %"
    view.show_table(replace(half))
    assert (run.state, run.pause.text()) == ("paused", "Go on")
    run.pause.click()
    assert run.pause.text() == "Pause"
    run.cancel.click()
    assert wishes == [True, False, "cancelled"]
    view.show_table(replace(half))  # one that was on its way
    assert run.state == "idle"
    assert run.words.text() == "stopped at 40 %; Start goes on"


def test_a_complete_table_ends_the_sweep(view: SweepView) -> None:
    view.bar.run.start.click()
    assert view.question is not None
    view.show_table(table_of(view.question))
    assert view.bar.run.state == "idle"
    assert view.bar.run.start.isVisible()


def test_what_the_engine_refuses_is_said_until_the_next_start(view: SweepView) -> None:
    view.bar.run.start.click()
    view.show_stopped("no such file")
    assert view.line.text() == "no such file"
    assert view.bar.run.state == "idle"
    view.bar.run.start.click()
    assert view.question is not None
    view.show_table(table_of(view.question, share=0.1))
    assert not view.line.isVisible()


def test_a_table_of_another_experiment_is_said_to_be_one(view: SweepView) -> None:
    shown(view, table_of(question_of()))
    assert not view.line.isVisible()
    other_runs = msgspec.structs.replace(model_experiment(), runs=(Run(0.5),), seed=4)
    view.show_scene(scene_of(other_runs))
    assert not view.line.isVisible()
    view.show_scene(scene_of(model_experiment("sgd")))
    assert "the sweep of another experiment. Start sweeps" in view.line.text()


def test_notes_are_shown(view: SweepView) -> None:
    shown(view, replace(table_of(question_of()), notes=("label noise is for classification",)))
    assert view.line.text() == "label noise is for classification"


# The budget


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


# Reading and opening runs


def test_a_press_on_a_dot_opens_its_run(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of())), opened_of(view)
    assert view.canvas.reading is not None
    for rate, seed in ((2, 0), (15, 3)):
        qtbot.mouseMove(view.canvas, place_of(view, rate, seed))
        value = view.canvas.reading.values[0, rate, seed]
        text = view.canvas.accessibleDescription()
        assert f"{100 * value:.1f} % after 30 epochs" in text
        qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=place_of(view, rate, seed))
        assert opened[-1] == (0, table.lrs[rate], table.question.seeds[seed])
        assert table.question.run_at(*opened[-1]).lrs == (table.lrs[rate],)


def test_diverged_runs_stand_on_the_rail_above_the_plot_and_can_be_opened(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of())), opened_of(view)
    places = [place_of(view, 24, seed) for seed in range(5)]
    assert all(frame(view).rail.contains(place) for place in places)
    assert len({place.y() for place in places}) == 5
    qtbot.mouseMove(view.canvas, places[1])
    assert view.canvas.accessibleDescription() == "rate 10, seed 1: diverged at epoch 1"
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=places[1])
    assert opened == [(0, 10.0, table.question.seeds[1])]


def test_beside_the_dots_all_seeds_of_a_rate_are_read(view: SweepView, qtbot: QtBot) -> None:
    table, plot = shown(view, table_of(question_of())), frame(view).plot
    at = QPoint(round(frame(view).xs[0]), round(plot.top() + 20))
    qtbot.mouseMove(view.canvas, at)
    said = view.canvas.accessibleDescription()
    low, median, high = 100 * np.quantile(table.metrics["test_accuracy"][0, 0, :, -1], (0.25, 0.5, 0.75))
    assert said == (
        f"rate 1e-5: median test accuracy {median:.1f} %, half of 5 seeds within {low:.1f} % to {high:.1f} %"
    )
    qtbot.mouseMove(view.canvas, QPoint(2, 2))
    assert view.canvas.spot is None
    assert view.canvas.accessibleDescription().startswith("Best rate after 30 epochs")


def test_a_press_on_a_maps_cell_opens_the_run_in_the_middle_of_its_seeds(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of(knob="loss_scale", values=SCALES))), opened_of(view)
    at = frame(view).cell(3, 6).center().toPoint()
    qtbot.mouseMove(view.canvas, at)
    said = view.canvas.accessibleDescription()
    assert said.startswith("loss scale 10, rate 0.000316: median test accuracy ")
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=at)
    ((value, lr, seed),) = opened
    assert (value, lr) == (3, table.lrs[6])
    accuracies = table.metrics["test_accuracy"][3, 6, :, -1]
    assert accuracies[seed] == np.median(accuracies)


def test_one_value_of_a_second_parameter_can_be_shown_as_a_chart(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of(knob="loss_scale", values=SCALES))), opened_of(view)
    picker = view.canvas.pickers.value
    assert [picker.itemText(at) for at in (0, 2)] == ["at every loss scale", "at loss scale 0.1"]
    picker.picked.emit("1")
    assert frame(view).rows == 1
    assert " at loss scale 0.1, " in view.budget.sentence.text()
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=place_of(view, 1, 2))
    assert opened == [(1, table.lrs[1], table.question.seeds[2])]
    picker.picked.emit("")
    assert frame(view).rows == 5


def test_runs_are_read_and_opened_with_keys(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of())), opened_of(view)
    canvas = view.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas.spot is not None
    assert table.lrs[canvas.spot.rate] == 0.001  # the best
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    ((_, lr, seed),) = opened
    column = table.metrics["test_accuracy"][0, table.lrs.index(lr), :, -1]
    assert column[seed] == column.max()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.spot is None


def test_cells_are_read_with_keys(view: SweepView, qtbot: QtBot) -> None:
    table = shown(view, table_of(question_of(knob="loss_scale", values=SCALES)))
    canvas = view.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(9):
        qtbot.keyClick(canvas, Qt.Key.Key_Up)
    for _ in range(99):
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.spot is not None
    assert (canvas.spot.value, canvas.spot.rate) == (4, 0)
    assert f"loss scale 100, rate {table.lrs[0]:g}".replace("e-0", "e-") in canvas.accessibleDescription()


def test_an_unknown_run_cannot_be_opened(view: SweepView, qtbot: QtBot) -> None:
    shown(view, table_of(question_of(), share=0.0))
    opened = opened_of(view)
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=frame(view).plot.center().toPoint())
    assert opened == []


# How it is drawn


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
