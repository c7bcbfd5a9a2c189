"""Data: a training part and a test part, as plain arrays that nobody changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Data:
    """What a model is trained and tested on. Inputs are standardised with the training part's mean and deviation."""

    name: str
    train_inputs: NDArray[np.float32]  # (N, D)
    train_targets: NDArray[np.int64] | NDArray[np.float32]  # (N,) classes 0..C-1, or (N,) numbers
    test_inputs: NDArray[np.float32]  # (M, D)
    test_targets: NDArray[np.int64] | NDArray[np.float32]  # (M,)
    classes: tuple[str, ...]  # the class names; empty for regression
    features: tuple[str, ...]  # (D,) names of the inputs
    image_shape: tuple[int, int] | None = None  # (rows, columns) where an input is a picture

    def __post_init__(self) -> None:
        for array in (self.train_inputs, self.train_targets, self.test_inputs, self.test_targets):
            array.setflags(write=False)

    @property
    def outputs(self) -> int:
        """How many numbers a model answers: one a class, or one."""
        return len(self.classes) or 1
