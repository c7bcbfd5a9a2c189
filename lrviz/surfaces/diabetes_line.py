"""A line fitted to patients: where their measurements have no common zero, the bowl becomes a ravine."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Point, surface
from lrviz.core.data_view import DataView
from lrviz.core.signature import Range, Shown
from lrviz.surfaces._samples import column_of, drawable, standardised, window_of


@lru_cache
def _samples() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(442,) body mass indices in kg/m², and (442,) how far the disease was a year later, in points."""
    return column_of("diabetes", "bmi"), column_of("diabetes", "progression")


@lru_cache
def _moments(origin: float) -> tuple[float, float, float]:
    """The mean of u, of u² and of u v, with u and v as in `diabetes_line`; v's mean is 0 and its mean square 1."""
    bmi, progression = _samples()
    u, v = (bmi - origin) / bmi.std(), standardised(progression)
    return float(u.mean()), float((u * u).mean()), float((u * v).mean())


def _minima(origin: float) -> list[Point]:
    mean, square, product = _moments(origin)
    slope = product / (square - mean * mean)
    return [(slope, -slope * mean)]


def _data(origin: float) -> DataView:
    bmi, progression = _samples()
    points = np.stack([bmi, progression], 1)
    bounds = window_of(points)
    ends = np.array(bounds[:2])

    @drawable
    def line(theta: NDArray[np.float64]) -> NDArray[np.float64]:
        fitted = theta[0] * (ends - origin) / bmi.std() + theta[1]
        return np.stack([ends, progression.mean() + fitted * progression.std()], 1)

    return DataView(points, None, ("body mass index, kg/m²", "progression in a year, points"), bounds, line)


@surface(
    "diabetes_line",
    title="Line through diabetes data",
    bounds=(-2.0, 3.0, -3.0, 2.0),
    start=(-1.5, -0.8),
    rates=(0.3, 0.25, 0.05, 0.0005),
    minima=_minima,
    formula="mean (slope · bmi + intercept − progression)²",
    source="B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, The Annals of Statistics 32 (2004), 407–499",
    data=_data,
)
def diabetes_line(
    x: Any,
    y: Any,
    origin: Annotated[
        float, Range(18, 32), Shown("zero of bmi", "kg/m²; measured from its mean, 26.4, the ravine becomes a bowl")
    ] = 20.0,
) -> Any:
    """A real line fit: shift the measurements' zero to their mean, and the rate that could only creep is fast.

    x is the slope and y the intercept; bmi is measured from `origin` in deviations (4.4 kg/m²), the progression from
    its mean in deviations (77 points), so that the mean alone gets a loss of 1.
    """
    mean, square, product = _moments(origin)
    return square * x**2 + 2 * mean * x * y + y**2 - 2 * product * x + 1
