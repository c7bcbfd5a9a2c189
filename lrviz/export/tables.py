"""A race as a table: CSV as RFC 4180 has it, one row a run and step."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.experiment import OnModel
from lrviz.core.scene import Scene
from lrviz.core.trace import Trace


def scene_to_csv(scene: Scene) -> bytes:
    """The rows published so far: run (from 0), lr, step, loss, rate, and x, y or the model's metrics.

    Numbers are written so that reading them gives the same number back; inf and nan are inf and nan. A metric is
    empty at the steps at which it was not measured.
    """
    extra = list(scene.traces[0].metrics) if isinstance(scene.experiment.problem, OnModel) else ["x", "y"]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["run", "lr", "step", "loss", "rate", *extra])
    for run, trace in enumerate(scene.traces):
        columns = [trace.loss.tolist(), trace.rate.tolist(), *_extra(trace, extra)]
        for step, values in enumerate(zip(*columns, strict=True)):
            writer.writerow([run, repr(trace.lr), step, *map(_cell, values)])
    return text.getvalue().encode()


def _extra(trace: Trace, names: list[str]) -> Iterator[list[Any]]:
    """The columns after the rate, each as long as the trace, None where there is no value."""
    metrics = trace.metrics
    for index, name in enumerate(names):
        if name in metrics:
            yield _spread(trace.metric_step, metrics[name], len(trace))
        else:
            yield _spread(trace.snapshot_step, trace.theta[:, index], len(trace))


def _spread(steps: NDArray[np.int64], values: NDArray[np.floating[Any]], length: int) -> list[Any]:
    column: list[Any] = [None] * length
    for step, value in zip(steps.tolist(), values.tolist(), strict=True):
        column[step] = value
    return column


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)
