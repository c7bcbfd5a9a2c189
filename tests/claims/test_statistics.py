"""Intervals over seeds, against printed tables and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from lrviz.claims._statistics import Effect, mean_effect, ratio_effect, student_t


@pytest.mark.parametrize(
    ("freedom", "printed"), [(4, 2.776), (5, 2.571), (7, 2.365), (9, 2.262), (15, 2.131), (30, 2.042), (63, 1.998)]
)
def test_students_t_is_as_printed_in_tables(freedom: int, printed: float) -> None:
    assert student_t(freedom) == pytest.approx(printed, abs=1.1e-3)


def test_a_means_interval_is_t_times_its_standard_error_on_either_side() -> None:
    effect = mean_effect(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    half = 2.776 * np.sqrt(2.5 / 5)  # the variance of 1 to 5 is 2.5
    assert effect.mean == 3
    assert effect.interval == pytest.approx((3 - half, 3 + half), abs=1e-3)


def test_values_that_do_not_differ_have_an_interval_without_width() -> None:
    assert mean_effect(np.full(5, 2.0)) == Effect(2.0, 2.0, 2.0)


def test_a_ratio_is_averaged_and_bounded_on_a_logarithmic_scale() -> None:
    effect = ratio_effect(np.array([1.0, 10.0, 100.0, 10.0, 10.0]))
    assert effect.mean == pytest.approx(10)
    assert effect.low * effect.high == pytest.approx(100)


def test_an_interval_covers_the_mean_of_a_normal_law_in_19_of_20_draws() -> None:
    rng = np.random.default_rng(0)
    effects = [mean_effect(rng.normal(3, 2, 5)) for _ in range(2000)]
    assert np.mean([one.low <= 3 <= one.high for one in effects]) == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize(("low", "high", "says"), [(1.1, 2, True), (0.5, 0.9, False), (0.9, 1.1, None)])
def test_an_effect_is_above_a_limit_with_its_whole_interval_or_not_told(
    low: float, high: float, says: bool | None
) -> None:
    assert Effect((low + high) / 2, low, high).above(1) is says


@pytest.mark.parametrize(("low", "high", "says"), [(0.6, 1.9, True), (0.1, 0.4, False), (3, 4, False), (0.4, 1, None)])
def test_an_effect_is_within_limits_with_its_whole_interval_or_not_told(
    low: float, high: float, says: bool | None
) -> None:
    assert Effect(1.0, low, high).within(0.5, 2) is says
