from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from lrviz.views.theme import LIGHT
from lrviz.views.trail import DENSE, Trail
from lrviz.views.way import Frame, Way
from tests.views.descents import Descents

FRAME = Frame((0.0, 100.0, 0.0, 100.0), 100, 100)
pytestmark = pytest.mark.usefixtures("qapp")


def trail_of(points: NDArray[np.float64], rows: list[int] | None = None) -> Trail:
    """A trail through (T, 2) points in px, published in blocks that end at `rows`."""
    upright = np.stack([points[:, 0], 100 - points[:, 1]], 1)
    descents = Descents((0.1,), theta=upright[:, None])
    trail = Trail(Way(descents.recorder.traces[0], None), FRAME)
    for row in rows or [len(points)]:
        descents.publish(row)
        trail.grow()
    return trail


def ends(trail: Trail, first: int = -1, last: int = 10**9) -> list[int]:
    """Which points the stretches of these steps end in."""
    corners = trail._lines._corners_at
    return [int(corners.searchsorted(stretch, side="right")) - 1 for stretch in trail.stretches(first, last)]


def image_of(trail: Trail, cuts: list[int], run: int = 0) -> QImage:
    image = QImage(100, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for first, last in zip([-1, *cuts], cuts, strict=False):
        trail.paint(painter, LIGHT, run, trail.stretches(first, last), 2.0)
    painter.end()
    return image


def pixels(image: QImage) -> NDArray[np.int64]:
    return np.frombuffer(image.constBits(), np.uint8).reshape(100, 100, 4).astype(np.int64)


def wander(count: int, seed: int = 0) -> NDArray[np.float64]:
    return np.asarray(50 + np.cumsum(np.random.default_rng(seed).normal(0, 6, (count, 2)), 0) % 40)


def test_each_step_adds_the_stretch_that_ends_in_its_point() -> None:
    trail = trail_of(np.array([(10.0, 10), (20, 10), (30, 20)]))
    assert ends(trail) == [1, 2]
    assert ends(trail, 0, 1) == [1]
    assert ends(trail, 2, 5) == []


def test_steps_too_short_to_see_are_left_out_but_creeping_adds_up() -> None:
    creep = np.stack([10 + 0.01 * np.arange(1001), np.full(1001, 10.0)], 1)
    drawn = ends(trail_of(creep))
    assert 15 <= len(drawn) <= 25  # ten px in half pixels
    assert drawn[-1] >= 950


def test_a_stretch_gone_over_again_is_drawn_once_in_either_direction() -> None:
    there_and_back = np.array([(10.0, 10), (30, 10)] * 50)
    assert ends(trail_of(there_and_back)) == [1]


@pytest.mark.parametrize("rows", [[1, 2, 3, 50, 200], list(range(1, 201)), [199, 200]])
def test_what_is_drawn_does_not_depend_on_when_it_was_published(rows: list[int]) -> None:
    points = np.round(wander(200) / 8) * 8  # so that stretches repeat
    whole, parts = trail_of(points), trail_of(points, rows)
    assert ends(parts) == ends(whole)
    assert parts._lines._dash == pytest.approx(whole._lines._dash)
    assert (parts._lines._order == whole._lines._order).all()


@pytest.mark.parametrize("run", [0, 1, 3])
def test_strokes_added_step_by_step_look_like_strokes_made_at_once(run: int) -> None:
    trail = trail_of(wander(60))
    at_once = pixels(image_of(trail, [59], run))
    by_step = pixels(image_of(trail, list(range(60)), run))
    difference = np.abs(at_once - by_step)
    assert difference.mean() < 1.5
    assert (difference.max(axis=2) > 96).mean() < 0.01


def test_halos_lie_under_the_strokes_that_they_cross() -> None:
    trail = trail_of(np.array([(10.0, 50), (90, 50), (50, 90), (50, 10)]))
    crossed = image_of(trail, [1, 2, 3]).pixelColor(50, 50)
    assert crossed == QColor(LIGHT.runs[0])


def test_dashes_go_on_where_the_last_stroke_stopped() -> None:
    straight = np.stack([np.linspace(5, 95, 10), np.full(10, 50.0)], 1)
    trail = trail_of(straight)
    assert trail._lines._dash[1:] == pytest.approx(np.linspace(0, 80, 9))


def test_a_crowd_of_lines_is_thin() -> None:
    trail = trail_of(wander(DENSE + 200))
    late = trail.stretches(DENSE + 100, DENSE + 199)
    image = QImage(100, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    trail.paint(painter, LIGHT, 0, late, 2.0)
    painter.end()
    colors = {image.pixelColor(x, y).name() for x in range(100) for y in range(100) if image.pixelColor(x, y).alpha()}
    assert colors == {LIGHT.runs[0]}  # no halo


def test_where_a_stroke_was_painted_is_told() -> None:
    trail = trail_of(np.array([(10.0, 10), (20, 10), (80, 90)]))
    image = QImage(100, 100, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painted = trail.paint(painter, LIGHT, 0, trail.stretches(0, 1), 2.0)
    painter.end()
    assert painted.contains(QRectF(8, 8, 14, 4))
    assert painted.height() < 20


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300, -1e300])
def test_a_last_point_that_is_no_place_hides_nothing(bad: float) -> None:
    trail = trail_of(np.array([(10.0, 10), (20, 10), (bad, bad)]))
    image_of(trail, [0, 1, 2])
    place = trail.last_place(2)
    assert place is not None
    assert np.isfinite(trail.pixels[place]).all()
    assert ends(trail, -1, 1) == [1]


@pytest.mark.parametrize("rows", [[6], [1, 2, 3, 4, 5, 6]])
def test_the_farthest_point_off_the_map_is_known_at_every_step(rows: list[int]) -> None:
    points = np.array([(50.0, 50), (120, 50), (50, 50), (50, -400), (130, 50), (np.nan, 0)])
    trail = trail_of(points, rows)
    assert [trail.farthest_place(step) for step in range(6)] == [None, 1, 1, 3, 3, 3]


def test_before_its_first_row_a_run_is_nowhere() -> None:
    descents = Descents((0.1,), theta=np.zeros((3, 1, 2)))
    trail = Trail(Way(descents.recorder.traces[0], None), FRAME)
    trail.grow()
    assert trail.last_place(0) is None
    assert ends(trail) == []
