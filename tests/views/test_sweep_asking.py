"""What the sweep's view asks for, and how it goes on. Its tables are made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from lrviz.core.experiment import Run
from lrviz.core.sweep import Knob, SweepQuestion
from lrviz.views.sweep_view import SweepView
from tests.views.sweep_views import asked_of, scene_of, shown, sweep_view, typed
from tests.views.sweeps import model_experiment, question_of, surface_experiment, table_of

SCALES = (0.01, 0.1, 1.0, 10.0, 100.0)
MOMENTA = (0.0, 0.5, 0.9)


@pytest.fixture
def view(qtbot: QtBot) -> SweepView:
    return sweep_view(qtbot)


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
