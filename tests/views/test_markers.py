from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from lrviz.views.markers import RADIUS, arrow_path, marker_path, paint_marker
from lrviz.views.theme import DARK, LIGHT, MARKERS

pytestmark = pytest.mark.usefixtures("qapp")


def painted(run: int, at: tuple[float, float], ratio: float = 1.0) -> NDArray[np.float64]:
    """(H, W) alpha 0..1 of a marker on a clear image of 40 × 40 px."""
    image = QImage(round(40 * ratio), round(40 * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    with QPainter(image) as painter:
        paint_marker(painter, LIGHT, run, QPointF(*at))
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[..., 3] / 255


def centre(alpha: NDArray[np.float64]) -> tuple[float, float]:
    rows, columns = np.indices(alpha.shape) + 0.5
    return float((columns * alpha).sum() / alpha.sum()), float((rows * alpha).sum() / alpha.sum())


@pytest.mark.parametrize("at", [(20.0, 20.0), (20.25, 19.5), (13.37, 22.9), (20.9, 20.9)])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_marker_stands_where_it_belongs_to_a_quarter_of_a_pixel(at: tuple[float, float], ratio: float) -> None:
    x, y = centre(painted(0, at, ratio))
    assert x == pytest.approx(at[0] * ratio, abs=0.2)
    assert y == pytest.approx(at[1] * ratio, abs=0.2)


def test_a_marker_at_the_edge_or_beyond_is_cut_there() -> None:
    assert painted(0, (0.0, 20.0)).any()
    assert not painted(0, (-30.0, 20.0)).any()


def test_markers_differ_in_shape_and_have_about_one_weight() -> None:
    shapes = [painted(run, (20.0, 20.0)) for run in range(8)]
    weights = [float(shape.sum()) for shape in shapes]
    assert max(weights) < 2.2 * min(weights)
    for run, shape in enumerate(shapes):
        assert all(np.abs(shape - other).sum() > 10 for other in shapes[:run])


@pytest.mark.parametrize("name", MARKERS)
def test_every_marker_stays_within_half_again_its_radius(name: str) -> None:
    bounds = marker_path(name, RADIUS).boundingRect()
    assert max(-bounds.left(), -bounds.top(), bounds.right(), bounds.bottom()) <= 1.5 * RADIUS
    assert abs(bounds.center().x()) < 0.1


def test_a_marker_is_in_its_runs_colour_with_a_halo_of_the_themes() -> None:
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    with QPainter(image) as painter:
        paint_marker(painter, DARK, 0, QPointF(20, 20))
    assert image.pixelColor(20, 20).name() == DARK.runs[0]
    assert DARK.halo in {image.pixelColor(x, 20).name() for x in range(10, 20)}


def test_no_marker_goes_by_a_name_that_nobody_knows() -> None:
    with pytest.raises(ValueError, match="no marker called 'heart'"):
        marker_path("heart", RADIUS)


@pytest.mark.parametrize("angle", [0.0, math.pi / 2, math.pi, -2.0])
def test_an_arrow_ends_at_its_tip_and_points_along_its_angle(angle: float) -> None:
    arrow = arrow_path(angle)
    middle = arrow.boundingRect().center()
    assert math.cos(angle) * middle.x() + math.sin(angle) * middle.y() < -RADIUS / 2
    assert arrow.elementAt(0).x == pytest.approx(0)
    assert arrow.elementAt(0).y == pytest.approx(0)
