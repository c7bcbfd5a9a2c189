from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from lrviz.core.landscape import Landscape
from lrviz.views.relief import FEWEST, Relief, colors, heights, isolines
from lrviz.views.theme import DARK, LIGHT, ramp_rgb
from lrviz.views.way import Frame
from tests.views.descents import BOUNDS, rosenbrock_landscape

FRAME = Frame(BOUNDS, 160, 160)
pytestmark = pytest.mark.usefixtures("qapp")


@given(arrays.arrays(np.float64, (5, 6), elements=st.floats()))
def test_any_losses_become_heights_from_0_to_1_in_their_order(loss: NDArray[np.float64]) -> None:
    high = heights(loss)
    known = np.isfinite(loss)
    assert (np.isfinite(high) == known).all()
    if known.any():
        assert high[known].min() >= 0
        assert high[known].max() <= 1
        order = np.argsort(loss[known], kind="stable")
        assert (np.diff(high[known][order]) >= -1e-12).all()


def test_a_narrow_valley_keeps_much_of_the_scale_to_itself() -> None:
    landscape = rosenbrock_landscape(201)
    inside = landscape.loss < np.quantile(landscape.loss, 0.1)
    assert heights(landscape.loss)[inside].max() > 0.15


def test_a_flat_landscape_has_no_isolines_and_no_warnings() -> None:
    high = heights(np.full((5, 5), 2.0))
    assert (high == 0).all()
    assert isolines(high, 8).isEmpty()


def test_isolines_lie_in_the_unit_square_with_y_upwards() -> None:
    slope = np.repeat(np.linspace(0, 1, 11)[:, None], 5, axis=1)
    bounds = isolines(slope, 1).boundingRect()
    assert bounds.left() == pytest.approx(0)
    assert bounds.right() == pytest.approx(1)
    assert bounds.center().y() == pytest.approx(0.5)
    assert bounds.height() == pytest.approx(0)


def test_low_is_the_ramps_first_colour_and_the_last_row_is_on_top() -> None:
    image = colors(np.array([[0.0, 1.0], [1.0, np.nan]]), LIGHT)
    first, last = (QColor(*ramp_rgb(LIGHT)[at].tolist()) for at in (0, -1))
    assert image.pixelColor(0, 1) == first
    assert image.pixelColor(1, 1) == last
    assert image.pixelColor(0, 0) == last
    assert image.pixelColor(1, 0).alpha() == 0


def test_a_picture_is_made_once_for_all_panels_and_again_for_another_size_or_theme() -> None:
    relief = Relief(rosenbrock_landscape())
    picture = relief.picture(FRAME, 1.0, LIGHT, ())
    assert relief.picture(FRAME, 1.0, LIGHT, ()) is picture
    assert relief.picture(FRAME, 1.0, DARK, ()) is not picture
    assert relief.picture(FRAME, 2.0, LIGHT, ()).size().toTuple() == (320, 320)


def test_the_same_losses_in_another_object_are_the_same_landscape() -> None:
    relief = Relief(rosenbrock_landscape())
    assert relief.shows(rosenbrock_landscape())
    other = rosenbrock_landscape()
    other.loss[3, 3] += 1
    assert not relief.shows(other)
    undefined = Landscape(BOUNDS, np.full((4, 4), np.nan))
    assert Relief(undefined).shows(Landscape(BOUNDS, np.full((4, 4), np.nan)))


def test_what_is_undefined_is_hatched_and_the_rest_is_not() -> None:
    loss = rosenbrock_landscape().loss.copy()
    loss[:, :40] = np.inf
    image = Relief(Landscape(BOUNDS, loss)).picture(FRAME, 1.0, LIGHT, ())
    undefined = {image.pixelColor(x, y).name() for x in range(60) for y in range(20, 140)}
    assert {LIGHT.line, LIGHT.window} <= undefined
    assert LIGHT.window not in {image.pixelColor(x, y).name() for x in range(90, 160) for y in range(20, 140)}


def test_nothing_defined_at_all_is_hatched_all_over() -> None:
    image = Relief(Landscape(BOUNDS, np.full((9, 9), np.nan))).picture(FRAME, 1.0, LIGHT, ())
    assert {image.pixelColor(x, x).name() for x in range(160)} <= {LIGHT.line, LIGHT.window} | _between(image)


def test_a_minimum_is_marked_where_it_is() -> None:
    relief = Relief(rosenbrock_landscape())
    marked = relief.picture(FRAME, 1.0, LIGHT, ((1.0, 1.0),))
    plain = Relief(rosenbrock_landscape()).picture(FRAME, 1.0, LIGHT, ())
    changed = [(x, y) for x in range(160) for y in range(160) if marked.pixel(x, y) != plain.pixel(x, y)]
    assert np.mean(changed, axis=0) == pytest.approx((119.5, 79.5), abs=0.6)


def test_a_small_map_has_fewer_isolines() -> None:
    assert FEWEST < 160 // 20


def _between(image: QImage) -> set[str]:
    """Hatching's antialiased pixels."""
    return {image.pixelColor(x, x).name() for x in range(160) if image.pixelColor(x, x).saturation() < 20}
