"""A race's whole result as JSON, in the form that `lrviz run --json` prints."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.experiment import OnModel
from lrviz.core.experiment_file import experiment_to_fields
from lrviz.core.scene import Scene
from lrviz.core.trace import Trace
from lrviz.core.verdict import Verdict


def result_to_fields(scene: Scene) -> dict[str, Any]:
    """The result of a race that has ended, as the JSON object that DESIGN fixes.

    A run has its learning rate, its verdict with the reason, and a loss a step: step t's is the loss at step t's
    theta, before the update. Surfaces add theta, a point a step; models add metrics, each with its own steps.
    """
    assert scene.verdicts is not None, "a result is what has ended"
    on_model = isinstance(scene.experiment.problem, OnModel)
    return {
        "experiment": experiment_to_fields(scene.experiment),
        "fingerprint": scene.fingerprint,
        "runs": [_run(trace, verdict, on_model) for trace, verdict in zip(scene.traces, scene.verdicts, strict=True)],
    }


def result_to_json(scene: Scene) -> str:
    """The result as one line of strict JSON, ASCII throughout, so it survives any terminal and any pipe."""
    return json.dumps(result_to_fields(scene), allow_nan=False)


def numbers_to_fields(array: NDArray[Any]) -> Any:
    """An array as nested lists of JSON numbers; what JSON has no number for as "inf", "-inf" or "nan"."""
    return array.tolist() if np.isfinite(array).all() else _finite(array.tolist())


def _run(trace: Trace, verdict: Verdict, on_model: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "lr": trace.lr,
        "verdict": verdict.kind,
        "reason": verdict.reason,
        "step": trace.step.tolist(),
        "loss": numbers_to_fields(trace.loss),
    }
    if on_model:
        steps = trace.metric_step.tolist()
        fields["metrics"] = {
            name: {"step": steps, "value": numbers_to_fields(values)} for name, values in trace.metrics.items()
        }
    else:
        fields["theta"] = _spread(trace)
    return fields


def _spread(trace: Trace) -> list[Any]:
    """A point a step; null at the steps whose theta was not kept, as in races too long to keep all."""
    points = numbers_to_fields(trace.theta)
    assert isinstance(points, list)
    if len(points) == len(trace):
        return points
    spread: list[Any] = [None] * len(trace)
    for step, point in zip(trace.snapshot_step.tolist(), points, strict=True):
        spread[step] = point
    return spread


def _finite(value: Any) -> Any:
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value if math.isfinite(value) else str(value)
