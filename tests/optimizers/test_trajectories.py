"""The batched engine against one torch.optim object a run: every optimizer, with its defaults and with others."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.catalog import Optimizer
from lrviz.core.experiment import Choice, Experiment, OnExpression, OnSurface, Run, choose
from lrviz.core.gauge import gauge_at
from lrviz.core.scene import Scene
from lrviz.core.updates import stages_at
from lrviz.engine.race import race
from tests.optimizers.replay import closure_of, every_case, every_optimizer, settings_of

STEPS = 60
RATES = (0.05, 0.01, 0.001)
START = (-1.5, 1.0)
BOWL = choose(catalog.surfaces, "stretched_bowl")


@cache
def raced(name: str) -> Scene:
    """One race: for each of the optimizer's settings, one after the other, a run at each rate."""
    experiment = Experiment(
        problem=OnSurface(BOWL, START),
        optimizer=choose(catalog.optimizers, name),
        schedule=choose(catalog.schedules, "constant"),
        runs=tuple(
            Run(rate, Choice(name, settings))
            for settings in settings_of(catalog.optimizers.find(name))
            for rate in RATES
        ),
        steps=STEPS,
    )
    return next(scene for scene in race(experiment) if all(len(trace) > STEPS for trace in scene.traces))


def runs_of(optimizer: Optimizer, settings: dict[str, Any]) -> range:
    first = len(RATES) * settings_of(optimizer).index(settings)
    return range(first, first + len(RATES))


def alone(optimizer: Optimizer, settings: dict[str, Any], rate: float) -> NDArray[np.float64]:
    surface = catalog.surfaces.find(BOWL.name)

    def loss(theta: Tensor) -> Tensor:
        value: Tensor = surface.factory(theta[0], theta[1], **surface.own_settings(BOWL.parameters))
        return value

    theta = torch.nn.Parameter(torch.tensor(START, dtype=torch.float64))
    made = optimizer.factory([theta], rate, **settings)
    rows = [theta.detach().clone()]
    for _ in range(STEPS):
        made.step(closure_of(theta, loss))
        rows.append(theta.detach().clone())
    path: NDArray[np.float64] = torch.stack(rows).numpy()
    return path


@every_case
def test_runs_that_step_together_go_where_each_goes_alone(optimizer: Optimizer, settings: dict[str, Any]) -> None:
    traces = raced(optimizer.name).traces
    for rate, run in zip(RATES, runs_of(optimizer, settings), strict=True):
        np.testing.assert_allclose(traces[run].theta, alone(optimizer, settings, rate), rtol=1e-9, atol=1e-13)


@every_case
def test_what_the_engine_recorded_tells_the_steps_it_made(optimizer: Optimizer, settings: dict[str, Any]) -> None:
    scene = raced(optimizer.name)
    for run in runs_of(optimizer, settings):
        theta = scene.traces[run].theta
        for step in range(0, STEPS, 7):
            *_, last = stages_at(scene, run, step)
            assert last.arrow is not None
            np.testing.assert_allclose(last.arrow.by, theta[step + 1] - theta[step], rtol=1e-8, atol=1e-13)


@every_optimizer
def test_a_run_is_told_and_measured_until_it_overflows(optimizer: Optimizer) -> None:
    """Numbers that are not finite are no reason to fail, nor to warn."""
    experiment = Experiment(
        problem=OnExpression("x**4 + 100*y**4", (-2.0, 2.0, -2.0, 2.0), (1.5, 1.0)),
        optimizer=choose(catalog.optimizers, optimizer.name),
        schedule=choose(catalog.schedules, "constant"),
        runs=(Run(1e3), Run(1e200)),
        steps=30,
    )
    *_, scene = race(experiment)
    for run, trace in enumerate(scene.traces):
        for step in range(len(trace)):
            stages_at(scene, run, step)
            gauge_at(scene, run, step)
