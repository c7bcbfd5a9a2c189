from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from lrviz.core.data_view import DataView
from lrviz.core.scene import Scene
from lrviz.views.panel_data import Plot, corner, inset_rect, inset_size, place_inset
from lrviz.views.panel_view import view_of
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.descents import Descents

BOUNDS = (-2.0, 2.0, -1.0, 3.0)


def line(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slope and intercept."""
    at = np.array([-2.0, 2.0])
    return np.stack([at, theta[0] * at + theta[1]], 1)


def data(classes: bool = False) -> DataView:
    points = np.random.default_rng(0).normal(size=(40, 2))
    return DataView(points, (points[:, 0] > 0).astype(np.int64) if classes else None, ("mass", "risk"), BOUNDS, line)


def scene(runs: int = 2, classes: bool = False) -> Scene:
    return replace(Descents((0.001,) * runs, steps=3).publish(), data=data(classes))


def test_the_line_is_where_theta_puts_it(qtbot: QtBot) -> None:
    """y = x + 1 over [-2, 2] × [-1, 3] is the diagonal from the lower left corner to the upper right."""
    path = Plot(data(), 100, 80).path(np.array([1.0, 1.0]))
    assert path.boundingRect().getRect() == pytest.approx(QRectF(0, 0, 100, 80).getRect())
    assert path.elementAt(0).y == pytest.approx(80)


@pytest.mark.parametrize("theta", [(np.nan, 1.0), (np.inf, 0.0)])
def test_a_theta_that_is_no_place_draws_no_line(qtbot: QtBot, theta: tuple[float, float]) -> None:
    assert Plot(data(), 100, 80).path(np.array(theta)).isEmpty()


@pytest.mark.parametrize("theta", [(1e300, 1e300), (-1e9, 3.0)])
def test_a_line_far_beyond_the_data_stays_drawable(qtbot: QtBot, theta: tuple[float, float]) -> None:
    rect = Plot(data(), 100, 80).path(np.array(theta)).boundingRect()
    assert max(map(abs, (rect.left(), rect.top(), rect.right(), rect.bottom()))) < 3e4


def test_a_line_in_pieces_has_no_stretch_between_them(qtbot: QtBot) -> None:
    def broken(_theta: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([[-2.0, 0.0], [-1.0, 0.0], [np.nan, np.nan], [1.0, 2.0], [2.0, 2.0]])

    path = Plot(replace(data(), curve=broken), 100, 80).path(np.zeros(2))
    assert [path.elementAt(at).isMoveTo() for at in range(path.elementCount())] == [True, False, True, False]


def test_a_border_that_is_nowhere_draws_nothing(qtbot: QtBot) -> None:
    nowhere = replace(data(), curve=lambda theta: np.empty((0, 2)))
    assert Plot(nowhere, 100, 80).path(np.zeros(2)).isEmpty()


@pytest.mark.parametrize(
    ("points", "right", "lower"),
    [
        (((-1.5, 2.5),), True, False),
        (((1.5, 2.5),), False, False),
        (((1.5, 2.5), (-1.5, 2.5)), None, True),
        (((1.5, 2.5), (-1.5, 2.5), (1.5, -0.8)), False, True),
    ],
)
def test_the_inset_keeps_away_from_start_and_minima(
    points: tuple[tuple[float, float], ...], right: bool | None, lower: bool
) -> None:
    x, y = corner((300, 300), (100, 80), BOUNDS, points)
    assert (y > 150) is lower
    if right is not None:
        assert (x > 150) is right


@pytest.mark.parametrize(("size", "runs"), [((1000, 420), 2), ((1000, 420), 4), ((1000, 460), 8)])
def test_the_inset_stands_inside_its_map_and_takes_a_third_of_its_width(
    qtbot: QtBot, size: tuple[int, int], runs: int
) -> None:
    view = view_of(scene(runs), QSize(*size), LIGHT, editable=True)
    for run in range(runs):
        rect = inset_rect(view, run)
        assert rect is not None
        assert view.map(run).contains(rect)
        assert 0.3 < rect.width() / view.map(run).width() < 0.36
        assert place_inset(view, rect, np.array([1.0, 1.0])).area.contains(rect)


def test_small_maps_and_surfaces_without_data_have_no_inset(qtbot: QtBot) -> None:
    assert inset_rect(view_of(scene(16), QSize(900, 300), LIGHT, editable=True), 0) is None
    plain = Descents((0.001,), steps=3).publish()
    assert inset_rect(view_of(plain, QSize(900, 300), LIGHT, editable=True), 0) is None
    assert inset_size(300, 100)[1] == 40


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("classes", [False, True])
def test_it_paints_only_in_its_own_rectangle(qtbot: QtBot, theme: Theme, classes: bool) -> None:
    view = view_of(scene(2, classes), QSize(1000, 420), theme, editable=True)
    rect = inset_rect(view, 0)
    assert rect is not None
    inset = place_inset(view, rect, np.array([-3.0, 1.0]))
    image = QImage(1000, 420, QImage.Format.Format_RGB32)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset.paint(painter, view, 0)
        painter.fillRect(inset.area, 0)
    blank = QImage(image.size(), image.format())
    blank.fill(0)
    with QPainter(blank) as painter:
        painter.fillRect(inset.area, 0)
    assert image == blank
