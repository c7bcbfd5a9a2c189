"""One neuron on tumours: its slope fades as it comes to be right, so it wants rates far above 1."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Point, surface
from lrviz.core.data_view import DataView
from lrviz.core.table import shipped_table
from lrviz.surfaces._samples import column_of, drawable, in_pieces, standardised, window_of

EVERY = 3  # of the table's rows: 190 tumours, whose minimum is nearly that of all 569
NEWTON_STEPS = 12

Array = NDArray[np.float64]


@lru_cache
def _samples() -> tuple[Array, Array]:
    """(190, 2) mean radius and texture of the cells of a tumour as measured, and (190,) 1 malignant or −1 benign."""
    features = np.stack([column_of("breast_cancer", name)[::EVERY] for name in ("mean radius", "mean texture")], 1)
    malignant = shipped_table("breast_cancer").columns["diagnosis"].is_kind("malignant")[::EVERY]
    return features, np.where(malignant, 1.0, -1.0)


@lru_cache
def _signed() -> Array:
    """(190, 2) the standardised features, times 1 for a malignant and −1 for a benign tumour."""
    features, sign = _samples()
    return np.stack([standardised(column) for column in features.T], 1) * sign[:, None]


@lru_cache
def _columns(dtype: Any) -> Any:
    """The two columns of `_signed` as tensors."""
    import torch

    return torch.from_numpy(_signed()).to(dtype).unbind(1)


@lru_cache
def _minimum() -> Point:
    """Newton's steps from 0: the loss is convex."""
    signed = _signed()
    weights = np.zeros(2)
    for _ in range(NEWTON_STEPS):
        wrong = 1 / (1 + np.exp(signed @ weights))  # the probability that the neuron gives to the wrong answer
        hessian = (signed * (wrong * (1 - wrong))[:, None]).T @ signed
        weights += np.linalg.solve(hessian, signed.T @ wrong)
    return float(weights[0]), float(weights[1])


@lru_cache
def _data() -> DataView:
    features, sign = _samples()
    mean, deviation = features.mean(0), features.std(0)
    bounds = window_of(features)
    far = 2 * float(np.hypot(*(np.array([bounds[1] - bounds[0], bounds[3] - bounds[2]]) / deviation)))

    @drawable
    def border(theta: Array) -> Array:
        length = float(np.hypot(*theta))
        if length == 0:  # without weights every tumour gets the same answer
            return np.empty((0, 2))
        along = np.array([-theta[1], theta[0]]) * (far / length)
        ends: Array = mean + np.stack([-along, along]) * deviation
        return ends

    axes = ("mean radius of the cells, µm", "mean texture, deviation of grey values")
    return DataView(features, (sign > 0).astype(np.int64), axes, bounds, border)


@surface(
    "cancer_neuron",
    title="Neuron on breast cancer data",
    bounds=(-4.0, 8.0, -6.0, 6.0),
    start=(-3.0, 4.0),
    rates=(60.0, 20.0, 5.0, 0.01),
    minima=lambda **_: [_minimum()],
    formula="mean log(1 + exp(−(w₁ radius + w₂ texture))), signs turned for benign tumours",
    source="W. Wolberg, O. Mangasarian, N. Street and W. Street, UCI Machine Learning Repository (1993)",
    data=lambda **_: _data(),
)
def cancer_neuron(x: Any, y: Any) -> Any:
    """A neuron's cross-entropy: curvature fades from 0.3 to 0.01 as it learns, so that even rates of 5 are calm.

    x and y are the weights w₁ and w₂ of the standardised radius and texture.
    """
    import torch

    radius, texture = _columns(x.dtype)

    def loss(x: Any, y: Any) -> Any:
        return -torch.nn.functional.logsigmoid(x[..., None] * radius + y[..., None] * texture).mean(-1)

    return in_pieces(loss, x, y, len(radius))
