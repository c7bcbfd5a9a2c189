"""Directions through theta space for the planes on which descents of models are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from lrviz.core.pauses import Paused
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.portions import slices

DRAWN = 2**20  # numbers that are drawn at once
NOISE = 1e-6  # of what points vary: a smaller share is the rounding of float32

Array = NDArray[np.floating[Any]]


def main_directions(points: Array) -> tuple[Array, Array | None]:
    """The two directions in which points (N, P) vary most about the origin; the second is None where there is one only.

    From the eigenvectors of their N × N products, since N is far below P.
    """
    rows = torch.from_numpy(points)
    values, vectors = torch.linalg.eigh(rows @ rows.T)
    first, second = ((vectors[:, -i] @ rows).numpy() for i in (1, 2))
    only_one = values[-2] < NOISE * values.sum()
    return first, None if only_one else second


def shares(points: Array, directions: NDArray[np.float64]) -> tuple[float, float]:
    """Of all that points (N, P) vary about the origin, what each of two orthonormal directions (2, P) shows."""
    first, second = np.square(points @ directions.astype(points.dtype).T).sum(0) / np.vdot(points, points)
    return float(first), float(second)


def random_direction(problem: ModelProblem, around: Array, seed: int, number: int = 0) -> Paused[Array]:
    """(P,) normal numbers, each filter (a row of a weight, or a bias) with the norm that it has in `around` (P,).

    So each weighs as in the model itself (H. Li et al., Visualizing the Loss Landscape of Neural Nets, NeurIPS 2018,
    arXiv:1712.09913). The `number`-th that the seed gives.
    """
    drawn, draws = np.empty(len(around)), np.random.default_rng(seed)
    for _ in range(number + 1):
        for some in slices(len(drawn), DRAWN):
            draws.standard_normal(out=drawn[some])
            yield
    scaled, place = drawn.copy(), 0
    for shape in problem.shapes:
        count = shape.numel()
        filters = scaled[place : place + count].reshape(shape[0] if len(shape) > 1 else 1, -1)
        own = around[place : place + count].reshape(filters.shape)
        filters *= np.linalg.norm(own, axis=1, keepdims=True) / np.linalg.norm(filters, axis=1, keepdims=True)
        place += count
        if count > DRAWN // 4:
            yield
    return scaled if scaled.any() else drawn  # where all is zero there are no norms to give


def orthonormal(first: Array, second: Array) -> NDArray[np.float64]:
    """(2, P): the first's direction, and what the second adds to it."""
    first, second = first.astype(np.float64), second.astype(np.float64)
    length = np.linalg.norm(first)
    first = first / length if length > 0 else np.eye(1, len(first))[0]
    second = second - (second @ first) * first
    return np.stack([first, second / np.linalg.norm(second)])
