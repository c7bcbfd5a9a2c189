"""The loss of any torch module on a data set, at many parameter vectors at once."""

from __future__ import annotations

import hashlib
from functools import cached_property

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss, one_hot

from lrviz.core.dataset import Data
from lrviz.core.errors import ExperimentError
from lrviz.engine.batches import Batches
from lrviz.engine.portions import Portions
from lrviz.engine.stacked_module import StackedModule, brief

Part = tuple[Tensor, Tensor]  # inputs (N, D) and targets (N,)


class ModelLoss:
    """The loss of `module` on the batches of `data`, in the dtype of the module's parameters.

    Classes are fitted by cross-entropy, or with `squared` by the squared error to one-hot targets; numbers by the
    mean squared error. `seed` orders the batches, and what is random within the module: the same for all rows.
    ExperimentError where the module and the data don't fit together.
    """

    _affordable = _longest = 1e8  # multiplications: see Portions

    def __init__(self, module: nn.Module, data: Data, batch_size: int, seed: int, squared: bool = False) -> None:
        self.module = module  # as it was given: never changed
        self._module = StackedModule(module, seed)
        self._start = self._module.start
        self._data, self._seed, self._squared = data, seed, squared
        self._train = self._part(data.train_inputs, data.train_targets)
        self._test = self._part(data.test_inputs, data.test_targets)
        self._batches = Batches(*self._train, batch_size, seed)
        self._check_fit()
        # Multiplications a sample: one a parameter, more where a layer is used at many places.
        products = max(self.parameters, self._module.products(self._train[0][:2]))
        self.portions = Portions(self._affordable, self._longest, products, self.parameters)

    @property
    def parameters(self) -> int:
        return len(self._start)

    @property
    def products(self) -> int:
        """Multiplications of a sample's forward pass."""
        return self.portions.products

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
    def is_likelihood(self) -> bool:
        """Whether the loss is the cross-entropy; else it is a squared error."""
        return bool(self._data.classes) and not self._squared

    @property
    def draws(self) -> bool:
        """Whether anything is drawn at a step, such as dropout."""
        return self._module.draws

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the person should know of how the module is computed."""
        return tuple(self._module.notes)

    def remark(self, text: str) -> None:
        """Add to `note` what was found out on the way."""
        self._module.notes.append(text)

    def start(self, runs: int) -> Tensor:
        return self._start.repeat(runs, 1)

    @property
    def training_part(self) -> Part:
        return self._train

    @property
    def batch_size(self) -> int:
        """Samples a step, but for an epoch's last one."""
        return self._batches.size

    def order(self, epoch: int) -> Tensor:
        """(N,) the training samples in the order in which an epoch's batches have them."""
        return self._batches.order(epoch)

    def loss(self, theta: Tensor, step: int, /) -> Tensor:
        return self.loss_on(theta, self._batches(step), step)

    def loss_on(self, theta: Tensor, batch: Part, step: int, /) -> Tensor:
        """(K,) the losses on a batch (B, D) and (B,) that all rows see, or on each row's own, (K, B, D) and (K, B)."""
        inputs, targets = batch
        return self._sample_losses(self._outputs(theta, inputs, step), targets).mean(1)

    def digest(self) -> bytes:
        parts = (self._start, *self._train, *self._test, self._batches.order(0), torch.tensor(self._batches.size))
        return hashlib.sha256(b"".join(part.numpy().tobytes() for part in parts)).digest()

    def _outputs(self, theta: Tensor, inputs: Tensor, step: int = 0, /) -> Tensor:
        """(K, B, C) what the module answers to inputs (B, D), or each row's own (K, B, D), at theta (K, P)."""
        return self._module.outputs(theta, inputs, step)

    def _sample_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(K, B) each sample's loss, from outputs (K, B, C) and targets (B,) or (K, B)."""
        if self.is_likelihood:
            wanted = targets.expand(outputs.shape[:2]).flatten()
            losses = cross_entropy(outputs.flatten(0, 1), wanted, reduction="none")
            return losses.view(outputs.shape[:2])
        numbers = self._numbers(targets, outputs.shape[-1]).to(outputs.dtype)
        return mse_loss(outputs, numbers.expand_as(outputs), reduction="none").mean(-1)

    def _numbers(self, targets: Tensor, outputs: int) -> Tensor:
        """(…, C) what squared error compares the outputs with: targets (…), or 1 for the class and 0 for the others."""
        return one_hot(targets, outputs) if self._data.classes else targets[..., None]

    def _check_fit(self) -> None:
        name, needed = self._data.name, self._data.outputs
        try:
            answered = self._module.probe(self._train[0][:2])
        except Exception as error:
            raise ExperimentError(f"the model does not take {name}: {brief(error)}") from error
        if answered != needed:
            raise ExperimentError(f"the model answers {answered} numbers a sample, and {name} needs {needed}")
        self._check_smallest_batch()

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
