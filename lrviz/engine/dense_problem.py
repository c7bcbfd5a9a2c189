"""Dense networks, written out: forward and backward of all runs at once, several times as fast as vmap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrviz.core.dataset import Data
from lrviz.core.landscape import Plane
from lrviz.core.pauses import Paused, finished
from lrviz.engine.dense_layers import Layer, Numbers, Room, first_layer, forward, layers_of, numbers_of
from lrviz.engine.dense_step import DenseStep
from lrviz.engine.model_problem import LossesAt, ModelProblem
from lrviz.engine.portions import BACKWARD, slices

# Numbers and samples that are worked on at once: a small network's runs all together, since a call costs as much as its
# products; of a large one as many as stay in the processor's cache.
TILE_NUMBERS = 500_000
TILE_SAMPLES = 256
FEWEST_RUNS = 32  # of a tile, whatever the network: fewer spend their time on calls
LANDSCAPE_RUNS = 8  # places of a landscape at once,
LANDSCAPE_NUMBERS = 30_000  # and numbers of a layer at each of them

KEPT_STEPS = 16  # of a problem: for several thetas, and an epoch's last batch

Tiles = list[tuple[slice, list[Numbers]]]  # runs, and their numbers
Steps = list[tuple[slice, DenseStep]]


class DenseProblem(ModelProblem):
    """A ModelProblem whose module is linear layers with bends between: the same numbers, computed by hand."""

    _affordable, _longest = 3e8, 9e8  # since there is little else to do, and large matrices are multiplied fastest

    def __init__(self, module: nn.Module, data: Data, batch_size: int, seed: int, squared: bool = False) -> None:
        self._layers = layers_of(module)
        self._gradients: dict[int, Tensor] = {}
        self._rooms: dict[tuple[int, int], Room] = {}
        self._steps: dict[tuple[object, ...], tuple[Tensor, Steps]] = {}
        super().__init__(module, data, batch_size, seed, squared)
        self._tile = tile_runs(self._layers, self._batches.size)
        self._losses_dtype = self._start.numpy().dtype

    @staticmethod
    def takes(module: nn.Module) -> bool:
        """Whether `module` is a linear layer, or several with known activations between."""
        return bool(layers_of(module))

    def gradients(self, theta: Tensor, step: int, /) -> tuple[Tensor, Tensor]:
        return finished(self._divided_gradients(theta, step))

    def _divided_gradients(self, theta: Tensor, step: int) -> Paused[tuple[Tensor, Tensor]]:
        inputs, targets = self._batches(step)
        losses = np.zeros(len(theta), self._losses_dtype)
        for some in slices(len(inputs), min(TILE_SAMPLES, self.portions.samples(BACKWARD))):
            shown, wanted = (inputs[some], targets[some]) if some.stop - some.start < len(inputs) else (inputs, targets)
            with torch.inference_mode(), np.errstate(all="ignore"):
                for runs, make in self._steps_for(theta, len(shown), len(inputs), adds=some.start > 0):
                    losses[runs] += make(shown, wanted)
            yield
        return torch.from_numpy(losses), self._gradient_for(theta)

    def losses_on(self, plane: Plane) -> LossesAt:
        # Before its bend the first layer is affine in theta, so over the plane it is the origin's answer and two more:
        # three products serve the whole grid.
        inputs, targets = self._landscape_part()
        corners = torch.from_numpy(np.stack([plane.origin, *plane.directions]))  # (3, P)
        cut, hidden = self._layers[0].end, self._layers[0].outputs
        later = [replace(layer, first=layer.first - cut) for layer in self._layers[1:]]
        numbers, *_ = numbers_of(self._layers, corners.to(self._start.dtype))
        widest = max(layer.outputs for layer in self._layers)
        size = min(self.portions.samples(1), max(TILE_SAMPLES, LANDSCAPE_NUMBERS // widest))
        parts = list(slices(len(inputs), size))
        tiles: list[tuple[Tensor, Tensor]] = []  # (3, H·B) of each part once it was needed, and the targets (B,)

        @torch.inference_mode()
        def losses_at(points: NDArray[np.float64]) -> Iterator[Tensor | None]:
            places = torch.from_numpy(np.column_stack([np.ones(len(points)), points]))  # (G, 3)
            theta, shares = (places @ corners[:, cut:]).to(self._start.dtype), places.to(self._start.dtype)
            losses, pause = torch.zeros(len(points), dtype=torch.float64), self.portions.pauses()
            for part in parts[len(tiles) :]:
                tiles.append((first_layer(numbers, inputs[part]).flatten(1), targets[part]))
                yield from pause.after(len(corners), len(targets[part]))
            for some in slices(len(points), LANDSCAPE_RUNS):
                above = numbers_of(later, theta[some])
                for affine, wanted in tiles:
                    first = (shares[some] @ affine).view(-1, hidden, len(wanted))
                    losses[some] += self._loss(forward(self._layers, above, first), wanted)
                    yield from pause.after(some.stop - some.start, len(wanted))
            yield losses / len(inputs)

        return losses_at

    def _loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(K,) the sum of the samples' losses, from outputs (K, C, B)."""
        if self.is_likelihood:
            return -_at(torch.log_softmax(outputs, 1), targets).sum(1)
        return (outputs - self._wanted(outputs, targets)).square().mean(1).sum(1)

    def _wanted(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(C, B) what squared error compares the outputs with."""
        return self._numbers(targets, outputs.shape[1]).to(outputs.dtype).t()

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
            yield forward(self._layers, numbers[1:], first_layer(numbers[0], inputs))

    def _samples_at_once(self, _runs: int, /) -> int:
        return min(TILE_SAMPLES, self.portions.samples(1))

    def _tiled(self, theta: Tensor, size: int) -> Tiles:
        return [(runs, numbers_of(self._layers, theta[runs])) for runs in slices(len(theta), size)]

    def _steps_for(self, theta: Tensor, samples: int, of: int, adds: bool) -> Steps:
        """Steps of all tiles of theta, on so many samples of so many. A race asks for the same thousands of times."""
        key = (theta.data_ptr(), theta.shape, theta.stride(), samples, of, adds)
        if key not in self._steps:
            if len(self._steps) >= KEPT_STEPS:
                self._steps.clear()
            with torch.inference_mode(False):
                self._steps[key] = theta, self._made_steps(theta, samples, of, adds)
        return self._steps[key][1]

    def _made_steps(self, theta: Tensor, samples: int, of: int, adds: bool) -> Steps:
        return [
            (
                runs,
                DenseStep(
                    self._layers,
                    numbers,
                    into,
                    self._room_for(len(numbers[0].weight), samples),
                    shared=True,
                    share=1 / of,
                    likelihood=self.is_likelihood,
                    adds=adds,
                ),
            )
            for (runs, numbers), (_, into) in zip(
                self._tiled(theta, self._tile), self._tiled(self._gradient_for(theta), self._tile), strict=True
            )
        ]

    def _room_for(self, runs: int, samples: int) -> Room:
        if (runs, samples) not in self._rooms:
            self._rooms[runs, samples] = Room.of(self._layers, runs, samples, self._start.dtype)
        return self._rooms[runs, samples]

    def _gradient_for(self, theta: Tensor) -> Tensor:
        """(K, P) the place of the gradients of so many runs."""
        if len(theta) not in self._gradients:
            self._gradients[len(theta)] = torch.empty_like(theta)
        return self._gradients[len(theta)]


def _at(outputs: Tensor, targets: Tensor) -> Tensor:
    """(K, B) of outputs (K, C, B) the one of each sample's class."""
    samples = len(targets)
    return outputs.flatten(1).index_select(1, targets * samples + torch.arange(samples))


def tile_runs(layers: Sequence[Layer], samples: int) -> int:
    """How many runs are worked on at once: by their weights, gradients and activations."""
    activations = min(samples, TILE_SAMPLES) * sum(layer.outputs for layer in layers)
    return max(FEWEST_RUNS, TILE_NUMBERS // (2 * layers[-1].end + activations))
