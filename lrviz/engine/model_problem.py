"""The loss of any torch module on a data set as a problem."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss, one_hot

from lrviz.core.dataset import Data
from lrviz.core.errors import ExperimentError
from lrviz.core.landscape import Plane
from lrviz.engine.batches import Batches
from lrviz.engine.stacked_module import StackedModule, brief

LANDSCAPE_SAMPLES = (500, 2000)  # the fewest and the most that a landscape is computed from, as far as there are
LANDSCAPE_PRODUCTS = 30e6  # multiplications a point of it that are affordable
HELD_NUMBERS = 2_000_000  # about as many numbers of a layer are held at once when whole parts are measured
CURVATURE_PASSES = 6  # what a product with the Hessian costs, in forward passes
CURVATURE_SAMPLES = 256  # fewer at once are not worth their while
Part = tuple[Tensor, Tensor]  # inputs (N, D) and targets (N,)
LossPiece = Callable[[Tensor], Tensor]  # (K, P) to (K,)


class ModelProblem:
    """The loss of `module` on the batches of `data`, in the dtype of the module's parameters.

    Classes are fitted by cross-entropy, or with `squared` by the squared error to one-hot targets; numbers by the
    mean squared error. `seed` orders the batches, and what is random within the module: the same for all rows.
    ExperimentError where the module and the data don't fit together.
    """

    _products_at_once = 1e8  # multiplications that take some 10 to 50 ms

    def __init__(self, module: nn.Module, data: Data, batch_size: int, seed: int, squared: bool = False) -> None:
        self.module = module  # as it was given: never changed
        self._module = StackedModule(module, seed)
        self._start = self._module.start
        self._data, self._seed, self._squared = data, seed, squared
        self._train = self._part(data.train_inputs, data.train_targets)
        self._test = self._part(data.test_inputs, data.test_targets)
        self._batches = Batches(*self._train, batch_size, seed)
        self._check_fit()

    @property
    def parameters(self) -> int:
        return len(self._start)

    @property
    def shapes(self) -> tuple[torch.Size, ...]:
        """The parameters' shapes, in theta's order."""
        return self._module.shapes

    @property
    def layers(self) -> tuple[str, ...]:
        return tuple(self.weights)

    @cached_property
    def weights(self) -> dict[str, tuple[slice, ...]]:
        """By its layer's name, where a row of theta holds what has two dimensions or more: weights, but not biases.

        A weight that is the whole module's own goes by its own name.
        """
        weights: dict[str, tuple[slice, ...]] = {}
        first = 0
        for name, shape in zip(self._module.names, self.shapes, strict=True):
            if len(shape) > 1:
                layer = name.rpartition(".")[0] or name
                weights[layer] = (*weights.get(layer, ()), slice(first, first + shape.numel()))
            first += shape.numel()
        return weights

    @property
    def steps_per_epoch(self) -> int:
        return self._batches.per_epoch

    @property
    def test_samples(self) -> int:
        return len(self._test[0])

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
        return self._affordable_rows(3 * self._batches.size)

    @property
    def metric_rows(self) -> int:
        rows = self._affordable_rows(len(self._train[0]) + len(self._test[0]))
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

    def start(self, runs: int) -> Tensor:
        return self._start.repeat(runs, 1)

    def loss(self, theta: Tensor, step: int, /) -> Tensor:
        inputs, targets = self._batches(step)
        return self._sample_losses(self._outputs(theta, inputs, step), targets).mean(1)

    def gradients(self, theta: Tensor, step: int, /) -> tuple[Tensor, Tensor]:
        with torch.enable_grad():
            leaf = theta.detach().requires_grad_()
            loss = self.loss(leaf, step)
            (gradient,) = torch.autograd.grad(loss.sum(), leaf)
        return loss.detach(), gradient

    def training_gradient(self, theta: Tensor) -> Tensor:
        """(K, P) the gradient of the loss on the whole training part."""
        total = torch.zeros_like(theta)
        with torch.enable_grad():
            leaf = theta.detach().requires_grad_()
            for piece in self.loss_pieces(len(theta)):
                total += torch.autograd.grad(piece(leaf).sum(), leaf)[0]
        return total

    def loss_pieces(self, runs: int, step: int | None = None) -> list[LossPiece]:
        """Functions of theta (runs, P) whose sum is the loss (runs,), on the whole training part or a step's batch.

        Each of no more samples than can be held and computed at once, and as often differentiable as the module is. On
        the whole part the module is in use: nothing is drawn, dropout for one.
        """
        inputs, targets = self._train if step is None else self._batches(step)
        size = len(inputs)
        if not self._undivided(step):
            affordable = self._products_at_once / (CURVATURE_PASSES * self.products * runs)
            size = min(self._samples_at_once(runs), max(CURVATURE_SAMPLES, int(affordable)))
        pairs = zip(torch.split(inputs, size), torch.split(targets, size), strict=True)
        return [self._loss_piece(some, wanted, step, len(inputs)) for some, wanted in pairs]

    def curvature_rows(self, step: int | None = None) -> int:
        """Of how many rows a product with the Hessian of one of `loss_pieces` takes some tens of milliseconds."""
        samples = len(self._train[0]) if step is None else self._batches.size
        return self._affordable_rows(
            CURVATURE_PASSES * (samples if self._undivided(step) else min(samples, CURVATURE_SAMPLES))
        )

    def can_hold(self, runs: int, step: int | None = None) -> bool:
        """Whether all of `loss_pieces` may be held at once, with all that autograd remembers of them."""
        samples = len(self._train[0]) if step is None else self._batches.size
        return runs * samples * self._widest <= HELD_NUMBERS

    @property
    def draws(self) -> bool:
        """Whether anything is drawn at a step, such as dropout."""
        return self._module.draws

    def remark(self, text: str) -> None:
        """Add to `note` what was found out on the way."""
        self._module.notes.append(text)

    def _undivided(self, step: int | None) -> bool:
        return self._module.ties_samples or (self.draws and step is not None)

    def _loss_piece(self, inputs: Tensor, targets: Tensor, step: int | None, samples: int) -> LossPiece:
        def loss(theta: Tensor) -> Tensor:
            with self._module.in_use() if step is None else contextlib.nullcontext():
                outputs = self._outputs(theta, inputs, step or 0)
            return self._sample_losses(outputs, targets).sum(1) / samples

        return loss

    def losses_on(self, plane: Plane) -> Callable[[NDArray[np.float64]], Tensor]:
        """A function from points (G, 2) of the plane to their training losses (G,), for a landscape.

        On `landscape_samples` of the training part, drawn by the seed where that is not all.
        """
        part = self._landscape_part()

        def losses_at(points: NDArray[np.float64]) -> Tensor:
            theta = torch.from_numpy(plane.theta_from_plane(points)).to(self._start.dtype)
            return self._measure(theta, part)[0]

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

    def metrics(self, theta: Tensor, /) -> dict[str, Tensor]:
        train_loss, train_accuracy = self._measure(theta, self._train)
        test_loss, test_accuracy = self._measure(theta, self._test)
        measured = (train_loss, test_loss, train_accuracy, test_accuracy)
        return dict(zip(self.metric_names, measured, strict=False))

    def digest(self) -> bytes:
        parts = (self._start, *self._train, *self._test, self._batches.order(0), torch.tensor(self._batches.size))
        return hashlib.sha256(b"".join(part.numpy().tobytes() for part in parts)).digest()

    def _affordable_rows(self, samples: int) -> int:
        # Decided by counting, not by the clock: how rows are put together may show in the last bits of a result.
        return max(1, int(self._products_at_once / (self.products * samples)))

    @torch.no_grad()
    def _measure(self, theta: Tensor, part: Part) -> tuple[Tensor, Tensor]:
        """(K,) loss and (K,) accuracy on a whole part; the accuracy is nan where the loss is."""
        inputs, targets = part
        size = self._samples_at_once(len(theta))
        tally = torch.zeros(2, len(theta), dtype=torch.float64)
        with self._module.in_use():
            for some, wanted in zip(torch.split(inputs, size), torch.split(targets, size), strict=True):
                tally += self._tally(theta, some, wanted)
        loss, right = tally / len(inputs)
        return loss, torch.where(loss.isfinite(), right, torch.nan)

    def _tally(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        """(2, K) the sum of the samples' losses, and how many of them are classified right."""
        outputs = self._outputs(theta, inputs)
        loss = self._sample_losses(outputs, targets).sum(1)
        right = (outputs.argmax(-1) == targets).sum(1) if self._data.classes else torch.zeros(len(theta))
        return torch.stack([loss, right.to(loss.dtype)])

    @torch.no_grad()
    def answers(self, theta: Tensor, inputs: Tensor) -> Tensor:
        """(K, B, C) what the module answers to inputs (B, D) when it is used, not trained; as metrics measure it."""
        with self._module.in_use():
            pieces = torch.split(inputs, self._samples_at_once(len(theta)))
            return torch.cat([self._outputs(theta, some) for some in pieces], 1)

    def _samples_at_once(self, runs: int, /) -> int:
        """As many as keep the numbers of a layer that are held at once within bounds."""
        if self._module.ties_samples:  # then parts are measured whole: else a figure would depend on what else is raced
            return max(len(self._train[0]), len(self._test[0]))
        return max(1, HELD_NUMBERS // (runs * self._widest))

    @property
    def _widest(self) -> int:
        """The most numbers that a sample is anywhere within the module, as far as its parameters' shapes tell."""
        return max([self._train[0].shape[1], *(shape[0] for shape in self.shapes if shape)])

    def _outputs(self, theta: Tensor, inputs: Tensor, step: int = 0, /) -> Tensor:
        """(K, B, C) what the module answers to inputs (B, D) at theta (K, P)."""
        return self._module.outputs(theta, inputs, step)

    @property
    def is_likelihood(self) -> bool:
        """Whether the loss is the cross-entropy; else it is a squared error."""
        return bool(self._data.classes) and not self._squared

    def _sample_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(K, B) each sample's loss, from outputs (K, B, C)."""
        if self.is_likelihood:
            losses = cross_entropy(outputs.flatten(0, 1), targets.repeat(len(outputs)), reduction="none")
            return losses.view(outputs.shape[:2])
        wanted = self._numbers(targets, outputs.shape[-1]).to(outputs.dtype)
        return mse_loss(outputs, wanted.expand_as(outputs), reduction="none").mean(-1)

    def _numbers(self, targets: Tensor, outputs: int) -> Tensor:
        """(B, C) what squared error compares the outputs with: the targets, or 1 for the class and 0 for the others."""
        return one_hot(targets, outputs) if self._data.classes else targets[:, None]

    def _check_fit(self) -> None:
        name, needed = self._data.name, self._data.outputs
        try:
            answered = self._module.probe(self._train[0][:2])
        except Exception as error:
            raise ExperimentError(f"the model does not take {name}: {brief(error)}") from error
        if answered != needed:
            raise ExperimentError(f"the model answers {answered} numbers a sample, and {name} needs {needed}")
        self._check_smallest_batch()
        # Multiplications a sample: one a parameter, more where a layer is used at many places.
        self.products = max(self.parameters, self._module.products(self._train[0][:2]))

    def _check_smallest_batch(self) -> None:
        """A batch of one sample has no deviation, by which batch norm could divide."""
        samples = len(self._train[0])
        if not self._module.ties_samples or 1 not in (samples % self._batches.size, self._batches.size):
            return
        try:
            self._module.probe(self._train[0][:1])
        except ValueError:
            size = self._batches.size
            raise ExperimentError(
                f"batch norm needs at least 2 samples a step, and {samples:,} in batches of {size} leave 1"
            ) from None

    def _part(self, inputs: object, targets: object) -> Part:
        tensors = torch.tensor(inputs, dtype=self._start.dtype), torch.tensor(targets)
        return tensors if self._data.classes else (tensors[0], tensors[1].to(self._start.dtype))
