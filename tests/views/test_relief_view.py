from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.core.landscape import Landscape
from lrviz.core.scene import Scene
from lrviz.views.relief_camera import HIGHEST, LOWEST, Camera
from lrviz.views.relief_view import ReliefView
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.descents import Descents, model_scene

SIZE = (640, 360)
MANY = tuple(round(float(rate), 7) for rate in np.geomspace(1e-5, 0.0019, 16))


def view_of(qtbot: QtBot, scene: Scene | None, *, theme: Theme = LIGHT, size: tuple[int, int] = SIZE) -> ReliefView:
    view = ReliefView()
    qtbot.addWidget(view)
    view.set_theme(theme)
    view.resize(*size)
    if scene is not None:
        view.show_scene(scene)
    view.show()
    QApplication.processEvents()
    view._settle()
    return view


def pixels(image: ReliefView | QImage) -> NDArray[np.int64]:
    image = image.grab().toImage() if isinstance(image, ReliefView) else image
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    shape = (image.height(), image.width(), 4)
    return np.frombuffer(image.constBits(), np.uint8).reshape(shape)[..., :3].astype(np.int64)


def different(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """The share of pixels that differ to the eye."""
    return float((np.abs(a - b).max(axis=2) > 48).mean())


def count_of(image: NDArray[np.int64], color: QColor) -> int:
    """Pixels of nearly that colour."""
    wanted = np.array([color.blue(), color.green(), color.red()])
    return int((np.abs(image - wanted).max(axis=2) < 24).sum())


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("rates", [(0.001,), MANY], ids=["one run", "sixteen runs"])
def test_surface_trails_and_legend_are_drawn(qtbot: QtBot, rates: tuple[float, ...], theme: Theme) -> None:
    scene = Descents(rates).judged()
    view = view_of(qtbot, scene, theme=theme)
    view.show_step(scene.steps)
    assert view._legend is not None
    image, legend = pixels(view.picture(1)), view._legend.rect.left()
    assert 0.1 * image[..., 0].size < count_of(image, QColor(theme.window)) < 0.85 * image[..., 0].size
    for run in range(len(rates)):
        assert count_of(image[:, legend:], theme.run_color(run)) > 8
    assert sum(count_of(image[:, :legend], theme.run_color(run)) for run in range(len(rates))) > 20


@pytest.mark.parametrize("scale", [1, 2, 3.5])
def test_a_picture_is_as_large_as_asked(qtbot: QtBot, scale: float) -> None:
    image = view_of(qtbot, Descents().publish()).picture(scale)
    assert (image.width(), image.height()) == (round(SIZE[0] * scale), round(SIZE[1] * scale))
    assert image.devicePixelRatio() == scale


def test_a_picture_needs_no_window(qtbot: QtBot) -> None:
    shown = view_of(qtbot, Descents().publish())
    never_shown = ReliefView()
    qtbot.addWidget(never_shown)
    never_shown.resize(*SIZE)
    never_shown.show_scene(Descents().publish())
    assert different(pixels(shown.picture(1)), pixels(never_shown.picture(1))) < 0.001


def test_a_step_looks_the_same_however_it_was_reached(qtbot: QtBot) -> None:
    descents = Descents(steps=40)
    view = view_of(qtbot, descents.publish(1))
    for row in range(2, 42):
        descents.publish(row)
        view.show_step(row - 1)
        QApplication.processEvents()
    grown = pixels(view)
    view.show_step(3)
    QApplication.processEvents()
    view.show_step(40)
    assert different(grown, pixels(view)) < 0.001
    assert different(grown, pixels(view_of_step(qtbot, Descents(steps=40).publish(), 40))) < 0.001


def view_of_step(qtbot: QtBot, scene: Scene, step: int) -> ReliefView:
    view = view_of(qtbot, scene)
    view.show_step(step)
    return view


def test_a_step_ahead_of_what_is_published_shows_what_there_is(qtbot: QtBot) -> None:
    descents = Descents(steps=40)
    view = view_of(qtbot, descents.publish(21))
    view.show_step(40)
    assert different(pixels(view), pixels(view_of_step(qtbot, Descents(steps=40).publish(), 20))) < 0.001
    descents.publish()
    view.show_step(40)
    assert different(pixels(view), pixels(view_of_step(qtbot, Descents(steps=40).publish(), 40))) < 0.001


def test_verdicts_stand_in_the_legend_from_their_step_on(qtbot: QtBot) -> None:
    scene = Descents((0.01,), steps=30).judged()
    view = view_of(qtbot, scene)
    assert view._legend is not None
    decided = scene.traces[0].overflow_step
    assert decided is not None
    assert view._legend.badge(0, decided - 1) is None
    said = view._legend.badge(0, decided)
    assert said is not None
    assert said.texts[0] == f"▲ diverged at {decided}"
    view.show_step(decided - 1)
    before = pixels(view)[:, -160:]
    view.show_step(decided)
    assert different(before, pixels(view)[:, -160:]) > 0


def test_more_runs_than_fit_are_counted(qtbot: QtBot) -> None:
    view = view_of(qtbot, Descents(MANY).publish(), size=(640, 200))
    assert view._legend is not None
    assert view._legend.shown < 16
    assert view._legend.rect.bottom() < 200
    assert view._legend.badge(view._legend.shown - 1, 0) is None


def test_dragging_turns_within_the_limits_and_says_so(qtbot: QtBot) -> None:
    view = view_of(qtbot, Descents().publish())
    said: list[Camera] = []
    view.camera_changed.connect(said.append)
    before = pixels(view)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    qtbot.mouseMove(view, QPoint(250, 150))
    assert view.camera.azimuth < Camera().azimuth  # the landscape follows the hand to the right
    assert view.camera.elevation == Camera().elevation
    qtbot.mouseMove(view, QPoint(250, 1500))
    assert view.camera.elevation == HIGHEST
    qtbot.mouseMove(view, QPoint(250, -1500))
    assert view.camera.elevation == LOWEST
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(250, 150))
    assert said[-1] == view.camera
    assert len(said) == 3
    assert different(before, pixels(view)) > 0.05


