"""What happened in each run: append-only, written by one recorder, read by anyone while it grows.

A row a step: the loss, the rate and the time. A snapshot of theta now and then; for a surface at every step, with
details of the update made there: its gradient, what its optimizer remembers. A model's metrics at some of the
snapshots, since measuring costs as much as several steps. Counts are advanced last, so a reader on another thread
never sees a half-written row and no lock is needed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Recorder:
    """The only writer of a race's traces. Its arrays are made once, for `steps` + 1 rows.

    `snapshot_steps` (rising) says when theta is kept, `metric_steps` (some of these; all unless told) when metrics
    are. Memory is only taken as rows come in: the arrays are made empty.
    """

    def __init__(
        self,
        lrs: Sequence[float],
        steps: int,
        parameters: int,
        snapshot_steps: Iterable[int],
        metrics: Sequence[str] = (),
        dtype: type[np.floating[Any]] | np.dtype[Any] = np.float64,
        metric_steps: Iterable[int] | None = None,
    ) -> None:
        runs = len(lrs)
        self.lrs = tuple(lrs)
        self.steps = steps
        self.snapshot_steps = np.fromiter(snapshot_steps, np.int64)  # (S,)
        self.metric_steps = self.snapshot_steps if metric_steps is None else np.fromiter(metric_steps, np.int64)  # (M,)
        self._loss = np.empty((runs, steps + 1))
        self._rate = np.empty((runs, steps + 1))
        self._seconds = np.empty(steps + 1)
        self._began = time.perf_counter()
        # A snapshot of all runs lies together: it is written at once, and later ones take no memory before their turn.
        self._theta = np.empty((len(self.snapshot_steps), runs, parameters), dtype)
        self._metrics = {name: np.empty((runs, len(self.metric_steps))) for name in metrics}
        self._details: dict[str, NDArray[np.float64]] = {}  # by name: (S, runs, …), nan where none was given
        self._overflow: list[int | None] = [None] * runs  # a run's last row, where that is not finite
        self._rows = 0
        self._snapshots = 0
        self._measured = 0
        self.traces = tuple(Trace(self, run) for run in range(runs))

    @property
    def rows(self) -> int:
        """Rows published so far."""
        return self._rows

    def append(
        self,
        loss: NDArray[np.float64],
        rate: NDArray[np.float64],
        clock: Sequence[float] | NDArray[np.float64] | None = None,
    ) -> None:
        """Publish rows for all runs: loss and rate are (runs, rows). Rows past a run's end are never shown.

        `clock` (rows,) is what time.perf_counter said when each row was computed: now, unless told.
        """
        end = self._rows + loss.shape[1]
        self._seconds[self._rows : end] = time.perf_counter() if clock is None else clock
        self._seconds[self._rows : end] -= self._began
        self._loss[:, self._rows : end] = loss
        self._rate[:, self._rows : end] = rate
        self._rows = end

    def snapshot(
        self, theta: NDArray[np.floating[Any]], metrics: Mapping[str, NDArray[np.floating[Any]]] | None = None
    ) -> None:
        """Keep the next snapshot: theta (runs, P), and metrics (runs,) where any were measured; nan for the others.

        Readers see it once the row of its step is published.
        """
        if metrics:
            for name, kept in self._metrics.items():
                kept[:, self._measured] = metrics.get(name, np.nan)
            self._measured += 1
        self.snapshots(theta[None])

    def complete(self, metrics: Mapping[str, NDArray[np.floating[Any]]]) -> None:
        """Add metrics (runs,) to those measured last: before the row of their step is published."""
        for name, values in metrics.items():
            self._metrics[name][:, self._measured - 1] = values

    def snapshots(self, theta: NDArray[np.floating[Any]]) -> None:
        """Keep the next few snapshots: theta (n, runs, P)."""
        some = slice(self._snapshots, self._snapshots + len(theta))
        self._theta[some] = theta
        for values in self._details.values():
            values[some] = np.nan
        self._snapshots = some.stop

    def theta_from(self, first: int) -> NDArray[np.floating[Any]]:
        """(n, runs, P) theta at the snapshots that are there, from the `first` on."""
        return _readonly(self._theta[first : self._snapshots])

    def detail(self, name: str, first: int, values: NDArray[np.floating[Any]]) -> None:
        """Keep something more of snapshots that are there, from the `first` on: values (n, runs, …). It may come late.

        What belongs to an update is given before the row of the next step is published.
        """
        if name not in self._details:
            kept = np.empty((len(self.snapshot_steps), *values.shape[1:]))
            kept[: self._snapshots] = np.nan  # later ones take no memory before their turn
            self._details = {**self._details, name: kept}  # a reader may be going through it
        self._details[name][first : first + len(values)] = values

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
        rows = self._recorder._rows  # read once: the writer may be advancing it
        last = self._recorder._overflow[self._run]
        return rows if last is None else min(rows, last + 1)

    @property
    def overflow_step(self) -> int | None:
        """The step at which loss or theta ceased to be finite, once published; None for a run that stayed finite."""
        rows = self._recorder._rows
        last = self._recorder._overflow[self._run]
        return last if last is not None and last < rows else None

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
    def seconds(self) -> NDArray[np.float64]:
        """(T,) the time at which each row was computed, since the race began: the same for all runs."""
        return _readonly(self._recorder._seconds[: len(self)])

    @property
    def snapshot_step(self) -> NDArray[np.int64]:
        """(S,) the steps at which theta was kept; for a surface all of them."""
        return _readonly(self._recorder.snapshot_steps[: self._snapshots])

    @property
    def theta(self) -> NDArray[np.floating[Any]]:
        """(S, P) theta at the snapshots."""
        return _readonly(self._recorder._theta[: self._snapshots, self._run])

    @property
    def details(self) -> tuple[str, ...]:
        """What is kept of the snapshots beside theta.

        On surfaces: "gradient" (2,), as the optimizer was given it; "state.NAME" (2,), the optimizer's own state after
        the snapshot's update, under torch's names; "hessian" (2, 2), as soon as it is measured.
        """
        return tuple(self._recorder._details)

    def snapshot_at(self, step: int) -> int | None:
        """The index of the snapshot that was kept at a step; None where there is none yet, or none was kept."""
        if not 0 <= step < len(self):
            return None
        steps = self._recorder.snapshot_steps
        index = int(steps.searchsorted(step))
        return index if index < self._recorder._snapshots and steps[index] == step else None

    def theta_at(self, index: int) -> NDArray[np.floating[Any]]:
        """(P,) theta at the snapshot that `snapshot_at` gave."""
        return _readonly(self._recorder._theta[index, self._run])

    def rate_at(self, step: int) -> float:
        """The learning rate of a published step."""
        return float(self._recorder._rate[self._run, step])

    def details_at(self, index: int) -> dict[str, NDArray[np.float64]]:
        """Every detail of one snapshot that `snapshot_at` gave; nan where it is not known."""
        return {name: values[index, self._run] for name, values in self._recorder._details.items()}

    def detail(self, name: str) -> NDArray[np.float64]:
        """(S, …) one detail at the snapshots, nan where it is not known; no rows where it is not kept."""
        values = self._recorder._details.get(name)
        return np.empty((0, 2)) if values is None else _readonly(values[: self._snapshots, self._run])

    @property
    def metric_step(self) -> NDArray[np.int64]:
        """(M,) the steps at which the metrics were measured, each of them a snapshot's too."""
        return _readonly(self._recorder.metric_steps[: self._measured])

    @property
    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """For each metric its values (M,) at `metric_step`, nan where this one was not measured."""
        return {name: self.metric(name) for name in self._recorder._metrics}

    def metric(self, name: str) -> NDArray[np.float64]:
        """One metric's values (M,) at `metric_step`; empty where the problem has no metric of that name."""
        values = self._recorder._metrics.get(name)
        return np.empty(0) if values is None else _readonly(values[self._run, : self._measured])

    @property
    def _snapshots(self) -> int:
        """Snapshots whose row is published, none after the run's end."""
        kept = self._recorder._snapshots
        return min(kept, int(np.searchsorted(self._recorder.snapshot_steps, len(self))))

    @property
    def _measured(self) -> int:
        kept = self._recorder._measured
        return min(kept, int(np.searchsorted(self._recorder.metric_steps, len(self))))


def _readonly(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.setflags(write=False)
    return view
