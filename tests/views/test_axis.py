from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.views.axis import Scale, linear_ticks, log_ticks, nice_linear, nice_log, tick_text

ANY = st.floats(-1e300, 1e300)
POSITIVE = st.floats(1e-300, 1e300)


def assert_are_ticks(ticks: tuple[float, ...], low: float, high: float, most: int) -> None:
    assert 2 <= len(ticks) <= most
    assert list(ticks) == sorted(set(ticks))
    assert low <= ticks[0]
    assert ticks[-1] <= high


@given(ANY, ANY, st.integers(2, 12))
def test_linear_ticks_are_at_least_two_sorted_within_the_range_and_few(a: float, b: float, most: int) -> None:
    low, high = min(a, b), max(a, b)
    if low < high:
        assert_are_ticks(linear_ticks(low, high, most), low, high, most)
    else:
        assert linear_ticks(low, high, most) == (low,)


@given(POSITIVE, POSITIVE, st.integers(2, 12))
def test_log_ticks_are_at_least_two_sorted_within_the_range_and_few(a: float, b: float, most: int) -> None:
    low, high = min(a, b), max(a, b)
    if low < high:
        assert_are_ticks(log_ticks(low, high, most), low, high, most)


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (0, 1, 6, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (0, 570, 8, (0, 100, 200, 300, 400, 500)),
        (-3, 3, 4, (-2, 0, 2)),
        (0, 0.7, 8, (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)),
    ],
)
def test_linear_ticks_are_at_1_2_and_5(low: float, high: float, most: int, ticks: tuple[float, ...]) -> None:
    assert linear_ticks(low, high, most) == ticks


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (0.2, 5, 6, (0.2, 0.5, 1, 2, 5)),
        (0.2, 5, 3, (0.2, 1, 5)),
        (0.001, 10, 6, (0.001, 0.01, 0.1, 1, 10)),
        (1e-12, 100, 6, (1e-12, 1e-9, 1e-6, 1e-3, 1)),
    ],
)
def test_log_ticks_are_decades_with_2_and_5_where_few_are_in_sight(
    low: float, high: float, most: int, ticks: tuple[float, ...]
) -> None:
    assert log_ticks(low, high, most) == ticks


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_a_nice_linear_scale_holds_what_it_is_made_for_and_has_a_length(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    scale = nice_linear(low, high)
    assert scale.low < scale.high
    assert math.isfinite(scale.high - scale.low)
    assert scale.low <= max(low, -4e307)
    assert scale.high >= min(high, 4e307)
    assert len(scale.ticks(5)) >= 2


@given(st.floats(1e-320, 1.7e308), st.floats(1e-320, 1.7e308))
def test_a_nice_log_scale_holds_what_it_is_made_for_and_stays_above_0(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    scale = nice_log(low, high)
    assert 0 < scale.low < scale.high < math.inf
    assert scale.low <= max(low, 1e-307) * (1 + 1e-8)
    assert scale.high >= min(high, 4e307) * (1 - 1e-8)
    assert len(scale.ticks(5)) >= 2


def test_nice_scales_end_at_round_numbers() -> None:
    assert nice_linear(0, 2.3) == Scale(0, 2.5)
    assert nice_log(0.003, 2.3) == Scale(0.002, 5, log=True)
    assert nice_log(3e-9, 24.2) == Scale(1e-9, 100, log=True)


VALUES = [-math.inf, -1e300, -1.0, 0.0, 1e-300, 0.5, 1.0, 3.0, 1e300, math.inf, math.nan]


@pytest.mark.parametrize("scale", [Scale(-1, 3), Scale(0.01, 10, log=True)])
def test_fractions_run_from_0_to_1_and_many_agree_with_one_by_one(scale: Scale) -> None:
    many = scale.fractions(np.array(VALUES))
    np.testing.assert_allclose(many, [scale.fraction(value) for value in VALUES], rtol=1e-12)
    assert scale.fraction(scale.low) == 0
    assert scale.fraction(scale.high) == pytest.approx(1)
    assert np.isnan(many).tolist() == [False] * (len(VALUES) - 1) + [True]


def test_on_a_log_scale_zero_and_less_lie_infinitely_far_below() -> None:
    assert Scale(0.1, 1, log=True).fractions(np.array([0.0, -1.0])).tolist() == [-math.inf, -math.inf]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.5, "%", "50 %"), (0.125, "%", "12.5 %"), (0.1 + 0.2, "", "0.3"), (10000.0, "", "10,000"), (1e-6, "", "1e-6")],
)
def test_tick_labels_read_as_people_write_numbers(value: float, unit: str, text: str) -> None:
    assert tick_text(value, unit) == text
