"""What a classifier's answers amount to: which class wins where, which samples it mistakes, and for what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.insight import Boundary, Confusion, Wall

MOST_PICTURES = 60


def boundaries(answer: Tensor, chances: Tensor, side: int) -> list[Boundary]:
    """One a run, from the classes (K, side²) that it answers on a grid and its probabilities (K, side², C) there."""
    square = (len(answer), side, side)
    if chances.shape[-1] == 2:  # what topk gives, several times as fast
        margin = (chances[..., 1] - chances[..., 0]).abs()
    else:
        first, second = chances.topk(2, -1).values.unbind(-1)
        margin = first - second
    pairs = zip(answer.reshape(square).numpy(), margin.reshape(square).numpy(), strict=True)
    return [Boundary(*pair) for pair in pairs]


def walls(answer: Tensor, chances: Tensor, truth: NDArray[np.int64]) -> list[Wall]:
    """One a run, from the classes (K, M) that it answers, its probabilities (K, M, C), and the true classes (M,)."""
    found = []
    for taken, sure in zip(answer.numpy(), chances.amax(-1).numpy(), strict=True):
        wrong = taken != truth
        order = np.concatenate([np.flatnonzero(wrong), np.flatnonzero(~wrong)])[:MOST_PICTURES]
        found.append(Wall(order, truth[order], taken[order], sure[order], int(wrong.sum()), len(truth)))
    return found


def confusions(answer: Tensor, truth: NDArray[np.int64], classes: int) -> list[Confusion]:
    """One a run, from the classes (K, M) that it answers and the true ones (M,)."""
    square = (classes, classes)
    return [
        Confusion(np.bincount(classes * truth + taken, minlength=classes**2).reshape(square))
        for taken in answer.numpy()
    ]
