"""A sweep: many learning rates and several seeds of one experiment, read as final result against learning rate."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import MAX_RUNS, Experiment, Run
from lrviz.core.knobs import KnobValue, with_knob

MAX_RATES, MAX_SEEDS, MAX_VALUES = 256, 64, 64
MAX_SWEEP_RUNS = 100_000
Rows = NDArray[np.float64]


class Knob(msgspec.Struct, frozen=True):
    """The second axis of a sweep: a numeric parameter, by the name that --set knows it by, and its values, rising."""

    name: str  # "optimizer.momentum", "batch_size", "model.hidden"
    values: tuple[KnobValue, ...]


class SweepQuestion(msgspec.Struct, frozen=True):
    """Every rate with every seed, at every value of the knob where there is one.

    `experiment` says everything else: its own runs and its seed are not asked.
    """

    experiment: Experiment
    lrs: tuple[float, ...]  # rising
    seeds: tuple[int, ...]
    knob: Knob | None = None
    refinements: int = 0  # how many times rates are put in between, where the curve bends

    def __post_init__(self) -> None:
        _check_rates(self.lrs)
        if not 1 <= len(self.seeds) <= MAX_SEEDS or len(set(self.seeds)) < len(self.seeds):
            raise ExperimentError(f"a sweep has {len(self.seeds)} seeds; it takes 1 to {MAX_SEEDS} different ones")
        values = self.knob.values if self.knob else (None,)
        if not 1 <= len(values) <= MAX_VALUES:
            raise ExperimentError(f"a sweep's second axis has {len(values)} values; it takes 1 to {MAX_VALUES}")
        runs = len(self.lrs) * len(self.seeds) * len(values)
        if runs > MAX_SWEEP_RUNS:
            raise ExperimentError(f"a sweep of {runs:,} runs; {MAX_SWEEP_RUNS:,} are the most")
        for value in values:  # each has to make sense before anything is computed
            self.with_value(value)

    @property
    def values(self) -> tuple[KnobValue | None, ...]:
        """The knob's values; (None,) where there is no second axis."""
        return self.knob.values if self.knob else (None,)

    def with_value(self, value: KnobValue | None) -> Experiment:
        """The experiment with its knob at `value`, for as many epochs as before."""
        return (
            self.experiment if self.knob is None or value is None else with_knob(self.experiment, self.knob.name, value)
        )

    def run_at(self, value: int, lr: float, seed: int) -> Experiment:
        """One run of the sweep as an experiment of its own: what a click on its dot opens."""
        return replace(self.with_value(self.values[value]), runs=(Run(lr),), seed=seed)


@dataclass(frozen=True)
class SweepTable:
    """What is known of a sweep so far; arrays are read-only. V values, R rates, S seeds, M marks.

    A replaced whole value, like everything that views draw. nan in `metrics` is what is not known yet, and also what
    follows the step at which a run overflowed: `diverged` tells them apart.
    """

    question: SweepQuestion
    lrs: tuple[float, ...]  # (R,) rising, those that were put in between included
    marks: NDArray[np.float64]  # (M,) budgets at which everything is measured: epochs of a model, steps of a surface
    metrics: dict[str, Rows]  # by name, (V, R, S, M)
    diverged: NDArray[np.float64]  # (V, R, S) the budget at which a run overflowed; inf where it did not (yet)
    done: NDArray[np.bool_]  # (V, R, S) whether the run has come to its end
    seconds_left: float | None = None  # estimated; None while nothing is known of it
    complete: bool = False  # whether nothing more is to come
    notes: tuple[str, ...] = field(default=())

    @property
    def share_done(self) -> float:
        """0 to 1."""
        return float(self.done.mean()) if self.done.size else 1.0


def rates_between(low: float, high: float, count: int) -> tuple[float, ...]:
    """`count` rates at equal ratios, both ends included. ExperimentError where there are none."""
    if not (0 < low < high and math.isfinite(high)):
        raise ExperimentError(f"rates from {low:g} to {high:g}; they go from a number above 0 to a larger one")
    if not 2 <= count <= MAX_RATES:
        raise ExperimentError(f"a sweep of {count} rates; it takes 2 to {MAX_RATES}")
    return tuple(float(f"{rate:.6g}") for rate in np.geomspace(low, high, count))


def _check_rates(lrs: tuple[float, ...]) -> None:
    if not 1 <= len(lrs) <= min(MAX_RATES, MAX_RUNS):
        raise ExperimentError(f"a sweep of {len(lrs)} rates; it takes 1 to {MAX_RATES}")
    if any(not (math.isfinite(lr) and lr > 0) for lr in lrs) or list(lrs) != sorted(set(lrs)):
        raise ExperimentError("a sweep's rates are different numbers above 0, rising")
