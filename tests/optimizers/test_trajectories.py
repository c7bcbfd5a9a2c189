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
from lrviz.core.experiment import Choice, Experiment, OnSurface, Run, choose
from lrviz.engine.race import race
from tests.optimizers.replay import closure_of, every_case, settings_of

STEPS = 60
RATES = (0.05, 0.01, 0.001)
START = (-1.5, 1.0)
BOWL = choose(catalog.surfaces, "stretched_bowl")


@cache
def raced(name: str) -> list[NDArray[np.floating[Any]]]:
    """The paths of one race: for each of the optimizer's settings, one after the other, a run at each rate."""
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
    traces = next(scene.traces for scene in race(experiment) if all(len(trace) > STEPS for trace in scene.traces))
    return [trace.theta for trace in traces]


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
    first = len(RATES) * settings_of(optimizer).index(settings)
    for rate, path in zip(RATES, raced(optimizer.name)[first : first + len(RATES)], strict=True):
        np.testing.assert_allclose(path, alone(optimizer, settings, rate), rtol=1e-9, atol=1e-13)
