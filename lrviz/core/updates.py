"""One update of one run, put together from its trace, and its telling in stages."""

from __future__ import annotations

import numpy as np

from lrviz.core import catalog
from lrviz.core.scene import Scene
from lrviz.core.trace import Trace
from lrviz.core.update import Arrow, Stage, Update, Vector

STATE = "state."  # begins the names of details that are the optimizer's memory


def update_at(scene: Scene, run: int, step: int) -> Update | None:
    """The update that `run` made at `step`, on a surface.

    None where none is known: at the last row, which no update followed, between snapshots of a very long race, and
    where details are not kept.
    """
    trace = scene.traces[run]
    here, there = trace.snapshot_at(step), trace.snapshot_at(step + 1)
    if here is None or there is None:
        return None
    return _update(scene, run, step, here, _point_at(trace, there) - _point_at(trace, here), here)


def state_at(scene: Scene, run: int, step: int) -> Update | None:
    """The update at `step`, or else how it would begin: moved by nothing yet, its memory after still that before.

    None before an optimizer's first update is known, and wherever update_at has another reason for it.
    """
    known = update_at(scene, run, step)
    if known is not None:
        return known
    trace = scene.traces[run]
    here, earlier = trace.snapshot_at(step), trace.snapshot_at(step - 1)
    if here is None or earlier is None or _is_first(scene, run, step):
        return None
    return _update(scene, run, step, here, np.zeros(2), earlier)


def stages_at(scene: Scene, run: int, step: int) -> tuple[Stage, ...]:
    """The update at `step` as its optimizer's file tells it; in two plain stages where it does not; none unknown."""
    update = update_at(scene, run, step)
    if update is None:
        return ()
    experiment = scene.experiment
    part = catalog.optimizers.find(experiment.optimizer_at(experiment.runs[run], step).name)
    with np.errstate(all="ignore"):  # a run that overflows is told to its end
        return part.stages(update) if part.stages is not None else _plain_stages(update, part.title)


def _update(scene: Scene, run: int, step: int, here: int, moved: Vector, after: int) -> Update | None:
    """`after` is the snapshot whose memory is that after the update; None where details are missing."""
    experiment, trace = scene.experiment, scene.traces[run]
    details = trace.details_at(here)
    if "gradient" not in details:
        return None
    before: dict[str, Vector] = {}
    if not _is_first(scene, run, step):
        earlier = trace.snapshot_at(step - 1)
        if earlier is None:
            return None
        before = _memory(trace, earlier)
    return Update(
        step=step,
        rate=trace.rate_at(step),
        theta=_point_at(trace, here),
        moved=moved,
        gradient=details["gradient"],
        before=before,
        after=_memory(trace, after),
        settings=experiment.optimizer_at(experiment.runs[run], step).parameters,
    )


def _point_at(trace: Trace, index: int) -> Vector:
    return np.asarray(trace.theta_at(index), np.float64)


def _is_first(scene: Scene, run: int, step: int) -> bool:
    """Whether an optimizer's first update is at `step`."""
    return step == 0 or any(change.step == step and change.optimizer for change in scene.experiment.runs[run].changes)


def _memory(trace: Trace, index: int) -> dict[str, Vector]:
    """The optimizer's memory after a snapshot's update; what belongs to other runs' optimizers is nan here."""
    return {
        name.removeprefix(STATE): values
        for name, values in trace.details_at(index).items()
        if name.startswith(STATE) and not (values[0] != values[0] and values[1] != values[1])
    }


def _plain_stages(update: Update, title: str) -> tuple[Stage, Stage]:
    gradient, moved = _point(update.gradient), _point(update.moved)
    downhill = _point(-update.rate * update.gradient)
    return (
        Stage(
            "Slope",
            "g = ∇L(θ)",
            "The gradient points uphill; plain descent would step the other way, its length times the rate.",
            (("g", gradient), ("η", (update.rate,))),
            Arrow("gradient", downhill),
        ),
        Stage(
            "Step",
            "θ ← θ + Δ",
            f"{title} makes this step of it.",
            (("Δ", moved), ("θ", _point(update.theta + update.moved))),
            Arrow("step", moved),
        ),
    )


def _point(vector: Vector) -> tuple[float, float]:
    return float(vector[0]), float(vector[1])
