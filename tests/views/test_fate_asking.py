"""The fate map's view: what it asks, and wishes for."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lrviz.core import catalog
from lrviz.core.experiment import OnModel, Run, choose
from lrviz.core.fate import UNKNOWN, question_of
from lrviz.core.scene import Scene
from lrviz.views.fate_map import FateView
from tests.views.fate_views import asked_of, fate_view, found, scene, shown


@pytest.fixture
def view(qtbot: QtBot) -> FateView:
    return fate_view(qtbot)


def test_a_scene_is_a_question_about_its_first_run(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    assert asked == [question_of(scene().experiment)]


def test_the_same_scene_again_is_no_other_question(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.show_scene(scene())
    moved = replace(scene().experiment.problem, start=(0.0, 0.0))
    other = replace(scene().experiment, problem=moved, runs=(*scene().experiment.runs, Run(0.5)), steps=77)
    view.show_scene(Scene(**{**vars(scene()), "experiment": other}))
    assert len(asked) == 1


def test_another_rate_is_another_question_from_every_start(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    other = replace(scene().experiment, runs=(Run(0.7), *scene().experiment.runs[1:]))
    view.show_scene(Scene(**{**vars(scene()), "experiment": other}))
    assert len(asked) == 2


def test_another_rate_is_the_same_question_at_every_rate(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.bar.kind.picked.emit("rate_momentum")
    count = len(asked)
    other = replace(scene().experiment, runs=(Run(0.7), *scene().experiment.runs[1:]))
    view.show_scene(Scene(**{**vars(scene()), "experiment": other}))
    assert len(asked) == count


def test_a_view_that_is_hidden_asks_no_more_until_it_is_shown_again(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.hide()
    assert asked[-1] is None
    view.show()
    view.show_scene(scene())
    assert asked[-1] == question_of(scene().experiment)


def test_while_a_rate_is_dragged_the_map_before_stands_in(view: FateView) -> None:
    answered = shown(view)
    other = replace(scene().experiment, runs=(Run(0.7), *scene().experiment.runs[1:]))
    view.show_scene(Scene(**{**vars(scene()), "experiment": other}))
    view.show_map(found(other, answered.question, known=0, fates=[UNKNOWN] * 256))
    assert view.canvas._found is answered
    another = found(other, answered.question, known=64)
    view.show_map(another)
    assert view.canvas._found is another


def test_an_answer_to_an_older_question_is_passed_over(view: FateView) -> None:
    answered = shown(view)
    view.bar.kind.picked.emit("rate_start")
    view.show_map(answered)
    assert view.canvas._found is None


def test_a_model_is_refused_with_the_reason_on_the_view(view: FateView) -> None:
    asked = asked_of(view)
    model = OnModel(choose(catalog.models, "mlp"), choose(catalog.datasets, "moons"))
    view.show_scene(Scene(**{**vars(scene()), "experiment": replace(scene().experiment, problem=model)}))
    assert asked in ([None], [])
    assert "too many parameters" in view.canvas.accessibleDescription()


def test_kind_run_rates_and_steps_are_wishes_for_another_question(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.bar.run.picked.emit("2")
    assert asked[-1].run == 2
    view.bar.kind.picked.emit("rate_momentum")
    assert (asked[-1].kind, asked[-1].run) == ("rate_momentum", 2)
    view.bar.low.value_entered.emit(1e-5)
    view.bar.high.value_entered.emit(2.0)
    assert asked[-1].rates == (1e-5, 2.0)
    view.bar.steps.value_entered.emit(500)
    assert asked[-1].steps == 500


def test_rates_that_make_no_sense_change_nothing(view: FateView, qtbot: QtBot) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.bar.kind.picked.emit("rate_start")
    count = len(asked)
    for entry, typed in ((view.bar.low, "1000"), (view.bar.high, "1e-7"), (view.bar.low, "0")):
        entry.setFocus()
        entry.selectAll()
        qtbot.keyClicks(entry, typed)
        qtbot.keyClick(entry, Qt.Key.Key_Return)
        assert entry.accessibleDescription()  # the line that says what would be right
    assert len(asked) == count


def test_momentum_is_offered_only_where_there_is_one(view: FateView) -> None:
    view.show_scene(scene("sgd"))
    assert view.bar.kind.findData("rate_momentum") == -1
    view.show_scene(scene("momentum"))
    assert view.bar.kind.findData("rate_momentum") >= 0
