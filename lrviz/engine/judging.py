"""Verdicts on a finished race: the figures they rest on are worked out here, the words in core."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from lrviz.core import catalog
from lrviz.core.gauge import gauge_at
from lrviz.core.landscape import Landscape
from lrviz.core.model_verdict import judge_model
from lrviz.core.scene import Scene
from lrviz.core.surface_ground import Dynamics, Ground, Minimum, Slope, snapshot_off_the_map
from lrviz.core.surface_verdict import judge_surface
from lrviz.core.verdict import Verdict
from lrviz.engine.curvature import slopes
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.problems import SurfaceProblem

DECAYS = ("weight_decay", "lambd")  # torch's names of what pulls theta to 0
REACH = 0.1  # how far is looked along a direction without curvature, in half-sizes of the window
TOLERANCE = 1e-6  # above a minimum's loss, or that part of a landscape whose losses differ by less than 1


def surface_verdicts(scene: Scene, problem: SurfaceProblem) -> tuple[Verdict, ...]:
    """One verdict a run, in the scene's order, once the race has ended."""
    assert scene.landscape is not None
    ground = _ground(scene, problem, scene.landscape)
    ends = np.array([trace.theta[-1] for trace in scene.traces])
    found = slopes(problem, ends)
    return tuple(
        judge_surface(trace, ground, _with_sinking(problem, ground, end, theta), _dynamics(scene, problem, ground, run))
        for run, (trace, end, theta) in enumerate(zip(scene.traces, found, ends, strict=True))
    )


def model_verdicts(scene: Scene, problem: ModelProblem) -> tuple[Verdict, ...]:
    """One verdict a run, in the scene's order, once the race has ended."""
    return tuple(judge_model(trace, problem.steps_per_epoch, problem.is_likelihood) for trace in scene.traces)


def _ground(scene: Scene, problem: SurfaceProblem, landscape: Landscape) -> Ground:
    places = np.array(scene.minima).reshape(-1, 2)
    losses = problem.loss(torch.from_numpy(places)).tolist()
    found = zip(scene.minima, losses, slopes(problem, places), strict=True)
    minima = tuple(Minimum(place, loss, float(slope.curvatures[0])) for place, loss, slope in found)
    heights = landscape.loss[np.isfinite(landscape.loss)]
    span = float(heights.max() - heights.min()) if len(heights) else 1.0
    tolerance = TOLERANCE * min(1.0, span or 1.0)
    return Ground(landscape.bounds, minima, tolerance)


def _with_sinking(problem: SurfaceProblem, ground: Ground, end: Slope, theta: NDArray[np.float64]) -> Slope:
    """The slope, having looked along directions without curvature: by that alone the saddle of x² − y⁴ is a minimum."""
    if not np.all(np.isfinite(end.curvatures)) or end.curved.all() or not end.curved.any():
        return end
    flat = end.directions[~end.curved] * ground.half_size
    points = theta + np.concatenate([reach * flat for reach in (-REACH, -REACH / 3, REACH / 3, REACH)])
    here, *around = problem.loss(torch.from_numpy(np.vstack([theta, points]))).tolist()
    return replace(end, sinks=min(around) < here - ground.tolerance)


def _dynamics(scene: Scene, problem: SurfaceProblem, ground: Ground, run: int) -> Dynamics:
    """Of the optimizer that the run ended with."""
    trace, last = scene.traces[run], len(scene.traces[run]) - 1
    optimizer = scene.experiment.optimizer_at(scene.experiment.runs[run], last)
    speed = catalog.optimizers.find(optimizer.name).speed
    left = snapshot_off_the_map(trace, ground)
    return Dynamics(
        speed=None if speed is None else speed(**optimizer.parameters),
        decays=any(optimizer.parameters.get(name) for name in DECAYS),
        noise=problem.noise,
        leaving=gauge_at(scene, run, int(trace.snapshot_step[left - 1])) if left else None,
        ending=gauge_at(scene, run, last),
    )
