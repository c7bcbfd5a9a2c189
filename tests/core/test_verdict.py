"""Numbers as reasons write them."""

from __future__ import annotations

import math

import pytest

from lrviz.core.verdict import figure


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.001, "0.001"),
        (1e-6, "1e-6"),
        (-398.2, "−398"),
        (12_345.0, "12,300"),
        (270.0, "270"),
        (2.5e12, "2.5e12"),
        (0.0, "0"),
        (1.0, "1"),
        (math.inf, "infinite"),
        (-math.inf, "minus infinite"),
        (math.nan, "not a number"),
    ],
)
def test_figures(value: float, text: str) -> None:
    assert figure(value) == text


def test_figures_to_other_lengths() -> None:
    assert figure(1234.5, 2) == "1,200"
    assert figure(2.30259, 5) == "2.3026"
