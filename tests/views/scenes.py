"""Scenes made by hand, for tests of what draws them: the losses are given, nothing is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lrviz.core.experiment import Choice, Experiment, OnModel, OnSurface, ProblemSpec, Run
from lrviz.core.scene import Scene
from lrviz.core.trace import Recorder

SECONDS = 0.25  # that a step takes


class FakeRace:
    """Publishes given losses (K, T) row by row, and metrics (K, M) at `metric_steps`.

    A run is over at its first loss that is not finite, as in a true race.
    """

    def __init__(
        self,
        loss: Sequence[Sequence[float]] | NDArray[np.float64],
        *,
        lrs: Sequence[float] | None = None,
        steps: int | None = None,
        steps_per_epoch: int | None = None,
        metrics: Mapping[str, NDArray[np.float64]] | None = None,
        metric_steps: Sequence[int] | None = None,
    ) -> None:
        self.loss = np.asarray(loss, np.float64)
        runs, rows = self.loss.shape
        self.steps = rows - 1 if steps is None else steps
        self.lrs = tuple(lrs or 10.0 ** -np.arange(runs))
        self.metrics = dict(metrics or {})
        kept = range(self.steps + 1) if metric_steps is None else metric_steps
        self.recorder = Recorder(self.lrs, self.steps, 2, kept, tuple(self.metrics))
        self.recorder._began = 0.0  # so that its times are the same in every test
        self._kept = list(kept)
        for run, row in enumerate(self.loss):
            over = np.flatnonzero(~np.isfinite(row))
            if len(over):
                self.recorder.overflow(run, int(over[0]))
        problem: ProblemSpec = OnSurface(Choice("rosenbrock"), (-1.2, 1.0))
        if steps_per_epoch is not None:
            problem = OnModel(Choice("mlp"), Choice("digits"))
        experiment = Experiment(
            problem, Choice("sgd"), Choice("constant"), tuple(map(Run, self.lrs)), max(self.steps, 1)
        )
        self.scene = Scene(experiment, "abc123", 2, steps_per_epoch, self.recorder.traces)

    def publish(self, rows: int | None = None) -> Scene:
        """Publish up to `rows` rows, all unless told, with the snapshots that belong to them."""
        done = self.recorder.rows
        end = self.loss.shape[1] if rows is None else rows
        for number, step in enumerate(self._kept):
            if done <= step < end:
                measured = {name: values[:, number] for name, values in self.metrics.items()}
                self.recorder.snapshot(np.zeros((len(self.lrs), 2)), measured)
        new = self.loss[:, done:end]
        rates = np.broadcast_to(np.array(self.lrs)[:, None], new.shape)
        self.recorder.append(new, rates, np.arange(done, end, dtype=np.float64) * SECONDS)
        return self.scene


def noisy(runs: int, steps: int, seed: int = 0, noise: float = 0.3) -> NDArray[np.float64]:
    """(K, steps + 1) losses from 2.3 that fall at different rates, with noise as of small batches."""
    rng = np.random.default_rng(seed)
    at = np.arange(steps + 1)
    falls = np.geomspace(0.15, 8, runs)[::-1, None]
    floors = np.geomspace(0.004, 0.3, runs)[:, None]
    clean = 2.3 * np.exp(-falls * at / steps * 3) + floors * (1 - np.exp(-falls * at / steps))
    jitter = np.exp(noise * rng.normal(size=(runs, steps + 1)) * (1 - np.exp(-at / 20)))
    return np.asarray(clean * jitter)


def smooth(runs: int, steps: int, lowest: float = 1e-9) -> NDArray[np.float64]:
    """(K, steps + 1) losses from 24.2 that fall without noise, the first run to `lowest`."""
    at = np.arange(steps + 1) / steps
    reach = np.geomspace(lowest / 24.2, 0.5, runs)[:, None]
    return np.asarray(24.2 * reach**at)
