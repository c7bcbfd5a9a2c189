"""What is measured of a model's runs now and then: losses, accuracies, the gradient's length, each layer's update."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.pauses import Paused
from lrviz.core.problem import Problem
from lrviz.engine.descent import Descent
from lrviz.engine.forks import share
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.sharpness import Sharpness

GRADIENT_NORM = "gradient_norm"
UPDATE_RATIO = "update_ratio."  # and the layer's name
MEASURED_NUMBERS = 2_000_000  # whose length is measured at once

Metrics = dict[str, NDArray[np.floating[Any]]]  # (K,) by name


def measure_names(problem: Problem) -> tuple[str, ...]:
    """What the metrics of the problem are called, in their order; none where it has none of its own."""
    if not problem.metric_names:
        return ()
    return (*problem.metric_names, GRADIENT_NORM, *(UPDATE_RATIO + layer for layer in problem.layers))


class Measures:
    """The metrics of all runs at one step after another: some before its update, some of the update itself."""

    def __init__(self, problem: ModelProblem, descent: Descent, seed: int, sharpness_steps: Collection[int]) -> None:
        """`sharpness_steps` are those of the steps at which sharpness is measured too."""
        self._problem = problem
        self._descent = descent
        self._sharpness_steps = frozenset(sharpness_steps)
        self._sharpness = Sharpness(problem, len(descent.running), seed) if self._sharpness_steps else None
        self._before: Tensor | None = None  # theta (K, P), where the update that follows is to be measured

    def evaluated(self, step: int, metrics: Metrics) -> Iterator[None]:
        """Fills in what is known before the update, with a pause whenever it takes long."""
        theta = self._descent.theta
        measured = yield from self._problem.metrics_in_pieces(theta)
        metrics.update((name, values.numpy()) for name, values in measured.items())
        lengths = yield from _lengths(self._descent.gradient, (slice(None),))
        metrics[GRADIENT_NORM] = lengths.numpy()
        if self._sharpness is not None and step in self._sharpness_steps:
            rows = torch.from_numpy(np.flatnonzero(self._descent.running))
            sharpness = yield from self._sharpness.measure(theta, step, rows)
            scale = self._descent.scale  # of what is minimised, as the gradient is
            metrics.update((name, scale * values.numpy()) for name, values in sharpness.items())
        self._before = theta.clone()

    def updated(self, step: int) -> Paused[Metrics]:
        """What is known after the update: |update| / |weight| of each layer, its weight as it was before.

        nan for a run that has ended, since nothing was updated.
        """
        if self._before is None:
            return {}
        update, ratios = self._descent.theta - self._before, Metrics()
        for layer, places in self._problem.weights.items():
            moved = yield from _lengths(update, places)
            values = (moved / (yield from _lengths(self._before, places))).numpy()
            values[~self._descent.running] = np.nan
            share(self._descent.forks, values, step)
            ratios[UPDATE_RATIO + layer] = values
        self._before = None
        return ratios


def _lengths(rows: Tensor, places: tuple[slice, ...]) -> Paused[Tensor]:
    """(K,) float64 the Euclidean lengths of rows (K, P) at some places, where float32 would overflow in the squares."""
    lengths = []
    for some in torch.split(rows, max(1, MEASURED_NUMBERS // rows.shape[1])):
        squares = [torch.linalg.vector_norm(some[:, place], dim=1, dtype=torch.float64).square() for place in places]
        lengths.append(torch.stack(squares).sum(0).sqrt())
        if len(lengths) > 1:
            yield
    return torch.cat(lengths)
