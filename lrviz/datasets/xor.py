"""Exclusive or: neither input says anything by itself, so a linear model learns nothing at any rate."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data, split_data
from lrviz.core.signature import Range, Shown


@dataset("xor", title="Exclusive or", task="classification", drawn=True)
def xor(
    seed: int,
    samples: Annotated[int, Range(20, 10_000, log=True), Shown("samples", "all four corners together")] = 600,
    noise: Annotated[float, Range(0, 1), Shown("noise σ", "how far points stray from their corner")] = 0.3,
) -> Data:
    """Points about the corners of a square of side 2, a third for testing; do the signs of the corner's x and y differ?

    After M. Minsky and S. Papert, Perceptrons (1969).
    """
    rng = np.random.default_rng(seed)
    corner = np.arange(samples) % 4
    right, upper = corner % 2, corner // 2
    points = 2.0 * np.column_stack([right, upper]) - 1 + noise * rng.standard_normal((samples, 2))
    return split_data(
        "xor", points, right ^ upper, features=("x", "y"), classes=("same", "different"), test=samples // 3, seed=seed
    )
