from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lrviz.core.errors import ParameterError
from lrviz.views import numbers

rates = st.floats(min_value=1e-300, max_value=1e300, allow_subnormal=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.001, "0.001"),
        (1e-5, "1e-5"),
        (0.0001, "0.0001"),
        (1.0, "1"),
        (100.0, "100"),
        (1680.0, "1680"),
        (123456.0, "1.23e5"),
        (-0.25, "−0.25"),
        (0.0, "0"),
        (99.96, "100"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "not a number"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: float, text: str) -> None:
    assert numbers.number(value) == text


@given(rates)
@example(5.960464477539063e-08)  # its sixteen figures, rounded from the binary value, are another number's
def test_an_exact_number_reads_back_as_itself(rate: float) -> None:
    assert numbers.rate_from_text(numbers.exact(rate)) == rate


@given(rates, st.integers(2, 12))
def test_a_number_reads_back_to_its_figures(rate: float, digits: int) -> None:
    read = numbers.rate_from_text(numbers.number(rate, digits))
    assert read == pytest.approx(rate, rel=0.5 * 10.0 ** (1 - digits) * 1.0001)


@given(st.floats(1e-4, 9.9e4))
def test_a_steady_figure_keeps_its_significant_places(value: float) -> None:
    text = numbers.steady(value)
    assert float(text) == pytest.approx(value, rel=0.006)
    assert len(text.replace(".", "").lstrip("0")) >= 3


@given(st.floats(1e-4, 1e2), st.floats(1e-4, 1e2))
def test_figures_of_one_size_are_equally_wide(a: float, b: float) -> None:
    if math.floor(math.log10(a)) == math.floor(math.log10(b)) and 1.01 < a / 10 ** math.floor(math.log10(a)) < 9.9:
        longer = max(len(numbers.steady(a)), len(numbers.steady(b)))
        assert longer - min(len(numbers.steady(a)), len(numbers.steady(b))) <= 1


@pytest.mark.parametrize(
    ("text", "rate"), [("0.001", 1e-3), ("1e-3", 1e-3), (" .001 ", 1e-3), ("1E-3", 1e-3), ("+2", 2.0), ("3.", 3.0)]
)
def test_a_rate_is_read_as_it_is_typed(text: str, rate: float) -> None:
    assert numbers.rate_from_text(text) == rate


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("0,001", "decimal sign as a point"),
        ("0", "above 0"),
        ("-1", "above 0"),
        ("1e999", "above 0"),
        ("abc", "0.001 or 1e-3"),
        ("", "0.001 or 1e-3"),
        ("1_000", "0.001 or 1e-3"),
        ("nan", "0.001 or 1e-3"),
        ("٠.١", "0.001 or 1e-3"),
    ],
)
def test_what_is_no_rate_is_answered_with_one_line(text: str, right: str) -> None:
    with pytest.raises(ParameterError, match=right) as refused:
        numbers.rate_from_text(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("fraction", "text"), [(0.972, "97.2 %"), (1.0, "100.0 %"), (math.nan, "–")])
def test_fractions_are_percentages(fraction: float, text: str) -> None:
    assert numbers.percent(fraction) == text


def test_counts_tell_thousands_apart() -> None:
    assert numbers.count(1680) == "1,680"
