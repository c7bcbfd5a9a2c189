from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from lrviz.views.schedule_plot import SchedulePlot
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.scenes import FakeRace, smooth

ONES, HALVED = np.ones(101), np.geomspace(1, 0.1, 101)


def plot_of(qtbot: QtBot) -> SchedulePlot:
    plot = SchedulePlot()
    qtbot.addWidget(plot)
    plot.resize(252, plot.height())
    plot.show()
    return plot


def image(plot: SchedulePlot) -> QImage:
    return plot.grab().toImage()


def test_an_empty_plot_says_what_goes_there(qtbot: QtBot) -> None:
    plot = plot_of(qtbot)
    plot.show_step(3)
    assert plot.text() == ""
    empty = image(plot)
    plot.show_scene(FakeRace(smooth(2, 100)).scene)  # nothing published yet
    assert image(plot) == empty


def test_the_step_on_screen_is_marked_and_its_rate_told(qtbot: QtBot) -> None:
    plot = plot_of(qtbot)
    plot.show_scene(replace(FakeRace(smooth(3, 100)).publish(10), factors=(HALVED,) * 3))
    first = image(plot)
    plot.show_step(50)
    assert image(plot) != first
    assert plot.text() == f"rate × {HALVED[50]:.3f}"
    plot.show_step(0)
    assert image(plot) == first


def test_a_single_run_is_told_its_rate(qtbot: QtBot) -> None:
    plot = plot_of(qtbot)
    plot.show_scene(replace(FakeRace(smooth(1, 100), lrs=[0.03]).publish(), factors=(ONES,)))
    assert plot.text() == "rate 0.03"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_schedules_that_differ_are_drawn_in_the_runs_colours(qtbot: QtBot, theme: Theme) -> None:
    plot = plot_of(qtbot)
    plot.set_theme(theme)
    race = FakeRace(smooth(2, 100)).publish()
    plot.show_scene(replace(race, factors=(HALVED, HALVED)))
    one = image(plot)
    plot.show_scene(replace(race, factors=(HALVED, ONES)))
    assert image(plot) != one
    assert plot.text() == "rate ×"


def test_what_the_losses_decide_grows_with_the_race(qtbot: QtBot) -> None:
    race = FakeRace(smooth(2, 100))
    plot = plot_of(qtbot)
    plot.show_scene(replace(race.publish(20), factors=(None, None)))
    plot.show_step(5)
    early = image(plot)
    race.publish()
    plot.show_step(5)
    assert image(plot) != early