def test_keys_and_the_wheel_turn_zoom_and_go_back(qtbot: QtBot) -> None:
    view = view_of(qtbot, Descents().publish())
    first = view.camera
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.camera == first.turned(5, 0)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.camera == first.turned(5, 5)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.camera.distance < first.distance
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.camera == first
    wheel(view, 120)
    assert view.camera.distance == pytest.approx(first.distance / 1.1)
    wheel(view, -240)
    assert view.camera.distance == pytest.approx(first.distance * 1.1)
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton)
    assert view.camera == first
    view._settle()


def wheel(view: ReliefView, angle: int) -> None:
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    at = QPointF(100, 100)
    QApplication.sendEvent(view, QWheelEvent(at, at, QPoint(), QPoint(0, angle), *none, False))


def test_while_it_turns_it_is_coarse_and_when_it_stands_as_fine_as_ever(qtbot: QtBot) -> None:
    view = view_of(qtbot, Descents().publish())
    camera = view.camera.turned(30, -10)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    view._go(camera)
    coarse = pixels(view)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    fine = pixels(view)
    other = view_of(qtbot, Descents().publish())
    other.set_camera(camera)
    assert np.abs(coarse - fine).mean() > 0.1
    assert different(coarse, fine) < 0.1  # but the same landscape
    assert np.array_equal(fine, pixels(other))


def test_it_settles_by_itself(qtbot: QtBot) -> None:
    view = view_of(qtbot, Descents().publish())
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view._moving
    qtbot.waitUntil(lambda: not view._moving)


def test_a_camera_that_is_given_is_taken_without_a_word(qtbot: QtBot) -> None:
    view = view_of(qtbot, Descents().publish())
    with qtbot.assertNotEmitted(view.camera_changed):
        view.set_camera(Camera(10, 30, 0.8))
    assert view.camera == Camera(10, 30, 0.8)


