"""Dense networks, written out: forward and backward of all runs at once, several times as fast as vmap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrviz.core.dataset import Data
from lrviz.core.landscape import Plane
from lrviz.engine.dense_layers import Layer, Numbers, backward, first_layer, forward, layers_of, numbers_of
from lrviz.engine.model_problem import ModelProblem

# Numbers and samples that are worked on at once: a small network's runs all together, since a call costs as much as its
# products; of a large one as many as stay in the processor's cache.
TILE_NUMBERS = 500_000
TILE_SAMPLES = 256
FEWEST_RUNS = 32  # of a tile, whatever the network: fewer spend their time on calls
LANDSCAPE_RUNS = 16  # places of a landscape at once

Tiles = list[tuple[slice, list[Numbers]]]  # runs, and their numbers


class DenseProblem(ModelProblem):
    """A ModelProblem whose module is linear layers with bends between: the same numbers, computed by hand."""

    _products_at_once = 3e8  # since there is little else to do

    def __init__(self, module: nn.Module, data: Data, batch_size: int, seed: int, squared: bool = False) -> None:
        self._layers = layers_of(module)
        # A race asks for the same tensor's gradients thousands of times: making the views anew would take as long as
        # a small network's products.
        self._theta: tuple[Tensor, Tiles] | None = None
        self._gradients: dict[int, tuple[Tensor, Tiles]] = {}
        super().__init__(module, data, batch_size, seed, squared)
        self._tile = tile_runs(self._layers, self._batches.size)

    @staticmethod
    def takes(module: nn.Module) -> bool:
        """Whether `module` is a linear layer, or several with known activations between."""
        return bool(layers_of(module))

    def gradients(self, theta: Tensor, step: int, /) -> tuple[Tensor, Tensor]:
        inputs, targets = self._batches(step)
        # Made outside of inference mode, since a run that ends is parked in them.
        loss = theta.new_zeros(len(theta))
        gradient, into = self._gradient_for(theta)
        with torch.inference_mode():
            for some in _slices(len(inputs), TILE_SAMPLES):
                write = Tensor.copy_ if some.start == 0 else Tensor.add_
                for (runs, numbers), (_, target) in zip(self._tiles_of(theta), into, strict=True):
                    passed = forward(self._layers, numbers[1:], first_layer(numbers[0], inputs[some]))
                    summed, delta = self._loss_and_delta(passed.linear[-1], targets[some], 1 / len(inputs))
                    loss[runs] += summed
                    backward(self._layers, numbers, passed, inputs[some], delta, write, target)
        return loss, gradient

    def losses_on(self, plane: Plane) -> Callable[[NDArray[np.float64]], Tensor]:
        # Before its bend the first layer is affine in theta, so over the plane it is the origin's answer and two more:
        # three products serve the whole grid.
        inputs, targets = self._landscape_part()
        corners = torch.from_numpy(np.stack([plane.origin, *plane.directions]))  # (3, P)
        cut, hidden = self._layers[0].end, self._layers[0].outputs
        later = [replace(layer, first=layer.first - cut) for layer in self._layers[1:]]
        numbers, *_ = numbers_of(self._layers, corners.to(self._start.dtype))
        tiles = [  # (3, H·B) each, and the targets (B,)
            (first_layer(numbers, inputs[some]).flatten(1), targets[some])
            for some in _slices(len(inputs), TILE_SAMPLES)
        ]

        @torch.inference_mode()
        def losses_at(points: NDArray[np.float64]) -> Tensor:
            places = torch.from_numpy(np.column_stack([np.ones(len(points)), points]))  # (G, 3)
            theta, shares = (places @ corners[:, cut:]).to(self._start.dtype), places.to(self._start.dtype)
            losses = torch.zeros(len(points), dtype=torch.float64)
            for some in _slices(len(points), LANDSCAPE_RUNS):
                above = numbers_of(later, theta[some])
                for affine, wanted in tiles:
                    first = (shares[some] @ affine).view(-1, hidden, len(wanted))
                    losses[some] += self._loss(forward(self._layers, above, first).linear[-1], wanted)
            return losses / len(inputs)

        return losses_at

    def _loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(K,) the sum of the samples' losses, from outputs (K, C, B)."""
        if self.is_likelihood:
            below = outputs - outputs.amax(1, keepdim=True)
            reached = below.gather(1, targets.expand(len(outputs), 1, -1))
            return (below.exp_().sum(1, keepdim=True).log_() - reached).sum((1, 2))
        return self._difference(outputs, targets).square().mean(1).sum(1)

    def _loss_and_delta(self, outputs: Tensor, targets: Tensor, share: float) -> tuple[Tensor, Tensor]:
        """(K,) `_loss` and (K, C, B) its derivative with respect to outputs, each times `share`."""
        if not self.is_likelihood:
            off = self._difference(outputs, targets)
            scale = share / outputs.shape[1]
            return off.square().sum((1, 2)).mul_(scale), off.mul_(2 * scale)
        # Softmax and its logarithm from the same exponentials, which cost most of it.
        wanted = targets.expand(len(outputs), 1, -1)
        below = outputs - outputs.amax(1, keepdim=True)
        delta = below.exp()
        total = delta.sum(1, keepdim=True)
        loss = (total.log() - below.gather(1, wanted)).sum((1, 2)).mul_(share)
        delta.mul_(share / total).scatter_add_(1, wanted, delta.new_full((1, 1, 1), -share).expand_as(wanted))
        return loss, delta

    def _difference(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return outputs - self._numbers(targets, outputs.shape[1]).to(outputs.dtype).t()

    def _outputs(self, theta: Tensor, inputs: Tensor, _step: int = 0, /) -> Tensor:
        return torch.cat(list(self._answers(theta, inputs))).transpose(1, 2)

    def _tally(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        tallies = []
        for outputs in self._answers(theta, inputs):
            loss = self._loss(outputs, targets)
            right = (outputs.max(1).indices == targets).sum(1) if self._data.classes else torch.zeros(len(loss))
            tallies.append(torch.stack([loss, right.to(loss.dtype)]))
        return torch.cat(tallies, 1)

    def _answers(self, theta: Tensor, inputs: Tensor) -> Iterator[Tensor]:
        """(n, C, B) the network's answers, a tile of runs at a time."""
        for _, numbers in self._tiled(theta, tile_runs(self._layers, len(inputs))):
            yield forward(self._layers, numbers[1:], first_layer(numbers[0], inputs)).linear[-1]

    def _samples_at_once(self, _runs: int, /) -> int:
        return TILE_SAMPLES

    def _tiled(self, theta: Tensor, size: int) -> Tiles:
        return [(runs, numbers_of(self._layers, theta[runs])) for runs in _slices(len(theta), size)]

    def _tiles_of(self, theta: Tensor) -> Tiles:
        if self._theta is None or self._theta[0] is not theta:
            self._theta = theta, self._tiled(theta, self._tile)
        return self._theta[1]

    def _gradient_for(self, theta: Tensor) -> tuple[Tensor, Tiles]:
        runs = len(theta)
        if runs not in self._gradients:
            gradient = torch.empty_like(theta)
            self._gradients[runs] = gradient, self._tiled(gradient, self._tile)
        return self._gradients[runs]


def tile_runs(layers: Sequence[Layer], samples: int) -> int:
    """How many runs are worked on at once: by their weights, gradients and activations."""
    activations = min(samples, TILE_SAMPLES) * sum(layer.outputs for layer in layers)
    return max(FEWEST_RUNS, TILE_NUMBERS // (2 * layers[-1].end + activations))


def _slices(length: int, size: int) -> list[slice]:
    return [slice(first, min(first + size, length)) for first in range(0, length, size)]
