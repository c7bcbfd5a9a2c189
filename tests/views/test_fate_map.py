"""The fate map's view: what it draws and says, and what pointer and keys do on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from lrviz.core.catalog import Point
from lrviz.core.experiment import Experiment
from lrviz.core.fate import PLACELESS, FateKind, FateMap, Outcome, axes_of
from lrviz.views.fate_map import FateView
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.descents import Descents
from tests.views.fate_views import KINDS, asked_of, colors_of, fate_view, middle_of_map, scene, shown


@pytest.fixture
def view(qtbot: QtBot) -> FateView:
    return fate_view(qtbot)


def test_controls_and_map_have_names_for_those_who_hear_them(view: FateView) -> None:
    bar = view.bar
    for widget in (view, view.canvas, bar.kind, bar.run, bar.low, bar.high, bar.steps):
        assert widget.accessibleName()


@pytest.mark.parametrize("kind", KINDS)
def test_the_pointer_asks_for_the_run_under_it_and_a_click_picks_it(
    view: FateView, qtbot: QtBot, kind: FateKind
) -> None:
    shown(view, kind)
    hovered: list[Any] = []
    picked: list[Any] = []
    view.point_hovered.connect(hovered.append)
    view.point_picked.connect(picked.append)
    qtbot.mouseMove(view.canvas, middle_of_map(view))
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=middle_of_map(view))
    assert isinstance(hovered[-1], Experiment)
    assert len(hovered[-1].runs) == 1
    assert isinstance(picked[-1], Experiment)
    runs = len(scene().experiment.runs)
    assert len(picked[-1].runs) == (runs if kind == "starts" else runs + 1)
    qtbot.mouseMove(view.canvas, QPoint(2, 2))
    assert hovered[-1] is None


def test_arrow_keys_move_the_cursor_and_enter_picks(view: FateView, qtbot: QtBot) -> None:
    shown(view)
    picked: list[Any] = []
    view.point_picked.connect(picked.append)
    places: list[Point] = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down):
        qtbot.keyClick(view.canvas, key)
        assert view.canvas.cursor_point is not None
        places.append(view.canvas.cursor_point)
    assert places[1][0] > places[0][0]
    assert places[2][1] > places[1][1]
    assert places[4] == pytest.approx(places[0])
    qtbot.keyClick(view.canvas, Qt.Key.Key_Return)
    assert picked[0].problem.start == pytest.approx(places[-1])
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert view.canvas.cursor_point is None


def test_the_cursor_stays_within_the_map(view: FateView, qtbot: QtBot) -> None:
    answered = shown(view)
    for _ in range(80):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Left)
    assert view.canvas.cursor_point is not None
    assert view.canvas.cursor_point[0] == pytest.approx(answered.x.low)


def test_what_is_under_the_cursor_is_said(view: FateView, qtbot: QtBot) -> None:
    shown(view)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up)
    assert "(" in view.canvas.accessibleDescription()
    assert ":" in view.canvas.accessibleDescription()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_trail_of_the_run_under_the_cursor_is_drawn(
    view: FateView, qtbot: QtBot, kind: FateKind, theme: Theme
) -> None:
    view.set_theme(theme)
    shown(view, kind)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up)
    before = view.picture(1)
    view.show_trail(Descents(lrs=(0.001,)).publish())
    assert view.picture(1) != before
    view.show_trail(None)
    assert view.picture(1) == before


@pytest.mark.parametrize("known", [0, 64, 256])
def test_refining_is_told_until_the_map_is_whole(view: FateView, known: int) -> None:
    answered = shown(view, known=known)
    assert answered.is_whole == (known == 256)
    news = view.canvas._layout.news
    written = view.picture(1).copy(news)
    assert (colors_of(written) > 1) == (known < 256)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_patterns_tell_diverged_from_the_rest_without_colour(view: FateView, theme: Theme) -> None:
    view.set_theme(theme)
    shown(view, fates=[3] * 256)
    inner = view.picture(1).copy(view.canvas._layout.map.adjusted(200, 200, -200, -200))
    assert colors_of(inner) >= 2


def test_a_picture_is_sharp_at_any_scale(view: FateView) -> None:
    shown(view)
    assert view.picture(2).size() == view.canvas.size() * 2


def test_many_minima_share_the_last_row_of_the_legend(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    question = asked[-1]
    many = (*PLACELESS, *(Outcome("minimum", (float(i), 0.0)) for i in range(60)))
    fate = np.broadcast_to((np.arange(256) * 60 // 256 + len(PLACELESS)).astype(np.int16), (256, 256))
    steps = np.ones((256, 256), np.int32)
    axes = axes_of(scene().experiment, question)
    view.show_map(FateMap(question, *axes, many, fate, steps, 256))
    assert colors_of(view.picture(1).copy(view.canvas._layout.legend)) > 10
