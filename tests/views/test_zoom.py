from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.views.zoom import CLOSEST, FARTHEST, held, moved, zoomed

HOME = (-2.0, 2.0, -1.0, 3.0)


@given(st.floats(-2, 2), st.floats(-1, 3), st.floats(1.1, 50))
def test_what_is_pointed_at_stays_where_it_is_on_the_map(x: float, y: float, factor: float) -> None:
    window = zoomed(HOME, HOME, (x, y), factor)
    assert window is not None
    x0, x1, y0, y1 = window
    assert (x - x0) / (x1 - x0) == pytest.approx((x + 2) / 4, abs=1e-9)
    assert (y - y0) / (y1 - y0) == pytest.approx((y + 1) / 4, abs=1e-9)
    assert x1 - x0 == pytest.approx(4 / factor)


def test_as_many_notches_out_as_in_are_home_again() -> None:
    window = zoomed(HOME, HOME, (1.3, 0.2), 1.25**5)
    assert window is not None
    for _ in range(4):
        closer = zoomed(window, HOME, (1.3, 0.2), 1 / 1.25)
        assert closer is not None
        window = closer
    assert zoomed(window, HOME, (1.3, 0.2), 1 / 1.25) is None


@pytest.mark.parametrize(("factor", "width"), [(1e12, CLOSEST * 4), (1e-12, FARTHEST * 4)])
def test_there_is_a_closest_and_a_farthest_window(factor: float, width: float) -> None:
    window = zoomed(HOME, HOME, (0.0, 1.0), factor)
    assert window is not None
    assert window[1] - window[0] == pytest.approx(width)


def test_where_nothing_more_is_known_home_is_the_farthest() -> None:
    assert zoomed((-1.0, 1.0, 0.0, 2.0), HOME, (0.0, 1.0), 0.01, farthest=1.0) is None


def test_a_window_moves_by_parts_of_its_own_size_and_never_leaves_home() -> None:
    assert moved((0.0, 1.0, 0.0, 1.0), HOME, 0.5, -0.25) == (0.5, 1.5, -0.25, 0.75)
    assert moved((0.0, 1.0, 0.0, 1.0), HOME, 1000, 0) == (1.5, 2.5, 0.0, 1.0)


def test_a_window_that_differs_by_less_than_shows_is_home() -> None:
    assert held((-2.001, 2.001, -1.0, 3.0), HOME) is None
    assert held((-2.1, 2.1, -1.1, 3.1), HOME) is not None
