"""What happened in each run: append-only, written by one recorder, read by anyone while it grows.

Two things are kept. A row a step: the loss and the rate. A snapshot now and then: theta, and a model's metrics;
for a surface every step is a snapshot. Counts are advanced last, so a reader on another thread never sees a
half-written row and no lock is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


class Recorder:
    """The only writer of a race's traces. Its arrays are made once, for `steps` + 1 rows."""

    def __init__(
        self,
        lrs: Sequence[float],
        steps: int,
        parameters: int,
        snapshot_steps: Iterable[int],
        metrics: Sequence[str] = (),
        dtype: type[np.floating] = np.float64,
    ) -> None:
        runs = len(lrs)
        self.lrs = tuple(lrs)
        self.steps = steps
        self.snapshot_steps = np.fromiter(snapshot_steps, np.int64)  # (S,) rising, at which theta is kept
        self._loss = np.full((runs, steps + 1), np.nan)
        self._rate = np.full((runs, steps + 1), np.nan)
        self._theta = np.zeros((runs, len(self.snapshot_steps), parameters), dtype)
        self._metrics = {name: np.full((runs, len(self.snapshot_steps)), np.nan) for name in metrics}
        self._overflow: list[int | None] = [None] * runs  # a run's last row, where that is not finite
        self._rows = 0
        self._snapshots = 0
        self.traces = tuple(Trace(self, run) for run in range(runs))

    @property
    def rows(self) -> int:
        """Rows published so far."""
        return self._rows

    def append(self, loss: NDArray[np.float64], rate: NDArray[np.float64]) -> None:
        """Publish rows for all runs: loss and rate are (runs, rows). Rows past a run's end are never shown."""
        end = self._rows + loss.shape[1]
        self._loss[:, self._rows : end] = loss
        self._rate[:, self._rows : end] = rate
        self._rows = end

    def snapshot(self, theta: NDArray[np.floating], metrics: Mapping[str, NDArray[np.float64]] | None = None) -> None:
        """Publish the next snapshot: theta is (runs, P), each metric (runs,)."""
        self._theta[:, self._snapshots] = theta
        for name, values in (metrics or {}).items():
            self._metrics[name][:, self._snapshots] = values
        self._snapshots += 1

    def overflow(self, run: int, step: int) -> None:
        """Say, before the row of `step` is published, that it is the last of `run`: its loss or theta overflowed."""
        self._overflow[run] = step


class Trace:
    """One run, as read-only views of the rows published so far. Views taken earlier stay as they were."""

    def __init__(self, recorder: Recorder, run: int) -> None:
        self._recorder = recorder
        self._run = run
        self.lr = recorder.lrs[run]

    def __len__(self) -> int:
        last = self._recorder._overflow[self._run]
        return self._recorder._rows if last is None else min(self._recorder._rows, last + 1)

    @property
    def overflow_step(self) -> int | None:
        """The step at which loss or theta ceased to be finite, once published; None for a run that stayed finite."""
        last = self._recorder._overflow[self._run]
        return last if last is not None and last < self._recorder._rows else None

    @property
    def step(self) -> NDArray[np.int64]:
        """(T,) 0, 1, … T - 1."""
        return np.arange(len(self))

    @property
    def loss(self) -> NDArray[np.float64]:
        """(T,) the loss at each step's theta, before its update; of the step's batch, for a model."""
        return _readonly(self._recorder._loss[self._run, : len(self)])

    @property
    def rate(self) -> NDArray[np.float64]:
        """(T,) the learning rate that each step's update used: the run's own times its schedule's factor."""
        return _readonly(self._recorder._rate[self._run, : len(self)])

    @property
    def snapshot_step(self) -> NDArray[np.int64]:
        """(S,) the steps at which theta was kept; for a surface all of them."""
        return _readonly(self._recorder.snapshot_steps[: self._snapshots])

    @property
    def theta(self) -> NDArray[np.floating]:
        """(S, P) theta at the snapshots."""
        return _readonly(self._recorder._theta[self._run, : self._snapshots])

    @property
    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """For each metric its values (S,) at the snapshots."""
        count = self._snapshots
        return {name: _readonly(values[self._run, :count]) for name, values in self._recorder._metrics.items()}

    @property
    def _snapshots(self) -> int:
        """Snapshots published, none after the run's end."""
        last = self._recorder._overflow[self._run]
        if last is None:
            return self._recorder._snapshots
        within = np.searchsorted(self._recorder.snapshot_steps, last, side="right")
        return min(self._recorder._snapshots, int(within))


def _readonly(array: NDArray) -> NDArray:
    view = array.view()
    view.setflags(write=False)
    return view
