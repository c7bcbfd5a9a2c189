"""A scene and a step give one picture, however a chart has come to them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.model_quantities import ACCURACY
from lrviz.views.quantities import DISTANCE, GRADIENT, LOSS, RATE, STEP_LENGTH
from lrviz.views.quantity import Quantity
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.charts import RACES, chart_of, image, model_race
from tests.views.descents import Descents
from tests.views.scenes import FakeRace, smooth


@pytest.mark.parametrize("name", RACES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_picture_of_a_step_does_not_tell_what_was_shown_before(qtbot: QtBot, name: str, theme: Theme) -> None:
    race = RACES[name]()
    scene = race.publish()
    travelled = chart_of(qtbot, scene, theme=theme)
    steps = [random.Random(0).randint(0, scene.steps) for _ in range(6)]
    for step in (*steps, *range(steps[-1], min(steps[-1] + 30, scene.steps))):
        travelled.show_step(step)
        shown = image(travelled)
        if step in (*steps, steps[-1] + 29):
            fresh = chart_of(qtbot, scene, theme=theme)
            fresh.show_step(step)
            assert shown == image(fresh)


def assert_live_is_whole(
    qtbot: QtBot,
    race: Callable[[], FakeRace | Descents],
    quantity: Quantity,
    rows: Sequence[int],
    steps: Sequence[int],
    against: Against = "steps",
    log: bool = False,
) -> None:
    """A chart that was told of so many `rows` one after another shows each of `steps` as one that was told of all."""
    watched, whole = race(), race()
    chart, seen = chart_of(qtbot, watched.scene, quantity), chart_of(qtbot, whole.publish(), quantity)
    for one in (chart, seen):
        one.set_against(against)
        one.set_log_steps(log)
    for published in rows:
        watched.publish(published)
        chart.show_step(published - 1)
        image(chart)
    for step in steps:
        chart.show_step(step)
        seen.show_step(step)
        assert image(chart) == image(seen)


@pytest.mark.parametrize("quantity", [LOSS, ACCURACY], ids=lambda quantity: quantity.key)
def test_a_race_watched_live_ends_in_the_picture_of_the_race_seen_whole(qtbot: QtBot, quantity: Quantity) -> None:
    assert_live_is_whole(qtbot, model_race, quantity, (1, 2, 5, 6, 50, 52, 53, 200, 301), (300,))


@pytest.mark.parametrize("quantity", [LOSS, ACCURACY], ids=lambda quantity: quantity.key)
@pytest.mark.parametrize(("against", "log"), [("epochs", False), ("time", False), ("time", True)])
def test_against_epochs_and_time_a_race_watched_live_ends_in_the_picture_of_the_race_seen_whole(
    qtbot: QtBot, quantity: Quantity, against: Against, log: bool
) -> None:
    assert_live_is_whole(qtbot, model_race, quantity, (1, 2, 50, 52, 53, 200, 301), (300, 77), against, log)


AXES: list[tuple[Against, bool]] = [("steps", True), ("path", False), ("path", True)]
CLOCKED: list[tuple[Against, bool]] = [("epochs", False), ("epochs", True), ("time", False), ("time", True)]


@pytest.mark.parametrize("quantity", [DISTANCE, STEP_LENGTH, RATE], ids=lambda quantity: quantity.key)
@pytest.mark.parametrize(("against", "log"), AXES)
def test_on_every_axis_a_race_watched_live_ends_in_the_picture_of_the_race_seen_whole(
    qtbot: QtBot, quantity: Quantity, against: Against, log: bool
) -> None:
    assert_live_is_whole(qtbot, lambda: Descents(steps=80), quantity, (1, 2, 5, 6, 30, 31, 81), (80, 33), against, log)


@pytest.mark.parametrize(("against", "log"), [*AXES, *CLOCKED])
def test_on_every_axis_the_picture_does_not_tell_what_was_shown_before(
    qtbot: QtBot, against: Against, log: bool
) -> None:
    scene = model_race(5).publish()
    travelled, fresh = chart_of(qtbot, scene), chart_of(qtbot, scene)
    for one in (travelled, fresh):
        one.set_against(against)
        one.set_log_steps(log)
    for step in (0, 200, *range(40, 70), 300, 70):
        travelled.show_step(step)
        image(travelled)
    fresh.show_step(70)
    assert image(travelled) == image(fresh)


def test_what_is_measured_late_is_drawn_when_it_is_there(qtbot: QtBot) -> None:
    late, soon = Descents(steps=30), Descents(steps=30)
    gradient = np.ones((31, 4, 2)) * np.linspace(2, 1, 31)[:, None, None]
    soon.publish()
    soon.recorder.detail("gradient", 0, gradient)
    chart, other = chart_of(qtbot, late.publish(), GRADIENT), chart_of(qtbot, soon.scene, GRADIENT)
    chart.show_step(20)
    image(chart)
    late.recorder.detail("gradient", 0, gradient)
    chart.show_scene(replace(late.scene, note="measured"))
    other.show_step(20)
    assert image(chart) == image(other)


def test_another_race_in_the_same_frame_draws_its_own_runs(qtbot: QtBot) -> None:
    one, more = (FakeRace(np.repeat(smooth(1, 50), runs, axis=0)).publish() for runs in (1, 3))
    chart = chart_of(qtbot, one)
    chart.show_step(50)
    image(chart)
    chart.show_scene(more)
    chart.show_step(50)
    fresh = chart_of(qtbot, more)
    fresh.show_step(50)
    assert image(chart) == image(fresh)


def test_nothing_after_the_step_on_screen_is_drawn(qtbot: QtBot) -> None:
    loss = smooth(2, 100, lowest=1e-3)
    other = loss.copy()
    other[:, 60:] = other[:, 60:][:, ::-1]
    first, second = chart_of(qtbot, FakeRace(loss).publish()), chart_of(qtbot, FakeRace(other).publish())
    for chart in (first, second):
        chart.show_step(50)
    assert image(first) == image(second)


def test_rows_that_come_later_are_drawn_when_they_do(qtbot: QtBot) -> None:
    race = FakeRace(smooth(2, 100, lowest=1e-3))
    early = chart_of(qtbot, race.publish(40))
    early.show_step(100)
    image(early)
    race.publish()
    early.show_step(100)
    late = chart_of(qtbot, race.scene)
    late.show_step(100)
    assert image(early) == image(late)


def test_more_known_of_the_same_race_draws_nothing_again(qtbot: QtBot) -> None:
    race = FakeRace(smooth(3, 50))
    chart = chart_of(qtbot, race.publish())
    chart.show_step(30)
    image(chart)
    key = chart._still.cacheKey() if chart._still is not None else None
    chart.show_scene(Scene(**{**vars(race.scene), "note": "the landscape is known"}))
    image(chart)
    assert chart._still is not None
    assert chart._still.cacheKey() == key


def test_strokes_drawn_ahead_are_shown_with_their_heads(qtbot: QtBot) -> None:
    race = FakeRace(smooth(3, 200))
    ahead, plain = chart_of(qtbot, race.publish()), chart_of(qtbot, race.publish())
    for step in range(0, 180, 12):
        ahead.ink_ahead(step)
        ahead.repaint()
        ahead.show_step(step)
        plain.show_step(step)
        assert image(ahead) == image(plain)
    ahead.show_step(20)
    plain.show_step(20)
    assert image(ahead) == image(plain)
