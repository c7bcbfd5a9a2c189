"""Two spirals wound into each other: the border is long and thin, so a slow rate gives up before it has found it."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data, split_data
from lrviz.core.signature import Range, Shown


@dataset("spirals", title="Two spirals", task="classification", drawn=True)
def spirals(
    seed: int,
    samples: Annotated[int, Range(20, 10_000, log=True), Shown("samples", "both spirals together")] = 600,
    noise: Annotated[float, Range(0, 1), Shown("noise σ", "how far points stray from their spiral")] = 0.03,
    turns: Annotated[float, Range(0.25, 4), Shown("turns", "how often each spiral goes round")] = 1.5,
) -> Data:
    """Two spirals from the middle to radius 1, half a turn apart, a third of the points for testing; which one is it?

    After K. Lang and M. Witbrock, Learning to tell two spirals apart, Connectionist Models Summer School (1988).
    """
    rng = np.random.default_rng(seed)
    spiral = np.arange(samples) % 2
    radius = np.sqrt(rng.uniform(0, 1, samples))  # even in area, so that the outer turns are not left bare
    angle = 2 * np.pi * turns * radius + np.pi * spiral
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    points += noise * rng.standard_normal((samples, 2))
    return split_data(
        "spirals", points, spiral, features=("x", "y"), classes=("first", "second"), test=samples // 3, seed=seed
    )
