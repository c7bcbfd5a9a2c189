"""Two interleaved half circles: no straight line parts them, a small network does, and its borders can be drawn."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data, split_data
from lrviz.core.signature import Range, Shown


@dataset("moons", title="Two moons", task="classification", drawn=True)
def moons(
    seed: int,
    samples: Annotated[int, Range(20, 10_000, log=True), Shown("samples", "both moons together")] = 600,
    noise: Annotated[float, Range(0, 1), Shown("noise σ", "how far points stray from their moon")] = 0.2,
) -> Data:
    """Two interleaved half circles of radius 1, a third of the points for testing; which moon is a point of?"""
    rng = np.random.default_rng(seed)
    moon = np.arange(samples) % 2  # 0 the upper one, 1 the lower one
    angle = rng.uniform(0, np.pi, samples)
    x = np.where(moon == 0, np.cos(angle), 1 - np.cos(angle))
    y = np.where(moon == 0, np.sin(angle), 0.5 - np.sin(angle))
    points = np.column_stack([x, y]) + noise * rng.standard_normal((samples, 2))
    return split_data(
        "moons", points, moon, features=("x", "y"), classes=("upper", "lower"), test=samples // 3, seed=seed
    )
