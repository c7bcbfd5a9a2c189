"""The doors to the engine: sweeps, lengths of steps, and how long they are going to take.

torch is loaded inside, as in every part of the catalog.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from lrviz.claims._measured import Need, Walk
from lrviz.core.pauses import Paused, finished
from lrviz.core.sweep import Rows, SweepQuestion, SweepTable

if TYPE_CHECKING:
    from lrviz.core.experiment import Experiment
    from lrviz.core.problem import Problem
    from lrviz.engine.descent import Descent
    from lrviz.engine.sweep import Pool
    from lrviz.engine.sweep_store import SweepStore

WARM_STEPS, TIMED_STEPS = 3, 12
STEPS_A_PAUSE = 8


def swept(
    question: SweepQuestion, store: SweepStore | None, pool: Pool | None
) -> Generator[SweepTable | None, None, None]:
    """Tables of a sweep, the last one complete."""
    from lrviz.engine.sweep import sweep

    return sweep(question, store=store, pool=pool)


def walked(walk: Walk) -> Paused[Rows]:
    """(S, K, T) the Euclidean length of each step of each run; nan once it has overflowed."""
    experiment = walk.experiment
    lengths = np.full((len(walk.seeds), len(experiment.runs), experiment.steps), np.nan)
    for place, seed in enumerate(walk.seeds):
        _, descent = _begun(replace(experiment, seed=seed))
        for step in range(experiment.steps):
            before = descent.theta.clone()
            _advance(descent, step)
            moved = (descent.theta - before).norm(dim=1).double().numpy()
            lengths[place, :, step] = np.where(descent.running, moved, np.nan)
            if step % STEPS_A_PAUSE == 0:
                yield
    return lengths


def seconds_for(need: Need) -> float:
    """How long it is going to take here, from a few timed steps of its first group."""
    if isinstance(need, Walk):
        step, _ = _timed(replace(need.experiment, seed=need.seeds[0]))
        return len(need.seeds) * need.experiment.steps * step
    from lrviz.engine.sweep_group import groups_of

    groups = groups_of(need)
    step, measuring = _timed(groups[0].experiment)
    return sum(group.experiment.steps * step + len(group.marks) * measuring for group in groups)


def _timed(experiment: Experiment) -> tuple[float, float]:
    """Seconds a step, and seconds a measurement."""
    problem, descent = _begun(experiment)
    for step in range(WARM_STEPS):
        _advance(descent, step)
    begun = time.perf_counter()
    for step in range(WARM_STEPS, WARM_STEPS + TIMED_STEPS):
        _advance(descent, step)
    stepped = time.perf_counter()
    if problem.metric_names:
        problem.metrics(descent.theta)
    return (stepped - begun) / TIMED_STEPS, time.perf_counter() - stepped


def _begun(experiment: Experiment) -> tuple[Problem, Descent]:
    from lrviz.engine.descent import Descent
    from lrviz.engine.problems import problem_from_spec

    problem = problem_from_spec(experiment.problem, experiment.seed)
    return problem, Descent(problem, experiment)


def _advance(descent: Descent, step: int) -> None:
    for _ in descent.evaluate(step):
        pass
    for row in descent.overflowed():
        descent.park(row)
    finished(descent.advance_in_pieces())
