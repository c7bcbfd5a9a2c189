"""The loss of a torch module as a problem: its gradients, its metrics and its landscape, with a pause in time."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.landscape import Plane
from lrviz.core.pauses import Paused, finished
from lrviz.engine.lanes import ALONE, Lanes
from lrviz.engine.model_loss import ModelLoss, Part
from lrviz.engine.portions import BACKWARD, TWICE, slices
from lrviz.engine.stacked_module import StackedModule

LANDSCAPE_SAMPLES = (500, 2000)  # the fewest and the most that a landscape is computed from, as far as there are
LANDSCAPE_PRODUCTS = 30e6  # multiplications a point of it that are affordable
HELD_NUMBERS = 2_000_000  # about as many numbers of a layer are held at once when whole parts are measured
CURVATURE_SAMPLES = 256  # fewer at once are not worth their while, unless they take too long
DRAWS_APART = 2**40  # between the numbers by which two pieces of a step draw: there are fewer steps
LossPiece = Callable[[Tensor], Tensor]  # (K, P) to (K,)
LossesAt = Callable[[NDArray[np.float64]], Iterator[Tensor | None]]  # (G, 2) to (G,)


class ModelProblem(ModelLoss):
    """A ModelLoss as the engine asks for it, in portions of work that were counted beforehand.

    What is called `…_in_pieces` pauses after each of them. Where a sample's answer depends on those beside it, as with
    batch norm, samples can't be divided: then a portion is one run's work on a batch or part.
    """

    lanes: Lanes = ALONE  # of landscapes; whoever has threads to spare sets it

    @property
    def metric_names(self) -> tuple[str, ...]:
        accuracies = ("train_accuracy", "test_accuracy") if self._data.classes else ()
        return ("train_loss", "test_loss", *accuracies)

    @property
    def metrics_cost(self) -> float:
        # A step's backward pass costs about two forward passes.
        train, test = len(self._train[0]), len(self._test[0])
        return (train + test) / train * self.steps_per_epoch / 3

    @property
    def gradient_rows(self) -> int:
        return self.portions.rows(self._batches.size, BACKWARD)

    @property
    def metric_rows(self) -> int:
        """How many rows are measured together, so that it takes some tens of milliseconds or is the work of one."""
        rows = max(1, self.portions.rows(len(self._train[0]) + len(self._test[0]), 1))
        if self._module.ties_samples:
            return max(1, min(rows, HELD_NUMBERS // (self._samples_at_once(rows) * self._widest)))
        return rows

    @property
    def note(self) -> str:
        notes = list(self._module.notes)
        if self.landscape_samples < len(self._train[0]):
            samples = f"{self.landscape_samples:,} of {len(self._train[0]):,} training samples"
            notes.append(f"the landscape is computed from {samples}")
        return "; ".join(notes)

    # Gradients

    def gradients(self, theta: Tensor, step: int, /) -> tuple[Tensor, Tensor]:
        return self.gradients_on(theta, self._batches(step), step)

    def gradients_on(self, theta: Tensor, batch: Part, step: int, /) -> tuple[Tensor, Tensor]:
        """`gradients` on any batch: inputs (B, D) and targets (B,), or (K, B, D) and (K, B), each row's own."""
        with torch.enable_grad():
            leaf = theta.detach().requires_grad_()
            loss = self.loss_on(leaf, batch, step)
            (gradient,) = torch.autograd.grad(loss.sum(), leaf)
        return loss.detach(), gradient

    def gradients_in_pieces(self, theta: Tensor, step: int, /) -> Paused[tuple[Tensor, Tensor]]:
        rows = self.gradient_rows
        loss, gradient = theta.new_empty(len(theta)), torch.empty_like(theta)
        for some in slices(len(theta), max(1, rows)):
            if rows:
                loss[some], gradient[some] = self.gradients(theta[some], step)
                yield
            else:
                loss[some], gradient[some] = yield from self._divided_gradients(theta[some], step)
        return loss, gradient

    def _divided_gradients(self, theta: Tensor, step: int) -> Paused[tuple[Tensor, Tensor]]:
        """`gradients` of rows that are computed in some portions of the batch after another."""
        if self._module.ties_samples:
            whole = self.gradients(theta, step)
            yield
            return whole
        return (yield from _summed(theta, self._pieces(step, self.portions.samples(BACKWARD))))

    def training_gradient(self, theta: Tensor) -> Paused[Tensor]:
        """(K, P) the gradient of the loss on the whole training part."""
        return (yield from _summed(theta, self.loss_pieces(len(theta))))[1]

    # Pieces of the loss

    def loss_pieces(self, runs: int, step: int | None = None) -> list[LossPiece]:
        """Functions of theta (runs, P) whose sum is the loss (runs,), on the whole training part or a step's batch.

        Each of no more samples than can be held and computed at once, and as often differentiable as the module is. On
        the whole part the module is in use: nothing is drawn, dropout for one.
        """
        size = self._fewest_samples(step)
        if not self._module.ties_samples and not self._draws_at(step):
            affordable = int(self.portions.affordable / (TWICE * self.products * runs))
            size = min(self._samples_at_once(runs), max(size, affordable))
        return self._pieces(step, size)

    def curvature_rows(self, step: int | None = None) -> int:
        """Of how many rows a product with the Hessian of one of `loss_pieces` takes some tens of milliseconds."""
        return max(1, self.portions.rows(self._fewest_samples(step), TWICE))

    def can_hold(self, runs: int, step: int | None = None) -> bool:
        """Whether all of `loss_pieces` may be held at once, with all that autograd remembers of them."""
        return runs * self._samples(step) * self._widest <= HELD_NUMBERS

    def _fewest_samples(self, step: int | None) -> int:
        """Of one of `loss_pieces`, unless there are no more."""
        if self._module.ties_samples:
            return self._samples(step)
        if self._draws_at(step):  # as when the gradient was computed: what is drawn depends on the samples beside it
            return min(self._samples(step), self.portions.samples(BACKWARD))
        return min(self._samples(step), CURVATURE_SAMPLES, self.portions.samples(TWICE))

    def _draws_at(self, step: int | None) -> bool:
        return self.draws and step is not None

    def _samples(self, step: int | None) -> int:
        return len(self._train[0]) if step is None else self._batches.size

    def _pieces(self, step: int | None, size: int) -> list[LossPiece]:
        inputs, targets = self._train if step is None else self._batches(step)
        pairs = zip(torch.split(inputs, size), torch.split(targets, size), strict=True)
        return [self._loss_piece(pair, step, number, len(inputs)) for number, pair in enumerate(pairs)]

    def _loss_piece(self, part: Part, step: int | None, number: int, samples: int) -> LossPiece:
        inputs, targets = part

        def loss(theta: Tensor) -> Tensor:
            with self._module.in_use() if step is None else contextlib.nullcontext():
                outputs = self._outputs(theta, inputs, (step or 0) + number * DRAWS_APART)
            return self._sample_losses(outputs, targets).sum(1) / samples

        return loss

    # The loss and the answers on whole parts

    def metrics(self, theta: Tensor, /) -> dict[str, Tensor]:
        return finished(self._metrics(theta))

    def metrics_in_pieces(self, theta: Tensor, /) -> Paused[dict[str, Tensor]]:
        """`metrics` of any number of rows."""
        pieces = []
        for rows in torch.split(theta, self.metric_rows):
            pieces.append((yield from self._metrics(rows)))
            yield
        return {name: torch.cat([piece[name] for piece in pieces]) for name in self.metric_names}

    def _metrics(self, theta: Tensor) -> Paused[dict[str, Tensor]]:
        train_loss, train_accuracy = yield from self._measure(theta, self._train)
        test_loss, test_accuracy = yield from self._measure(theta, self._test)
        measured = (train_loss, test_loss, train_accuracy, test_accuracy)
        return dict(zip(self.metric_names, measured, strict=False))

    def _measure(self, theta: Tensor, part: Part) -> Paused[tuple[Tensor, Tensor]]:
        """(K,) loss and (K,) accuracy on a whole part; the accuracy is nan where the loss is."""
        inputs, targets = part
        size = self._samples_at_once(len(theta))
        tally = torch.zeros(2, len(theta), dtype=torch.float64)
        pause = self.portions.pauses()
        for some, wanted in zip(torch.split(inputs, size), torch.split(targets, size), strict=True):
            with torch.no_grad(), self._module.in_use():
                tally += self._tally(theta, some, wanted)
            yield from pause.after(len(theta), len(some))
        return self._figures(tally, len(inputs))

    @staticmethod
    def _figures(tally: Tensor, samples: int) -> tuple[Tensor, Tensor]:
        """Loss and accuracy, from the sum of the losses and how many samples of so many are right, (2, K)."""
        loss, right = tally / samples
        return loss, torch.where(loss.isfinite(), right, torch.nan)

    def _tally(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        """(2, K) the sum of the samples' losses, and how many of them are classified right."""
        outputs = self._outputs(theta, inputs)
        loss = self._sample_losses(outputs, targets).sum(1)
        right = (outputs.argmax(-1) == targets).sum(1) if self._data.classes else torch.zeros(len(theta))
        return torch.stack([loss, right.to(loss.dtype)])

    def answers(self, theta: Tensor, inputs: Tensor, of: StackedModule | None = None) -> Paused[Tensor]:
        """(K, B, C) what the module answers to inputs (B, D) when it is used, not trained; as metrics measure it.

        `of` is asked in its place: another module of the same parameters.
        """
        ask, asked = (self._outputs, self._module) if of is None else (of.outputs, of)
        answers, pause = [], self.portions.pauses()
        for rows in torch.split(theta, max(1, self.portions.rows(len(inputs), 1))):
            pieces = []
            for some in torch.split(inputs, self._samples_at_once(len(rows))):
                with torch.no_grad(), asked.in_use():
                    pieces.append(ask(rows, some))
                yield from pause.after(len(rows), len(some))
            answers.append(torch.cat(pieces, 1))
        return torch.cat(answers)

    def _samples_at_once(self, runs: int, /) -> int:
        """As many as keep the numbers of a layer that are held at once within bounds."""
        if self._module.ties_samples:  # then parts are measured whole: else a figure would depend on what else is raced
            return max(len(self._train[0]), len(self._test[0]))
        return max(1, min(HELD_NUMBERS // (runs * self._widest), self.portions.samples(1)))

    @property
    def _widest(self) -> int:
        """The most numbers that a sample is anywhere within the module, as far as its parameters' shapes tell."""
        return max([self._train[0].shape[1], *(shape[0] for shape in self.shapes if shape)])

    # The landscape

    def losses_on(self, plane: Plane, /) -> LossesAt:
        """A function from points (G, 2) of the plane to their training losses (G,), for a landscape.

        On `landscape_samples` of the training part, drawn by the seed where that is not all. It yields the losses, and
        None at each pause before.
        """
        part = self._landscape_part()

        def losses_at(points: NDArray[np.float64]) -> Iterator[Tensor | None]:
            theta = torch.from_numpy(plane.theta_from_plane(points)).to(self._start.dtype)
            losses, _ = yield from self._measure(theta, part)
            yield losses

        return losses_at

    @property
    def landscape_samples(self) -> int:
        fewest, most = LANDSCAPE_SAMPLES
        return min(len(self._train[0]), max(fewest, min(most, int(LANDSCAPE_PRODUCTS / self.products))))

    def _landscape_part(self) -> Part:
        inputs, targets = self._train
        if self.landscape_samples == len(inputs):
            return self._train
        order = torch.randperm(len(inputs), generator=torch.Generator().manual_seed(self._seed))
        some = order[: self.landscape_samples]
        return inputs[some], targets[some]


def _summed(theta: Tensor, pieces: Iterable[LossPiece]) -> Paused[tuple[Tensor, Tensor]]:
    """The loss (K,) that the pieces add up to, and its gradient (K, P)."""
    loss, gradient = theta.new_zeros(len(theta)), torch.zeros_like(theta)
    leaf = theta.detach().requires_grad_()
    for piece in pieces:
        with torch.enable_grad():
            part = piece(leaf)
            gradient += torch.autograd.grad(part.sum(), leaf)[0]
        loss += part.detach()
        yield
    return loss, gradient
