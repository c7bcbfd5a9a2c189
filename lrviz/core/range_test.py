"""A learning-rate range test: the loss of one run whose rate rises exponentially, repeated over seeds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Experiment

FIRST_RATE, LAST_RATE, STEPS, SEEDS = 1e-6, 10.0, 200, 5
MAX_STEPS, MAX_SEEDS = 10_000, 64
DIVERGED = 5.0  # times the first loss: where a smoothed curve has plainly left the range that says anything
Rows = NDArray[np.float64]


class RangeQuestion(msgspec.Struct, frozen=True):
    """Rates from `first` to `last` at equal ratios over `steps` updates, from each seed's own start and batches.

    `experiment` says what is minimised and with which optimizer; its runs, steps, schedule and seed are not asked.
    """

    experiment: Experiment
    first: float = FIRST_RATE
    last: float = LAST_RATE
    steps: int = STEPS
    seeds: tuple[int, ...] = tuple(range(SEEDS))

    def __post_init__(self) -> None:
        if not (0 < self.first < self.last and math.isfinite(self.last)):
            raise ExperimentError(f"rates from {self.first:g} to {self.last:g}; they go from above 0 to a larger one")
        if not 10 <= self.steps <= MAX_STEPS:
            raise ExperimentError(f"a range test of {self.steps:,} steps; it takes 10 to {MAX_STEPS:,}")
        if not 1 <= len(self.seeds) <= MAX_SEEDS or len(set(self.seeds)) < len(self.seeds):
            raise ExperimentError(f"a range test has {len(self.seeds)} seeds; it takes 1 to {MAX_SEEDS} different ones")

    @property
    def lrs(self) -> Rows:
        """(T,) the rate of each update."""
        return np.geomspace(self.first, self.last, self.steps)


@dataclass(frozen=True)
class RangeTest:
    """What is known of a range test so far; arrays are read-only. S seeds, T steps."""

    question: RangeQuestion
    losses: Rows  # (S, T) the raw loss before the update at each rate; nan where it is not known (yet)
    steps: NDArray[np.int64]  # (S,) how many of a seed's losses are known; fewer than T where it overflowed
    complete: bool = False
    notes: tuple[str, ...] = ()

    @property
    def lrs(self) -> Rows:
        return self.question.lrs
