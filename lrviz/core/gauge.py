"""The stability gauge: how near a rate comes to the largest that the curvature under a run allows its optimizer.

On a bowl of curvature λ gradient descent shrinks its distance while η λ < 2, and swings ever wider above; momentum
and its kin have limits of their own, told by their files. An optimizer that divides each axis by a size of its own
goes down the surface as if stretched by that: what counts is the largest eigenvalue of √s H √s, s the scaling and H
the Hessian, with weight decay added to each curvature. Sources: J. M. Cohen et al., Gradient Descent on Neural
Networks Typically Occurs at the Edge of Stability, ICLR 2021, arXiv:2103.00065; J. M. Cohen et al., Adaptive Gradient
Methods at the Edge of Stability, 2022, arXiv:2207.14484.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrviz.core import catalog
from lrviz.core.scene import Scene
from lrviz.core.update import Vector
from lrviz.core.updates import state_at


@dataclass(frozen=True)
class Gauge:
    """Above ratio 1 a bowl of this curvature is not held. A curvature below 0 has no limit: its ratio is below 0."""

    sharpness: float  # the largest eigenvalue of √s (H + c) √s
    limit: float  # what rate × sharpness must stay below
    rate: float
    ratio: float  # rate × sharpness / limit
    formula: str  # the limit as people write it: "2 (1 + β)"
    scaled: bool  # whether s is anything but 1, so that sharpness is no curvature of the surface itself


def gauge_at(scene: Scene, run: int, step: int) -> Gauge | None:
    """The gauge of a run on a surface at a step.

    At the last row, which no update followed, the optimizer's memory is still that of the update before. None where no
    limit is known, where no Hessian has been measured or is finite, and where the memory is not known.
    """
    experiment, trace = scene.experiment, scene.traces[run]
    stability = catalog.optimizers.find(experiment.optimizer_at(experiment.runs[run], step).name).stability
    index = trace.snapshot_at(step) if stability is not None else None
    if stability is None or index is None:
        return None
    hessian = trace.details_at(index).get("hessian")
    update = state_at(scene, run, step)
    if hessian is None or update is None:
        return None
    with np.errstate(all="ignore"):
        stands = stability(update)
    if stands is None:
        return None
    sharpness = largest_eigenvalue(hessian + stands.added * np.eye(2), stands.scale)
    ratio = update.rate * sharpness / stands.limit
    if not math.isfinite(ratio):
        return None
    scaled = bool((stands.scale != 1).any())
    return Gauge(sharpness, stands.limit, update.rate, ratio, stands.formula, scaled)


def largest_eigenvalue(hessian: NDArray[np.float64], scale: Vector, added: float = 0.0) -> float:
    """Of √s (H + c) √s: H (2, 2) symmetric, s (2,) not below 0, c added along each axis."""
    sx, sy = float(scale[0]), float(scale[1])
    a, d = sx * (float(hessian[0, 0]) + added), sy * (float(hessian[1, 1]) + added)
    b = math.sqrt(sx * sy) * float(hessian[0, 1])
    return (a + d) / 2 + math.hypot((a - d) / 2, b)
