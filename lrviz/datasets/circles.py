"""A ring around a ring: no straight line parts them, and a small network must learn to draw a closed border."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data, split_data
from lrviz.core.signature import Range, Shown


@dataset("circles", title="Two circles", task="classification", drawn=True)
def circles(
    seed: int,
    samples: Annotated[int, Range(20, 10_000, log=True), Shown("samples", "both circles together")] = 600,
    noise: Annotated[float, Range(0, 1), Shown("noise σ", "how far points stray from their circle")] = 0.1,
    factor: Annotated[float, Range(0, 0.99), Shown("inner radius", "the outer circle's is 1")] = 0.5,
) -> Data:
    """A circle inside a circle of radius 1, a third of the points for testing; which circle is a point of?"""
    rng = np.random.default_rng(seed)
    circle = np.arange(samples) % 2  # 0 the outer one, 1 the inner one
    angle = rng.uniform(0, 2 * np.pi, samples)
    radius = np.where(circle == 0, 1.0, factor)
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    points += noise * rng.standard_normal((samples, 2))
    return split_data(
        "circles", points, circle, features=("x", "y"), classes=("outer", "inner"), test=samples // 3, seed=seed
    )
