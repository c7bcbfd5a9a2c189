"""The range test's view: what it asks, draws, says and wishes for. Its tests and sweeps are made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, Run, choose
from lrviz.core.openings import opening
from lrviz.core.range_test import RangeQuestion
from lrviz.core.scene import Scene
from lrviz.core.suggestions import suggestions
from lrviz.views import find_view
from lrviz.views.find_rows import region_of
from lrviz.views.find_view import FindView
from lrviz.views.numbers import number
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.finds import range_test, suggested, sweep_table
from tests.views.scenes import FakeRace


def scene_of(experiment: Experiment) -> Scene:
    return replace(FakeRace([[1.0, 0.5]]).publish(), experiment=experiment)


@pytest.fixture
def view(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> FindView:
    monkeypatch.setattr(find_view, "suggestions", suggested)
    made = FindView()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    made.show_scene(scene_of(opening()))
    return made


def image(view: QWidget) -> QImage:
    return view.grab().toImage()


def type_in(qtbot: QtBot, entry: Any, text: str) -> None:
    entry.selectAll()
    qtbot.keyClicks(entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)


def test_start_asks_what_the_bar_says(qtbot: QtBot, view: FindView) -> None:
    type_in(qtbot, view.bar.first, "1e-4")
    type_in(qtbot, view.bar.steps, "120")
    type_in(qtbot, view.bar.seeds, "3")
    with qtbot.waitSignal(view.test_requested) as asked:
        view.bar.button.click()
    assert asked.args == [RangeQuestion(opening(), 1e-4, 10.0, 120, (0, 1, 2))]


def test_what_is_typed_counts_though_nobody_pressed_enter(qtbot: QtBot, view: FindView) -> None:
    view.bar.steps.selectAll()
    qtbot.keyClicks(view.bar.steps, "50")
    with qtbot.waitSignal(view.test_requested) as asked:
        view.bar.button.click()
    assert asked.args[0].steps == 50


@pytest.mark.parametrize(("entry", "text"), [("first", "20"), ("last", "1e-7"), ("steps", "5"), ("seeds", "0")])
def test_a_question_without_sense_is_answered_where_it_is_typed(
    qtbot: QtBot, view: FindView, entry: str, text: str
) -> None:
    before = view.question
    field = getattr(view.bar, entry)
    type_in(qtbot, field, text)
    assert field.accessibleDescription()
    assert view.question == before


def test_while_a_test_runs_the_button_cancels_it_and_what_is_known_stays(qtbot: QtBot, view: FindView) -> None:
    view.bar.button.click()
    assert view.bar.button.text() == "Cancel"
    view.show_test(range_test(known=90))
    assert view.bar.progress.value() == 45
    with qtbot.waitSignal(view.cancel_requested):
        view.bar.button.click()
    assert view.bar.button.text() == "Start"
    assert view.chart.frame is not None


def test_a_complete_test_ends_the_run(view: FindView) -> None:
    view.bar.button.click()
    view.show_test(range_test())
    assert view.bar.button.text() == "Start"
    assert not view.bar.progress.isVisible()


def test_a_refusal_is_told_and_goes_with_the_next_start(view: FindView) -> None:
    view.bar.button.click()
    view.show_refusal("Too large for this machine.")
    assert view.line.isVisible()
    assert view.bar.button.text() == "Start"
    view.bar.button.click()
    assert not view.line.isVisible()


def test_an_empty_view_says_what_start_will_do(qtbot: QtBot, view: FindView) -> None:
    assert "from 1e-6 to 10 over 200 updates, from 5 different starts" in view.chart.accessibleDescription()
    type_in(qtbot, view.bar.seeds, "8")
    assert "from 8 different starts" in view.chart.accessibleDescription()
    assert not view.court.isVisible()


def test_each_rule_has_a_button_that_uses_the_rate_it_names(qtbot: QtBot, view: FindView) -> None:
    test = range_test()
    view.show_test(test)
    for found, line in zip(suggested(test).values(), view.court.lines, strict=True):
        with qtbot.waitSignal(view.rate_chosen) as chosen:
            line.button.click()
        assert found.median is not None
        assert chosen.args == [pytest.approx(found.median, rel=0.05)]
        assert line.button.text() == f"Use {chosen.args[0]:g}"


def test_a_rule_that_suggests_nothing_offers_nothing(view: FindView) -> None:
    view.show_test(range_test(known=60))
    assert [line.rate.text() for line in view.court.lines] == ["–"] * 5
    assert not any(line.button.isEnabled() for line in view.court.lines)


def test_the_sweep_is_asked_for_and_then_judges(qtbot: QtBot, view: FindView) -> None:
    view.show_test(range_test())
    assert [line.distance.text() for line in view.court.lines] == [""] * 5
    with qtbot.waitSignal(view.sweep_requested):
        view.court.button.click()
    view.show_sweep(sweep_table(share=0.6), running=True)
    assert not view.court.button.isVisible()
    assert "So far: 61 %." in view.court.text.text()
    view.show_sweep(sweep_table())
    assert not view.court.button.isVisible()
    told = {line.title.text(): line.distance.text() for line in view.court.lines}
    assert told.pop("Slide") == "1.3 decades above"
    assert set(told.values()) == {"within"}
    slide = next(line for line in view.court.lines if line.title.text() == "Slide")
    assert "1.3 decades above it" in slide.sentence.text()
    assert "after 30 epochs, 5 seeds" in view.court.text.text()


def test_nothing_is_judged_while_the_test_runs(view: FindView) -> None:
    view.show_sweep(sweep_table())
    view.bar.button.click()
    view.show_test(range_test(known=150))
    assert {line.sentence.text() for line in view.court.lines} == {""}
    view.show_test(range_test())
    assert all(line.sentence.text() for line in view.court.lines)


def test_without_anything_made_up_the_rules_read_the_curve(qtbot: QtBot) -> None:
    made = FindView()
    qtbot.addWidget(made)
    made.show_scene(scene_of(opening()))
    test = range_test(ends={0: 3})
    made.show_test(test)
    for found, line in zip(suggestions(test).values(), made.court.lines, strict=True):
        assert found.median is not None
        assert line.rate.text() == number(found.median, 2)


def test_a_sweep_that_was_stopped_can_go_on(view: FindView) -> None:
    view.show_test(range_test())
    view.show_sweep(sweep_table(share=0.6))
    assert view.court.button.text() == "Continue the sweep"


def test_the_best_region_is_the_sweeps() -> None:
    region = region_of(sweep_table())
    assert region is not None
    assert region.low <= 0.00178 <= region.high < 0.01
    assert region.budget == 30
    assert region_of(sweep_table(diverged=True)) is None
    assert region_of(None) is None


def test_a_test_is_shown_for_its_own_problem_and_optimizer_alone(view: FindView) -> None:
    view.show_test(range_test())
    other = msgspec.structs.replace(opening(), optimizer=choose(catalog.optimizers, "sgd"))
    view.show_scene(scene_of(other))
    assert not view.court.isVisible()
    assert view.chart.frame is None
    view.show_scene(scene_of(msgspec.structs.replace(opening(), runs=(Run(0.5),), seed=3, steps=40)))
    assert view.court.isVisible()


def test_the_pointer_and_the_arrow_keys_read_the_losses_at_a_rate(qtbot: QtBot, view: FindView) -> None:
    view.show_test(range_test(ends={1: 60}))
    frame = view.chart.frame
    assert frame is not None
    qtbot.mouseMove(view.chart, QPoint(round(frame.x(0.01)), round(frame.plot.center().y())))
    assert view.chart.reading.startswith("0.01")
    assert view.chart.reading.endswith("1 ended")
    view.chart.setFocus(Qt.FocusReason.TabFocusReason)
    before = view.chart.reading
    qtbot.keyClick(view.chart, Qt.Key.Key_Right)
    assert view.chart.reading != before
    qtbot.mouseMove(view.chart, QPoint(2, 2))
    assert view.chart.reading == ""


def test_smoothing_changes_what_is_drawn_and_nothing_else(view: FindView) -> None:
    test = range_test()
    view.show_test(test)
    raw, rates = test.losses.copy(), [line.rate.text() for line in view.court.lines]
    before = image(view.chart)
    view.smoothing.setValue(0)
    assert image(view.chart) != before
    assert np.array_equal(test.losses, raw)
    assert [line.rate.text() for line in view.court.lines] == rates
    assert view.smoothing.accessibleDescription() == "Not smoothed"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_same_test_always_gives_the_same_picture(view: FindView, theme: Theme) -> None:
    view.set_theme(theme)
    view.show_test(range_test())
    view.show_sweep(sweep_table())
    whole = image(view.chart)
    view.show_test(range_test(known=100))
    assert image(view.chart) != whole
    view.show_test(range_test())
    assert image(view.chart) == whole


@pytest.mark.parametrize("size", [(1280, 800), (700, 450), (1900, 1000)])
@pytest.mark.parametrize("seeds", [1, 8, 64])
def test_any_number_of_seeds_is_drawn_in_any_room(view: FindView, seeds: int, size: tuple[int, int]) -> None:
    view.resize(*size)
    ends = {0: 0} if seeds > 1 else {}
    view.show_test(range_test(seeds, ends=ends, steps=1000))
    view.show_sweep(sweep_table())
    assert view.size().toTuple() == size
    assert not image(view).isNull()
    assert view.picture(2.0).size().toTuple() == (2 * size[0], 2 * size[1])


def test_every_control_is_named(view: FindView) -> None:
    view.show_test(range_test())
    bar, court = view.bar, view.court
    controls = [bar.first, bar.last, bar.steps, bar.seeds, bar.button, bar.progress, view.smoothing, view.chart]
    assert all(control.accessibleName() for control in [*controls, *(line.button for line in court.lines)])
    assert "Valley, 0.00" in court.accessibleDescription()
