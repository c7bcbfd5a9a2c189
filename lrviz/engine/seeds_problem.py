"""One problem at several seeds, as the rows of one tensor: each row has its seed's start, batches and noise."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from lrviz.core.experiment import ProblemSpec
from lrviz.core.pauses import Paused
from lrviz.core.problem import Problem
from lrviz.engine.dense_layers import layers_of
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

    def gradients_in_pieces(self, theta: Tensor, step: int) -> Paused[tuple[Tensor, Tensor]]:
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

    def gradients_in_pieces(self, theta: Tensor, step: int) -> Paused[tuple[Tensor, Tensor]]:
        loss, gradient = yield from self._quiet.gradients_in_pieces(theta, step)
        if self._sources:
            gradient = gradient + torch.stack([source.noise_at(step) for source in self._sources])
        return loss, gradient


class _ModelSeeds(SeedsProblem):
    """A model's rows together, each on its own batch; the first seed's module computes all, at theta as it is given."""

    def __init__(self, problems: Sequence[ModelProblem], rows: int) -> None:
        """`rows` of theta are computed at once."""
        super().__init__(problems)
        self._models = tuple(problems)
        self._rows = rows
        first = problems[0]
        inputs, targets = zip(*(model.training_part for model in problems), strict=True)
        self._samples = torch.cat(inputs), torch.cat(targets)  # (S·N, D) and (S·N,): seeds one after another
        self._epoch, self._order = -1, torch.empty(0, dtype=torch.int64)  # (S, N) places among the samples
        dense = isinstance(first, DenseProblem)
        self._dense = DenseSeeds(layers_of(first.module), first.is_likelihood) if dense else None

    def gradients_in_pieces(self, theta: Tensor, step: int) -> Paused[tuple[Tensor, Tensor]]:
        inputs, targets = self._batch(step)
        if self._rows >= len(theta):
            yield
            return self._gradients_on(theta, (inputs, targets), step)
        loss, gradient = theta.new_empty(len(theta)), torch.empty_like(theta)
        for some in slices(len(theta), self._rows):
            loss[some], gradient[some] = self._gradients_on(theta[some], (inputs[some], targets[some]), step)
            yield
        return loss, gradient

    def _gradients_on(self, theta: Tensor, batch: Part, step: int) -> tuple[Tensor, Tensor]:
        """Of some rows, on their own batches (k, B, D) and (k, B)."""
        if self._dense is not None:
            return self._dense.gradients(theta, *batch)
        return self._models[0].gradients_on(theta, batch, step)

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
    return _ModelSeeds(models, rows) if rows and _go_together(models) else SeedsProblem(problems)


def _go_together(models: Sequence[ModelProblem]) -> bool:
    """Whether they have as many samples, and nothing is drawn within them: a seed draws its own, alone or not."""
    sizes = {model.training_part[0].shape for model in models}
    return len(sizes) == 1 and not any(model.draws for model in models)
