"""Round clouds on a circle: where they overlap no model is right, and a good rate soon finds the straight borders."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data, split_data
from lrviz.core.signature import Range, Shown


@dataset("blobs", title="Blobs", task="classification", drawn=True)
def blobs(
    seed: int,
    samples: Annotated[int, Range(20, 10_000, log=True), Shown("samples", "all blobs together")] = 600,
    noise: Annotated[float, Range(0, 2), Shown("noise σ", "a blob's deviation; their middles are 1 from 0")] = 0.35,
    blobs: Annotated[int, Range(2, 10), Shown("blobs", "how many classes")] = 3,
) -> Data:
    """Normal clouds with their middles evenly on a circle of radius 1, a third of the points for testing; which one?"""
    rng = np.random.default_rng(seed)
    blob = np.arange(samples) % blobs
    angle = 2 * np.pi * blob / blobs
    points = np.column_stack([np.cos(angle), np.sin(angle)]) + noise * rng.standard_normal((samples, 2))
    names = tuple(str(number) for number in range(1, blobs + 1))
    return split_data("blobs", points, blob, features=("x", "y"), classes=names, test=samples // 3, seed=seed)
