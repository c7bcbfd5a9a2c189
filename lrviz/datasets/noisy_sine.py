"""A sine hidden in noise: one input, one number to foretell, so what a network has fitted can be drawn as a curve."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data, split_data
from lrviz.core.signature import Range, Shown


@dataset("noisy_sine", title="Noisy sine", task="regression", drawn=True)
def noisy_sine(
    seed: int,
    samples: Annotated[int, Range(20, 10_000, log=True), Shown("samples", "training and testing together")] = 300,
    noise: Annotated[float, Range(0, 2), Shown("noise σ", "how far points stray from the sine, which is 1 high")] = 0.2,
    periods: Annotated[float, Range(0.25, 8), Shown("periods", "how many waves there are")] = 1.5,
) -> Data:
    """A sine of height 1 over x from −1 to 1 with normal noise, a third of the points for testing; how high is it?"""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, samples)
    y = np.sin(np.pi * periods * x) + noise * rng.standard_normal(samples)
    return split_data("noisy_sine", x[:, None], y, features=("x",), test=samples // 3, seed=seed)
