"""Experiments to ask in tests, small enough to run at once, and parts that only tests know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrviz.core import catalog
from lrviz.core.catalog import Bounds, Point
from lrviz.core.dataset import Data
from lrviz.core.experiment import Choice, Experiment, OnExpression, OnModel, OnSurface, ProblemSpec, Run, choose
from lrviz.core.scene import Scene
from lrviz.engine.race import race


def asked(
    problem: ProblemSpec,
    lrs: Sequence[float],
    steps: int,
    optimizer: str = "sgd",
    schedule: str = "constant",
    seed: int = 0,
    **settings: Any,
) -> Experiment:
    """An experiment; `settings` are the optimizer's."""
    return Experiment(
        problem=problem,
        optimizer=choose(catalog.optimizers, optimizer, **settings),
        schedule=choose(catalog.schedules, schedule),
        runs=tuple(map(Run, lrs)),
        steps=steps,
        seed=seed,
    )


def on_surface(name: str, start: Point | None = None, **settings: Any) -> OnSurface:
    return OnSurface(choose(catalog.surfaces, name, **settings), start or catalog.surfaces.find(name).start)


def on_expression(text: str, start: Point, bounds: Bounds = (-2.0, 2.0, -2.0, 2.0)) -> OnExpression:
    return OnExpression(text, bounds, start)


def on_model(model: str = "mlp", data: str = "moons", batch_size: int = 64, **settings: Any) -> OnModel:
    return OnModel(choose(catalog.models, model, **settings), choose(catalog.datasets, data), batch_size)


def run(experiment: Experiment) -> Scene:
    """The last scene of the race."""
    *_, last = race(experiment)
    return last


def until_judged(experiment: Experiment) -> Scene:
    """The first scene with verdicts: without a model's landscapes, which take longest."""
    return next(scene for scene in race(experiment) if scene.verdicts is not None)


def toy_data(samples: int = 40, inputs: int = 3, classes: int = 3, test: int = 10, seed: int = 0) -> Data:
    """Points around one centre a class; `classes` 0 makes it a regression."""
    rng = np.random.default_rng(seed)
    targets: NDArray[np.int64] | NDArray[np.float32]
    targets = rng.integers(0, max(classes, 2), samples + test)
    points = (rng.standard_normal((samples + test, inputs)) + 2 * targets[:, None]).astype(np.float32)
    if not classes:
        targets = points.sum(1).astype(np.float32) / 4
    return Data(
        name="toys",
        train_inputs=points[:samples],
        train_targets=targets[:samples],
        test_inputs=points[samples:],
        test_targets=targets[samples:],
        classes=tuple(f"class {c}" for c in range(classes)),
        features=tuple(f"feature {f}" for f in range(inputs)),
    )


def toy_network(inputs: int = 3, outputs: int = 3, seed: int = 0) -> nn.Sequential:
    """A dense network of two hidden layers."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(inputs, 6), nn.Tanh(), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, outputs))


@contextmanager
def rowwise_optimizers() -> Iterator[tuple[str, ...]]:
    """torch optimizers that go row by row, in the catalog for as long as the context lasts."""

    def lbfgs(params: Iterable[Tensor], lr: float) -> torch.optim.Optimizer:
        """Asks for the loss several times a step."""
        return torch.optim.LBFGS(params, lr=lr, max_iter=2)

    def rprop(params: Iterable[Tensor], lr: float) -> torch.optim.Optimizer:
        """Its rate is only its first step's size."""
        return torch.optim.Rprop(params, lr=lr)

    def asgd(params: Iterable[Tensor], lr: float) -> torch.optim.Optimizer:
        """Its rate stands in a denominator."""
        return torch.optim.ASGD(params, lr=lr, lambd=0.1)

    known = dict(catalog.optimizers._parts)
    for factory in (lbfgs, rprop, asgd):
        catalog.optimizer(f"test-{factory.__name__}", title=factory.__name__, rowwise=True)(factory)
    try:
        yield tuple(name for name in catalog.optimizers._parts if name.startswith("test-"))
    finally:
        catalog.optimizers._parts.clear()
        catalog.optimizers._parts.update(known)


def defaults(optimizer: str) -> Choice:
    return choose(catalog.optimizers, optimizer)