def test_what_a_ridge_hides_is_drawn_faintly(qtbot: QtBot) -> None:
    descents = Descents((0.0005,), theta=np.array([[[-0.2, 0.1]], [[0.2, 0.1]]]))
    view = view_of(qtbot, descents.publish())
    view.show_step(1)
    color = LIGHT.run_color(0)
    view.set_camera(Camera(-90, 75))
    seen = count_of(pixels(view)[:, :-200], color)
    assert view._standing[0].hidden is False
    view.set_camera(Camera(90, 20))
    behind = count_of(pixels(view)[:, :-200], color)
    assert view._standing[0].hidden is True
    assert behind < seen / 4


def test_holes_are_hatched_and_runs_in_them_are_shown(qtbot: QtBot) -> None:
    descents = Descents((0.001,), steps=30)
    whole = pixels(view_of(qtbot, descents.publish()))
    landscape = descents.scene.landscape
    assert landscape is not None
    loss = landscape.loss.copy()
    loss[:40, :40] = np.nan
    scene = replace(descents.scene, landscape=Landscape(landscape.bounds, loss))
    view = view_of(qtbot, scene)
    assert different(whole, pixels(view)) > 0.02
    view.show_step(30)
    assert view._standing[0].at is not None
    empty = replace(scene, landscape=Landscape(landscape.bounds, np.full((9, 9), np.nan)))
    view.show_scene(empty)
    assert pixels(view).std() > 1


def test_a_run_off_the_map_is_marked_where_it_left(qtbot: QtBot) -> None:
    descents = Descents((0.0005,), theta=np.array([[[0.0, 1.0]], [[5.0, 1.0]], [[0.0, 2.0]]]))
    view = view_of(qtbot, descents.publish())
    view.show_step(0)
    assert view._standing[0].exit is None
    view.show_step(1)
    assert view._standing[0].at is None
    assert view._standing[0].exit is not None
    view.show_step(2)
    assert view._standing[0].at is not None
    assert view._standing[0].exit is not None


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_models_plane_is_drawn_the_same_way(qtbot: QtBot, theme: Theme) -> None:
    scene = model_scene()
    view = view_of(qtbot, scene, theme=theme)
    view.show_step(scene.steps)
    image = pixels(view)
    for run in range(3):
        assert count_of(image[:, :-160], theme.run_color(run)) > 8


def test_before_the_landscape_is_known_a_word_stands_there(qtbot: QtBot) -> None:
    assert pixels(view_of(qtbot, None)).std() > 0
    descents = Descents()
    waiting = replace(descents.publish(), landscape=None, plane=None)
    view = view_of(qtbot, waiting)
    view.show_step(5)
    assert pixels(view).std() > 0
    view.show_scene(descents.scene)
    assert different(pixels(view), pixels(view_of_step(qtbot, Descents().publish(), 5))) < 0.001


def test_a_new_race_on_the_same_landscape_keeps_the_still_picture(qtbot: QtBot) -> None:
    first, second = Descents((0.001, 0.0005)).publish(), Descents((0.001, 0.0005)).publish()
    view = view_of(qtbot, first)
    second = replace(second, experiment=first.experiment, plane=first.plane, landscape=first.landscape)
    view.grab()
    still = view._still
    view.show_scene(second)
    view.show_step(30)
    view.grab()
    assert view._still is still
    assert [drape.way.trace for drape in view._drapes] == list(second.traces)


def test_a_theme_dresses_it_anew(qtbot: QtBot) -> None:
    scene = Descents().publish()
    view = view_of(qtbot, scene)
    view.set_theme(DARK)
    assert different(pixels(view), pixels(view_of(qtbot, scene, theme=DARK))) < 0.001


def test_the_accessible_name_and_keys_are_told(qtbot: QtBot) -> None:
    view = view_of(qtbot, None)
    assert view.accessibleName() == "Landscape in space"
    assert "Arrow keys" in view.accessibleDescription()
    assert view.focusPolicy() == Qt.FocusPolicy.StrongFocus
