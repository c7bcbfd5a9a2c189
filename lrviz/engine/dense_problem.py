"""Dense networks, written out: forward and backward of all runs at once, several times as fast as vmap."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrviz.core.dataset import Data
from lrviz.core.landscape import Plane
from lrviz.core.pauses import Paused, finished
from lrviz.engine.dense_layers import Layer, Room, first_layer, forward, layers_of, numbers_of
from lrviz.engine.dense_step import DenseLosses, DenseStep
from lrviz.engine.model_problem import LossesAt, ModelProblem
from lrviz.engine.portions import BACKWARD, slices
from lrviz.engine.process import THREADS

# Numbers and samples that are worked on at once: a small network's runs all together, since a call costs as much as its
# products; of a large one as many as stay in the processor's cache.
TILE_NUMBERS = 500_000
TILE_SAMPLES = 256
FEWEST_RUNS = 32  # of a tile, whatever the network: fewer spend their time on calls
LANDSCAPE_RUNS = 8  # places of a landscape at once,
LANDSCAPE_NUMBERS = 60_000  # and numbers of a layer at each of them

KEPT_THETAS = 4  # whose lists of calls are kept

Array = NDArray[np.float64]
Made = TypeVar("Made", DenseStep, DenseLosses)


class DenseProblem(ModelProblem):
    """A ModelProblem whose module is linear layers with bends between: the same numbers, computed by hand."""

    _affordable, _longest = 3e8, 9e8  # since there is little else to do, and large matrices are multiplied fastest

    def __init__(self, module: nn.Module, data: Data, batch_size: int, seed: int, squared: bool = False) -> None:
        self._layers = layers_of(module)
        self._gradients: dict[int, Tensor] = {}
        self._rooms: dict[tuple[int, int], Room] = {}
        self._lists: dict[object, tuple[Tensor, dict[tuple[float, ...], Any]]] = {}  # with the theta whose place it is
        super().__init__(module, data, batch_size, seed, squared)
        self._tile = max(1, min(tile_runs(self._layers, self._batches.size), self.gradient_rows))
        self._losses_dtype = self._start.numpy().dtype

    @staticmethod
    def takes(module: nn.Module) -> bool:
        """Whether `module` is a linear layer, or several with known activations between."""
        return bool(layers_of(module))

    def gradients(self, theta: Tensor, step: int, /) -> tuple[Tensor, Tensor]:
        return finished(self.gradients_in_pieces(theta, step))

    def gradients_in_pieces(self, theta: Tensor, step: int, /) -> Paused[tuple[Tensor, Tensor]]:
        inputs, targets = self._batches(step)
        losses, pause = np.zeros(len(theta), self._losses_dtype), self.portions.pauses()
        for some in slices(len(inputs), min(TILE_SAMPLES, self.portions.samples(BACKWARD))):
            shown, wanted = (inputs[some], targets[some]) if some.stop - some.start < len(inputs) else (inputs, targets)
            for runs, make in self._steps_for(theta, len(shown), len(inputs), adds=some.start > 0):
                with torch.inference_mode(), np.errstate(all="ignore"):
                    losses[runs] += make(shown, wanted)
                yield from pause.after(runs.stop - runs.start, BACKWARD * len(shown))
        return torch.from_numpy(losses), self._gradient_for(theta)

    def losses_on(self, plane: Plane, threads: Executor) -> LossesAt:
        # Before its bend the first layer is affine in theta, so over the plane it is the origin's answer and two more:
        # three products serve the whole grid.
        inputs, targets = self._landscape_part()
        corners = torch.from_numpy(np.stack([plane.origin, *plane.directions]))  # (3, P)
        cut, later = self._layers[0].parameters, self._layers[1:]
        numbers, *_ = numbers_of(self._layers, corners.to(self._start.dtype))
        widest = max(layer.outputs for layer in self._layers)
        size = min(self.portions.samples(1), max(TILE_SAMPLES, LANDSCAPE_NUMBERS // widest))
        parts = list(slices(len(inputs), size))
        cut_targets = [targets[part] for part in parts]
        together = max(1, min(LANDSCAPE_RUNS, self.portions.rows(size, 1)))
        affine: list[Tensor] = []  # (3, H·B) of each part once it was needed
        made: dict[tuple[int, int], tuple[Tensor, list[tuple[Tensor, DenseLosses]]]] = {}

        def measures(lane: int, count: int) -> tuple[Tensor, list[tuple[Tensor, DenseLosses]]]:
            """A lane's, for so many places: where the later layers' numbers stand; and of each part where the first
            layer's answers do, (places, H·B), and what goes on from there."""
            if (lane, count) not in made:
                above = torch.empty(count, corners.shape[1] - cut, dtype=self._start.dtype)
                own = numbers_of(later, above)
                rooms = [Room.of(self._layers, count, part.stop - part.start, self._start.dtype) for part in parts]
                ways = [DenseLosses(self._layers, own, room, likelihood=self.is_likelihood) for room in rooms]
                over = [(room.linear[0].flatten(1), way) for room, way in zip(rooms, ways, strict=True)]
                made[lane, count] = above, over
            return made[lane, count]

        @torch.inference_mode()
        def sum_up(lane: int, theta: Tensor, shares: Tensor, losses: Array) -> Iterator[None]:
            pause = self.portions.pauses()
            for some in slices(len(theta), together):
                above, ways = measures(lane, len(theta[some]))
                above.copy_(theta[some])
                for part, over, wanted, (first, losses_of) in zip(parts, affine, cut_targets, ways, strict=True):
                    torch.mm(shares[some], over, out=first)
                    with np.errstate(all="ignore"):
                        losses[some] += losses_of(wanted)[0]
                    yield from pause.after(len(first), part.stop - part.start)

        @torch.inference_mode()
        def losses_at(points: Array) -> Iterator[Tensor | None]:
            places = torch.from_numpy(np.column_stack([np.ones(len(points)), points]))  # (G, 3)
            theta, shares = (places @ corners[:, cut:]).to(self._start.dtype), places.to(self._start.dtype)
            losses, pause = np.zeros(len(points)), self.portions.pauses()
            for part in parts[len(affine) :]:
                affine.append(first_layer(numbers, inputs[part]).flatten(1))
                yield from pause.after(len(corners), part.stop - part.start)
            lanes = enumerate(slices(len(points), -(-len(points) // THREADS)))
            mine, *others = [sum_up(lane, theta[some], shares[some], losses[some]) for lane, some in lanes]
            ends = [threads.submit(deque, other, 0) for other in others]
            yield from mine
            for end in ends:
                end.result()
            yield torch.from_numpy(losses / len(inputs))

        return losses_at

    def _outputs(self, theta: Tensor, inputs: Tensor, _step: int = 0, /) -> Tensor:
        return torch.cat(list(self._answers(theta, inputs))).transpose(1, 2)

    def _tally(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        tally = np.empty((2, len(theta)))
        with torch.inference_mode(), np.errstate(all="ignore"):
            for runs, measure in self._losses_for(theta, len(inputs)):
                tally[:, runs] = measure(targets, inputs)
        return torch.from_numpy(tally)

    def _answers(self, theta: Tensor, inputs: Tensor) -> Iterator[Tensor]:
        """(n, C, B) the network's answers, a tile of runs at a time."""
        for runs in slices(len(theta), tile_runs(self._layers, len(inputs))):
            numbers = numbers_of(self._layers, theta[runs])
            yield forward(self._layers, numbers[1:], first_layer(numbers[0], inputs))

    def _samples_at_once(self, _runs: int, /) -> int:
        return min(TILE_SAMPLES, self.portions.samples(1))

    def _steps_for(self, theta: Tensor, samples: int, of: int, adds: bool) -> list[tuple[slice, DenseStep]]:
        """Steps of all tiles of theta, on so many samples of so many."""

        def step(runs: slice) -> DenseStep:
            numbers, into = (numbers_of(self._layers, whole[runs]) for whole in (theta, self._gradient_for(theta)))
            room = self._room_for(runs.stop - runs.start, samples)
            likelihood = self.is_likelihood
            return DenseStep(
                self._layers, numbers, into, room, shared=True, share=1 / of, likelihood=likelihood, adds=adds
            )

        return self._kept(theta, (samples, of, adds), self._tile, step)

    def _losses_for(self, theta: Tensor, samples: int) -> list[tuple[slice, DenseLosses]]:
        """Losses of all tiles of theta on so many samples."""

        def losses(runs: slice) -> DenseLosses:
            numbers, room = numbers_of(self._layers, theta[runs]), self._room_for(runs.stop - runs.start, samples)
            counts = bool(self._data.classes)
            return DenseLosses(self._layers, numbers, room, likelihood=self.is_likelihood, counts=counts)

        return self._kept(theta, (samples,), tile_runs(self._layers, samples), losses)

    def _kept(
        self, theta: Tensor, about: tuple[float, ...], tile: int, make: Callable[[slice], Made]
    ) -> list[tuple[slice, Made]]:
        """What is made for each tile of a theta: kept, since a race asks for the same thousands of times."""
        place = (theta.data_ptr(), theta.shape, theta.stride())
        if place not in self._lists:
            if len(self._lists) == KEPT_THETAS:
                del self._lists[next(iter(self._lists))]
            self._lists[place] = theta, {}
        lists = self._lists[place][1]
        if about not in lists:
            with torch.inference_mode(False):
                lists[about] = [(runs, make(runs)) for runs in slices(len(theta), tile)]
        made: list[tuple[slice, Made]] = lists[about]
        return made

    def _room_for(self, runs: int, samples: int) -> Room:
        if (runs, samples) not in self._rooms:
            self._rooms[runs, samples] = Room.of(self._layers, runs, samples, self._start.dtype)
        return self._rooms[runs, samples]

    def _gradient_for(self, theta: Tensor) -> Tensor:
        """(K, P) the place of the gradients of so many runs."""
        if len(theta) not in self._gradients:
            self._gradients[len(theta)] = torch.empty_like(theta)
        return self._gradients[len(theta)]


def tile_runs(layers: Sequence[Layer], samples: int) -> int:
    """How many runs are worked on at once: by their weights, gradients and activations."""
    activations = min(samples, TILE_SAMPLES) * sum(layer.outputs for layer in layers)
    return max(FEWEST_RUNS, TILE_NUMBERS // (2 * sum(layer.parameters for layer in layers) + activations))
