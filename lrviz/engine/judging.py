"""Verdicts on a finished race: the figures they rest on are worked out here, the words in core."""

from __future__ import annotations

import numpy as np
import torch

from lrviz.core.landscape import Landscape
from lrviz.core.model_verdict import judge_model
from lrviz.core.scene import Scene
from lrviz.core.surface_ground import Ground, Minimum, snapshot_off_the_map
from lrviz.core.surface_verdict import judge_surface
from lrviz.core.trace import Trace
from lrviz.core.verdict import Verdict
from lrviz.engine.curvature import dynamics, slopes
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.problems import SurfaceProblem

TOLERANCE = 1e-6  # above a minimum's loss, or that part of a landscape whose losses differ by less than 1


def surface_verdicts(scene: Scene, problem: SurfaceProblem) -> tuple[Verdict, ...]:
    """One verdict a run, in the scene's order, once the race has ended."""
    assert scene.landscape is not None
    ground = _ground(scene, problem, scene.landscape)
    return tuple(_verdict(scene, problem, ground, run) for run in range(len(scene.traces)))


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


def _verdict(scene: Scene, problem: SurfaceProblem, ground: Ground, run: int) -> Verdict:
    trace: Trace = scene.traces[run]
    known = dynamics(scene.experiment.optimizer_of(scene.experiment.runs[run]))
    end = slopes(problem, trace.theta[-1:])[0]
    left = snapshot_off_the_map(trace, ground)
    leaving = slopes(problem, trace.theta[left - 1 : left])[0] if left else None
    return judge_surface(trace, ground, end, leaving, known)
