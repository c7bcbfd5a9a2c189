"""One problem at several seeds, as the rows of one theta: each row has its seed's start, batches and noise."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from lrviz.core.experiment import ProblemSpec
from lrviz.core.pauses import Paused
from lrviz.core.problem import Gradients, Problem
from lrviz.engine.dense_layers import Layer, layers_of, widths_of
from lrviz.engine.dense_problem import DenseProblem
from lrviz.engine.dense_seeds import DenseSeeds
from lrviz.engine.model_loss import Part
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.portions import slices
from lrviz.engine.problems import SurfaceProblem, problem_from_spec


class SeedsProblem:
    """Row s of theta (S, P) is what seed s's own problem minimises; here the rows are computed one after another."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)  # one a seed

    def start(self) -> Tensor:
        """(S, P) each seed's own."""
        return torch.cat([problem.start(1) for problem in self.problems])

    @property
    def widths(self) -> tuple[int, ...]:
        """How many columns of theta each block has, in which it is held."""
        return (self.problems[0].parameters,)

    def gradients_in(self, theta: Sequence[Tensor], gradient: Sequence[Tensor]) -> Gradients:
        """As a ProblemInBlocks has them, each row's on its seed's own batch."""
        (rows,), (place,) = theta, gradient

        def gradients(step: int) -> Paused[Tensor]:
            loss, found = yield from self._in_rows(rows, step)
            place.copy_(found)
            return loss

        return gradients

    def _in_rows(self, theta: Tensor, step: int) -> Paused[tuple[Tensor, Tensor]]:
        """Losses (S,) and gradients (S, P), good until the next call, with pauses as a problem's own."""
        loss, gradient = theta.new_empty(len(theta)), torch.empty_like(theta)
        for row, problem in enumerate(self.problems):
            some = slice(row, row + 1)
            loss[some], gradient[some] = yield from problem.gradients_in_pieces(theta[some], step)
        return loss, gradient

    @property
    def notes(self) -> tuple[str, ...]:
        """What the person should know of how it is computed."""
        first = self.problems[0]
        return first.remarks if isinstance(first, ModelProblem) else ()


class _SurfaceSeeds(SeedsProblem):
    """A surface is the same for every seed; only what is added to its gradient differs."""

    def __init__(self, problems: Sequence[SurfaceProblem]) -> None:
        super().__init__(problems)
        first = problems[0]
        x, y = first.start(1)[0].tolist()
        self._sources = problems if first.noise else ()
        self._quiet = SurfaceProblem(first.function, (x, y))

    def _in_rows(self, theta: Tensor, step: int) -> Paused[tuple[Tensor, Tensor]]:
        loss, gradient = yield from self._quiet.gradients_in_pieces(theta, step)
        if self._sources:
            gradient = gradient + torch.stack([source.noise_at(step) for source in self._sources])
        return loss, gradient


class _ModelSeeds(SeedsProblem):
    """A model's rows together, each on its own batch; the first seed's module computes all, at theta as it is held."""

    def __init__(self, problems: Sequence[ModelProblem], rows: int) -> None:
        """`rows` of theta are computed at once."""
        super().__init__(problems)
        self._models = tuple(problems)
        self._rows = rows
        inputs, targets = zip(*(model.training_part for model in problems), strict=True)
        self._samples = torch.cat(inputs), torch.cat(targets)  # (S·N, D) and (S·N,): seeds one after another
        self._epoch, self._order = -1, torch.empty(0, dtype=torch.int64)  # (S, N) places among the samples

    def _in_rows(self, theta: Tensor, step: int) -> Paused[tuple[Tensor, Tensor]]:
        inputs, targets = self._batch(step)
        loss, gradient = theta.new_empty(len(theta)), torch.empty_like(theta)
        for some in slices(len(theta), self._rows):
            batch = inputs[some], targets[some]
            loss[some], gradient[some] = self._models[0].gradients_on(theta[some], batch, step)
            yield
        return loss, gradient

    def _batch(self, step: int) -> Part:
        """(S, B, D) and (S, B)."""
        epoch, place = divmod(step, self._models[0].steps_per_epoch)
        if epoch != self._epoch:
            self._epoch = epoch
            seeds, samples = len(self._models), len(self._samples[0]) // len(self._models)
            orders = torch.stack([model.order(epoch) for model in self._models])
            self._order = orders + samples * torch.arange(seeds)[:, None]
        size = self._models[0].batch_size
        some = self._order[:, place * size : (place + 1) * size]
        inputs, targets = (part.index_select(0, some.flatten()) for part in self._samples)
        return inputs.view(*some.shape, -1), targets.view(some.shape)


class _DenseModelSeeds(_ModelSeeds):
    """A dense network's rows, written out."""

    @property
    def widths(self) -> tuple[int, ...]:
        return widths_of(self._layers)

    @property
    def _layers(self) -> list[Layer]:
        return layers_of(self._models[0].module)

    def gradients_in(self, theta: Sequence[Tensor], gradient: Sequence[Tensor]) -> Gradients:
        portions = [
            (some, self._dense([part[some] for part in theta], [part[some] for part in gradient]))
            for some in slices(len(self._models), self._rows)
        ]

        def gradients(step: int) -> Paused[Tensor]:
            inputs, targets = self._batch(step)
            losses = []
            for some, dense in portions:
                losses.append(dense(inputs[some], targets[some]))
                yield
            return torch.cat(losses)

        return gradients

    def _dense(self, theta: Sequence[Tensor], gradient: Sequence[Tensor]) -> DenseSeeds:
        return DenseSeeds(self._layers, theta, gradient, self._models[0].is_likelihood)


def seeds_problem(spec: ProblemSpec, seeds: Sequence[int]) -> Paused[SeedsProblem]:
    """The problem at these seeds, with a pause after each is made. LrvizError where it can't be made."""
    problems = []
    for seed in seeds:
        problems.append(problem_from_spec(spec, seed))
        yield
    surfaces = [problem for problem in problems if isinstance(problem, SurfaceProblem)]
    models = [problem for problem in problems if isinstance(problem, ModelProblem)]
    if surfaces:
        return _SurfaceSeeds(surfaces)
    rows = models[0].gradient_rows
    if not rows or not _go_together(models):
        return SeedsProblem(problems)
    return (_DenseModelSeeds if isinstance(models[0], DenseProblem) else _ModelSeeds)(models, rows)


def _go_together(models: Sequence[ModelProblem]) -> bool:
    """Whether they have as many samples, and nothing is drawn within them: a seed draws its own, alone or not."""
    sizes = {model.training_part[0].shape for model in models}
    return len(sizes) == 1 and not any(model.draws for model in models)
