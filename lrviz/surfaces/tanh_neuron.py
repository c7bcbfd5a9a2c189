"""Two weights in a row: signs may be swapped, so there are two valleys, and a saddle between them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Point, surface
from lrviz.core.data_view import DataView
from lrviz.surfaces._samples import column_of, drawable, in_pieces, standardised, window_of

NEWTON_STEPS = 12

Array = NDArray[np.float64]


@lru_cache
def _samples() -> tuple[Array, Array]:
    """(442,) logarithms of the triglycerides in the blood, and (442,) how far diabetes was a year later, in points."""
    return column_of("diabetes", "s5"), column_of("diabetes", "progression")


@lru_cache
def _grouped() -> tuple[Array, Array, Array, float]:
    """Patients of the same input as one: (184,) inputs, mean targets and shares, and the targets' spread within.

    Inputs and targets are standardised. The mean squared error is that of the means, plus the spread.
    """
    inputs, targets = map(standardised, _samples())
    values, places, counts = np.unique(inputs, return_inverse=True, return_counts=True)
    means = np.bincount(places, targets) / counts
    return values, means, counts / len(inputs), float(((targets - means[places]) ** 2).mean())


@lru_cache
def _tensors(dtype: Any) -> Any:
    import torch

    return tuple(torch.from_numpy(array).to(dtype) for array in _grouped()[:3])


@lru_cache
def _minimum() -> Point:
    """Newton's steps from a point in the positive valley."""
    inputs, targets, shares, _ = _grouped()
    inner, outer = 1.0, 1.0
    for _ in range(NEWTON_STEPS):
        t = np.tanh(inner * inputs)
        bent = inputs * (1 - t * t)  # how t changes with the inner weight
        error = outer * t - targets
        gradient = np.array([(shares * error * outer * bent).sum(), (shares * error * t).sum()])
        mixed = (shares * (outer * t + error) * bent).sum()
        inner_twice = (shares * outer * bent * (outer * bent - 2 * error * t * inputs)).sum()
        step = np.linalg.solve([[inner_twice, mixed], [mixed, (shares * t * t).sum()]], gradient)
        inner, outer = float(inner - step[0]), float(outer - step[1])
    return inner, outer


def _minima(**_: Any) -> list[Point]:
    inner, outer = _minimum()
    return [(inner, outer), (-inner, -outer)]


@lru_cache
def _data() -> DataView:
    inputs, targets = _samples()
    points = np.stack([inputs, targets], 1)
    bounds = window_of(points)
    along = np.linspace(*bounds[:2], 101)

    @drawable
    def curve(theta: Array) -> Array:
        answers = theta[1] * np.tanh(theta[0] * (along - inputs.mean()) / inputs.std())
        return np.stack([along, targets.mean() + answers * targets.std()], 1)

    return DataView(points, None, ("triglycerides, log", "progression in a year, points"), bounds, curve)


@surface(
    "tanh_neuron",
    title="Tanh neuron on diabetes data",
    bounds=(-3.0, 3.0, -3.0, 3.0),
    start=(-1.0, 1.4),  # near the watershed: plain descent ends in one valley at the rate 1, in the other at 0.5
    rates=(3.0, 1.0, 0.5, 0.002),
    minima=_minima,
    formula="mean (w₂ tanh(w₁ triglycerides) − progression)²",
    source="B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, The Annals of Statistics 32 (2004), 407–499",
    data=lambda **_: _data(),
)
def tanh_neuron(x: Any, y: Any) -> Any:
    """Two valleys of one fit: a small rate lingers at the saddle between them, and the rate decides which it takes.

    x is the inner weight w₁ and y the outer w₂, both signs swapped being the same neuron; input and target are
    standardised, so that an answer of 0 gets a loss of 1.
    """
    import torch

    inputs, targets, shares = _tensors(x.dtype)
    spread = _grouped()[3]

    def loss(x: Any, y: Any) -> Any:
        error = y[..., None] * torch.tanh(x[..., None] * inputs) - targets
        return (shares * error**2).sum(-1) + spread

    return in_pieces(loss, x, y, len(inputs))
