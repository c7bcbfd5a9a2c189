from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from msgspec.structs import replace as with_fields
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.core.experiment import Change, Choice
from lrviz.core.scene import Scene
from lrviz.views.overlay import Overlay
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.boards import assert_alike, pixels
from tests.views.descents import Descents, model_scene

SIZE = (900, 420)
WINDOW = (-1.5, -0.5, 0.5, 1.5)


def overlay_of(
    qtbot: QtBot, scene: Scene | None, *, size: tuple[int, int] = SIZE, theme: Theme = LIGHT, interactive: bool = True
) -> Overlay:
    overlay = Overlay(interactive)
    qtbot.addWidget(overlay)
    overlay.set_theme(theme)
    overlay.resize(*size)
    if scene is not None:
        overlay.show_scene(scene)
    overlay.show()
    QApplication.processEvents()
    return overlay


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_step_looks_the_same_however_it_was_reached(qtbot: QtBot, theme: Theme) -> None:
    scene = Descents().judged()
    overlay = overlay_of(qtbot, scene, theme=theme)
    for step in (0, 1, 2, 10, 60, 12, 5, 0, 30):
        overlay.show_step(step)
        QApplication.processEvents()
        fresh = overlay_of(qtbot, scene, theme=theme)
        fresh.show_step(step)
        assert_alike(pixels(overlay), pixels(fresh))


def test_only_what_changed_is_painted_and_it_is_enough(qtbot: QtBot) -> None:
    overlay = overlay_of(qtbot, Descents().judged())
    overlay.show_step(0)
    QApplication.processEvents()
    for step in range(1, 61):
        overlay.show_step(step)
        QApplication.processEvents()
    shown = overlay.screen().grabWindow(overlay.winId()).toImage()
    assert (pixels(shown) == pixels(overlay)).all()


def test_while_a_race_plays_the_legend_takes_turns(qtbot: QtBot) -> None:
    overlay = overlay_of(qtbot, Descents().judged())
    overlay.show_step(3)
    before = [line.text for line in overlay._lines]
    overlay.show_step(30, slice(0, None, 2))
    after = [line.text for line in overlay._lines]
    assert [was == now for was, now in zip(before, after, strict=True)] == [False, True, False, True]


@pytest.mark.parametrize("size", [(900, 420), (1600, 700), (300, 200), (40, 30), (1, 1)])
@pytest.mark.parametrize("runs", [1, 8, 16, 20])
def test_any_number_of_runs_is_drawn_in_any_room(qtbot: QtBot, runs: int, size: tuple[int, int]) -> None:
    scene = Descents(tuple(0.0001 * (run + 1) for run in range(runs)), steps=5).judged()
    overlay = overlay_of(qtbot, scene, size=size)
    overlay.show_step(5)
    assert not overlay.grab().isNull()
    assert overlay._layout is not None
    assert len(overlay._layout.rows) == runs


@pytest.mark.parametrize("scene", [None, model_scene(), replace(Descents().publish(), landscape=None)])
def test_it_is_drawn_whatever_is_known(qtbot: QtBot, scene: Scene | None) -> None:
    overlay = overlay_of(qtbot, scene)
    overlay.show_step(30)
    assert not overlay.grab().isNull()


def test_every_run_has_its_line_in_the_legend_with_what_became_of_it(qtbot: QtBot) -> None:
    overlay = overlay_of(qtbot, Descents((0.001, 0.01)).judged())
    overlay.show_step(60)
    assert overlay._lines[0].text.startswith("… crawling")
    assert overlay._lines[1].text.startswith("▲ diverged at")
    assert [mark.run for mark in overlay._exits] == [1]
    layout = overlay._layout
    assert layout is not None
    qtbot.mouseMove(overlay, layout.rows[1].rect.center())
    assert overlay.toolTip().startswith("infinite at step")


def test_a_run_that_changes_says_to_what(qtbot: QtBot) -> None:
    scene = Descents((0.001, 0.002)).judged()
    plain = overlay_of(qtbot, scene)
    run = with_fields(scene.experiment.runs[1], changes=(Change(20, 0.0005, Choice("adam")),))
    experiment = with_fields(scene.experiment, runs=(scene.experiment.runs[0], run))
    changed = overlay_of(qtbot, replace(scene, experiment=experiment))
    assert plain._layout is not None
    assert changed._layout is not None
    assert changed._layout.rows[0].badge > plain._layout.rows[0].badge
    for overlay in (plain, changed):
        overlay.show_step(60)
    assert (pixels(plain) != pixels(changed)).any()


def test_the_start_is_set_on_it_and_the_window_zoomed(qtbot: QtBot) -> None:
    overlay = overlay_of(qtbot, Descents().judged())
    starts: list[tuple[float, float, bool]] = []
    overlay.start_moved.connect(lambda *start: starts.append(start))
    assert overlay._layout is not None
    qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=overlay._layout.map.center())
    assert [final for *_, final in starts] == [False, True]
    assert starts[-1][:2] == pytest.approx((0.0, 1.0), abs=0.02)
    overlay.show_step(60)
    overlay.show_windows([WINDOW])
    overlay.grab()
    qtbot.waitUntil(lambda: overlay.sharp and not overlay._rest.isActive())
    fresh = overlay_of(qtbot, overlay.scene)
    fresh.show_windows([WINDOW])
    fresh.show_step(60)
    qtbot.waitUntil(lambda: fresh.sharp and not fresh._rest.isActive())
    assert_alike(pixels(overlay), pixels(fresh))


def test_a_picture_is_sharp_at_any_scale_and_takes_no_wishes(qtbot: QtBot) -> None:
    overlay = overlay_of(qtbot, Descents().judged())
    overlay.show_step(60)
    assert overlay.picture(2).size().toTuple() == (2 * SIZE[0], 2 * SIZE[1])
    assert_alike(pixels(overlay.picture(1)), pixels(overlay))
    still = overlay_of(qtbot, overlay.scene, interactive=False)
    starts: list[object] = []
    still.start_moved.connect(lambda *start: starts.append(start))
    assert still._layout is not None
    qtbot.mouseClick(still, Qt.MouseButton.LeftButton, pos=still._layout.map.center())
    assert starts == []


def test_heads_that_coincide_are_all_seen(qtbot: QtBot) -> None:
    overlay = overlay_of(qtbot, Descents((0.001, 0.002, 0.0005)).judged())
    overlay.show_step(0)
    overlay.grab()
    seen = pixels(overlay).reshape(-1, 3)
    for run in range(3):
        color = LIGHT.run_color(run)
        blue_green_red = np.array([color.blue(), color.green(), color.red()])
        assert (seen == blue_green_red).all(axis=1).sum() > 60  # more than the legend's
