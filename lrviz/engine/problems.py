"""Problems from what an experiment says of them; here surfaces and typed formulas, in float64 with autograd."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from lrviz.core import catalog
from lrviz.core.catalog import Bounds, Point
from lrviz.core.data_view import DataView
from lrviz.core.dataset import Data
from lrviz.core.epochs import check_suits, load_data
from lrviz.core.experiment import MAX_RUNS, OnExpression, OnModel, OnSurface, ProblemSpec
from lrviz.core.expression import parse_expression
from lrviz.core.pauses import Paused
from lrviz.core.problem import Problem
from lrviz.core.signature import Value
from lrviz.engine.dense_problem import DenseProblem
from lrviz.engine.draws import own_draws
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.own_loss import OwnLossProblem
from lrviz.engine.tape import taped

Function = Callable[[Tensor, Tensor], Tensor]

NOISE_BLOCK = 1024  # steps whose noise is drawn at once
TAPED_AFTER = 10  # gradients of as many points: a tape costs as much as some twenty of them


class SurfaceProblem:
    """A function of x and y, elementwise; theta (K, 2) is K points."""

    parameters = 2
    steps_per_epoch = None
    metric_names = ()
    layers = ()
    metrics_cost = 0.0
    gradient_rows = MAX_RUNS
    note = ""

    def __init__(self, function: Function, start: Point, noise: float = 0.0, seed: int = 0) -> None:
        """`noise` is the deviation of what is added to each part of the gradient, the same for every run."""
        self._function = function
        self._start = start
        self.noise = noise
        self._seed = seed
        self._asked: dict[tuple[int, torch.dtype], int] = {}
        self._ways: dict[tuple[int, torch.dtype], Callable[[Tensor], tuple[Tensor, Tensor]]] = {}
        self._block = -1
        self._draws = torch.zeros(0, 2, dtype=torch.float64)

    @property
    def function(self) -> Function:
        """The loss at x and y, elementwise."""
        return self._function

    def start(self, runs: int) -> Tensor:
        return torch.tensor(self._start, dtype=torch.float64).repeat(runs, 1)

    def loss(self, theta: Tensor, _step: int = 0, /) -> Tensor:
        """(K,) at theta (K, 2), or (…) at (…, 2)."""
        x, y = theta.unbind(-1)
        return self._function(x, y)

    def gradients(self, theta: Tensor, step: int = 0, /) -> tuple[Tensor, Tensor]:
        loss, gradient = self._way(theta)(theta)
        return loss, gradient + self.noise_at(step).to(gradient.dtype) if self.noise else gradient

    def gradients_in_pieces(self, theta: Tensor, step: int = 0, /) -> Paused[tuple[Tensor, Tensor]]:
        yield
        return self.gradients(theta, step)

    def noise_at(self, step: int) -> Tensor:
        """(2,) what the gradient of every run has too much at `step`: normal, of the noise's deviation, and seeded.

        Each block of steps has a generator of its own, so that it does not matter which steps are asked for, or when.
        """
        block, place = divmod(step, NOISE_BLOCK)
        if block != self._block:
            draws = np.random.default_rng((self._seed, block)).standard_normal((NOISE_BLOCK, 2))
            self._block, self._draws = block, torch.from_numpy(self.noise * draws)
        return self._draws[place]

    def _way(self, theta: Tensor) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        """Autograd, and for a number of points that comes again and again its tape, which gives the same bits."""
        kind = (theta.shape[0], theta.dtype)
        known = self._ways.get(kind)
        if known is not None:
            return known
        self._asked[kind] = self._asked.get(kind, 0) + 1
        if self._asked[kind] >= TAPED_AFTER:
            self._ways[kind] = taped(self._plain_gradients, theta) or self._plain_gradients
        return self._plain_gradients

    def _plain_gradients(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        with torch.enable_grad():
            # Two leaves instead of one: their gradients need no scattering back into columns.
            x, y = (column.detach().requires_grad_() for column in theta.unbind(-1))
            loss = self._function(x, y)
            if not loss.requires_grad:  # the same everywhere
                return loss, torch.zeros_like(theta)
            parts = torch.autograd.grad(loss, (x, y), torch.ones_like(loss), allow_unused=True, materialize_grads=True)
        return loss.detach(), torch.stack(parts, -1)

    def metrics(self, _theta: Tensor, /) -> dict[str, Tensor]:
        return {}

    def digest(self) -> bytes:
        start = self.start(1)
        noise = self.noise_at(0).tolist() if self.noise else []
        return np.array([*self._start, *self.loss(start).tolist(), *noise]).tobytes()


def problem_from_spec(spec: ProblemSpec, seed: int) -> Problem:
    """The problem that the experiment describes. LrvizError where it can't be: a bad formula, a broken data file."""
    match spec:
        case OnSurface(surface=choice, start=start):
            part = catalog.surfaces.find(choice.name)
            noise = choice.parameters.get(catalog.NOISE.name, 0.0)
            assert isinstance(noise, float)
            function = _function(part.factory, tuple(part.own_settings(choice.parameters).items()))
            return SurfaceProblem(function, start, noise, seed)
        case OnExpression(expression=text, start=start, noise=noise):
            return SurfaceProblem(parse_expression(text), start, noise, seed)
        case OnModel():
            return _model_problem(spec, seed)


@lru_cache(maxsize=64)
def _function(factory: Callable[..., Tensor], settings: tuple[tuple[str, Value], ...]) -> Function:
    """A surface's loss with its settings: the same object for the same ones, so that its landscape is kept."""
    given = dict(settings)
    return lambda x, y: factory(x, y, **given)


def bounds_and_minima(spec: OnSurface | OnExpression) -> tuple[Bounds, tuple[Point, ...]]:
    """The window on a surface, and the minima that are known in it."""
    if isinstance(spec, OnExpression):
        return spec.bounds, ()
    part = catalog.surfaces.find(spec.surface.name)
    return part.bounds, tuple(part.minima(**part.own_settings(spec.surface.parameters)))


def data_behind(spec: OnSurface | OnExpression) -> DataView | None:
    """The samples whose loss a surface is; None for one that is no real loss."""
    if isinstance(spec, OnExpression):
        return None
    part = catalog.surfaces.find(spec.surface.name)
    return part.data(**part.own_settings(spec.surface.parameters)) if part.data else None


def _model_problem(spec: OnModel, seed: int) -> ModelProblem:
    data = load_data(spec.data, seed)
    part = catalog.models.find(spec.model.name)
    check_suits(part, data)
    module = module_for(part, data, spec.model.parameters, seed)
    if part.loss is not None:
        return OwnLossProblem(module, data, spec.batch_size, seed, part.loss)
    kind = DenseProblem if DenseProblem.takes(module) else ModelProblem
    return kind(module, data, spec.batch_size, seed, part.squared)


def module_for(part: catalog.Model, data: Data, parameters: Mapping[str, Value], seed: int) -> nn.Module:
    """The model, untrained, made for `data`; `seed` draws its numbers."""
    features = data.train_inputs.shape[1]
    with own_draws(seed):
        module = part.build(features, data.outputs, data.image_shape or (features,), parameters)
    assert isinstance(module, nn.Module)
    return module
