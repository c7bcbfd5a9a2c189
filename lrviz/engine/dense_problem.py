"""Dense networks, written out: forward and backward of all runs at once, several times as fast as vmap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrviz.core.dataset import Data
from lrviz.core.landscape import Plane
from lrviz.core.pauses import Paused, finished
from lrviz.engine.dense_layers import Layer, Room, first_layer, forward, layers_of, numbers_of
from lrviz.engine.dense_step import DenseLosses, DenseStep
from lrviz.engine.model_loss import Part
from lrviz.engine.model_problem import LossesAt, ModelProblem
from lrviz.engine.portions import BACKWARD, slices

# Numbers and samples that are worked on at once: a small network's runs all together, since a call costs as much as its
# products; of a large one as many as stay in the processor's cache.
TILE_NUMBERS = 500_000
TILE_SAMPLES = 256
FEWEST_RUNS = 32  # of a tile, whatever the network: fewer spend their time on calls
LANE_PRODUCTS = 1.6e7  # multiplications of a lane at least, of a slice of samples or a step: fewer end before it pays
LANDSCAPE_RUNS = 8  # places of a landscape at once,
LANDSCAPE_NUMBERS = 60_000  # and numbers of a layer at each of them

KEPT_THETAS = 4  # whose lists of calls are kept

Array = NDArray[np.float64]
Call = Callable[[Tensor, Tensor], object]  # on inputs and targets, to (…, k)
Make = Callable[[slice, Room, bool], Call]  # of some runs; it adds to what the gradient has, or not
Lane = list[tuple[slice, Call]]  # tile by tile


class DenseProblem(ModelProblem):
    """A ModelProblem whose module is linear layers with bends between: the same numbers, computed by hand."""

    _affordable, _longest = 3e8, 9e8  # since there is little else to do, and large matrices are multiplied fastest

    def __init__(self, module: nn.Module, data: Data, batch_size: int, seed: int, squared: bool = False) -> None:
        self._layers = layers_of(module)
        self._gradients: dict[int, Tensor] = {}
        self._rooms: dict[tuple[int, int, int], Room] = {}
        self._lists: dict[object, tuple[Tensor, dict[object, list[Lane]]]] = {}  # with the theta whose place it is
        super().__init__(module, data, batch_size, seed, squared)
        self._losses_dtype = self._start.numpy().dtype

    @staticmethod
    def takes(module: nn.Module) -> bool:
        """Whether `module` is a linear layer, or several with known activations between."""
        return bool(layers_of(module))

    def gradients(self, theta: Tensor, step: int, /) -> tuple[Tensor, Tensor]:
        return finished(self.gradients_in_pieces(theta, step))

    def gradients_in_pieces(self, theta: Tensor, step: int, /) -> Paused[tuple[Tensor, Tensor]]:
        batch, gradient = self._batches(step), self._gradient_for(theta)
        losses = np.zeros(len(theta), self._losses_dtype)
        share, likelihood = 1 / len(batch[0]), self.is_likelihood

        def step_of(runs: slice, room: Room, adds: bool) -> DenseStep:
            numbers, into = (numbers_of(self._layers, whole[runs]) for whole in (theta, gradient))
            return DenseStep(
                self._layers, numbers, into, room, shared=True, share=share, likelihood=likelihood, adds=adds
            )

        size = min(TILE_SAMPLES, self.portions.samples(BACKWARD))
        yield from self._add_up(losses, step_of, BACKWARD, theta, batch, size)
        return torch.from_numpy(losses), gradient

    def losses_on(self, plane: Plane, /) -> LossesAt:
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
                        losses[some] += losses_of(None, wanted)[0]
                    yield from pause.after(len(first), part.stop - part.start)

        @torch.inference_mode()
        def losses_at(points: Array) -> Iterator[Tensor | None]:
            places = torch.from_numpy(np.column_stack([np.ones(len(points)), points]))  # (G, 3)
            theta, shares = (places @ corners[:, cut:]).to(self._start.dtype), places.to(self._start.dtype)
            losses, pause = np.zeros(len(points)), self.portions.pauses()
            for part in parts[len(affine) :]:
                affine.append(first_layer(numbers, inputs[part]).flatten(1))
                yield from pause.after(len(corners), part.stop - part.start)
            lanes = enumerate(slices(len(points), -(-len(points) // self.lanes.count)))
            yield from self.lanes.side_by_side(
                [sum_up(lane, theta[some], shares[some], losses[some]) for lane, some in lanes]
            )
            yield torch.from_numpy(losses / len(inputs))

        return losses_at

    def _outputs(self, theta: Tensor, inputs: Tensor, _step: int = 0, /) -> Tensor:
        return torch.cat(list(self._answers(theta, inputs))).transpose(1, 2)

    def _measure(self, theta: Tensor, part: Part) -> Paused[tuple[Tensor, Tensor]]:
        tally, likelihood, counts = np.zeros((2, len(theta))), self.is_likelihood, bool(self._data.classes)

        def losses_of(runs: slice, room: Room, _adds: bool) -> DenseLosses:
            numbers = numbers_of(self._layers, theta[runs])
            return DenseLosses(self._layers, numbers, room, likelihood=likelihood, counts=counts)

        yield from self._add_up(tally, losses_of, 1, theta, part, self._samples_at_once(len(theta)))
        return self._figures(torch.from_numpy(tally), len(part[0]))

    def _answers(self, theta: Tensor, inputs: Tensor) -> Iterator[Tensor]:
        """(n, C, B) the network's answers, a tile of runs at a time."""
        for runs in slices(len(theta), tile_runs(self._layers, len(inputs))):
            numbers = numbers_of(self._layers, theta[runs])
            yield forward(self._layers, numbers[1:], first_layer(numbers[0], inputs))

    def _samples_at_once(self, _runs: int, /) -> int:
        return min(TILE_SAMPLES, self.portions.samples(1))

    def _add_up(
        self, totals: NDArray[Any], make: Make, passes: int, theta: Tensor, part: Part, size: int
    ) -> Iterator[None]:
        """Adds to `totals` (…, K) what the calls made for each tile of theta tell, of `size` samples at once."""
        samples = len(part[0])
        pairs = [part] if samples <= size else list(zip(part[0].split(size), part[1].split(size), strict=True))
        lists = [
            self._kept(make, passes, theta, len(shown), samples, adds=number > 0)
            for number, (shown, _) in enumerate(pairs)
        ]

        def lane(number: int) -> Iterator[None]:
            pause = self.portions.pauses()
            for (shown, wanted), calls in zip(pairs, lists, strict=True):
                for runs, call in calls[number]:
                    with torch.inference_mode(), np.errstate(all="ignore"):
                        totals[..., runs] += call(shown, wanted)
                    yield from pause.after(runs.stop - runs.start, passes * len(shown))

        yield from self.lanes.side_by_side(list(map(lane, range(len(lists[0])))))

    def _kept(self, make: Make, passes: int, theta: Tensor, samples: int, of: int, adds: bool) -> list[Lane]:
        """What is made for theta, lane by lane: kept, since a race asks for the same thousands of times."""
        place = (theta.data_ptr(), theta.shape, theta.stride())
        if place not in self._lists:
            if len(self._lists) == KEPT_THETAS:
                del self._lists[next(iter(self._lists))]
            self._lists[place] = theta, {}
        lists, about = self._lists[place][1], (passes, samples, of, adds, self.lanes.count)
        if about not in lists:
            tile = max(1, min(tile_runs(self._layers, samples), self.portions.rows(samples, passes)))
            products = len(theta) * min(of, TILE_SAMPLES) * passes * self.products
            lanes = max(1, min(self.lanes.count, len(theta), int(products / LANE_PRODUCTS)))
            with torch.inference_mode(False):
                lists[about] = [
                    [(runs, make(runs, self._room_for(number, runs, samples), adds)) for runs in tiles]
                    for number, tiles in enumerate(_tiles(len(theta), lanes, tile))
                ]
        return lists[about]

    def _room_for(self, lane: int, runs: slice, samples: int) -> Room:
        about = lane, runs.stop - runs.start, samples
        if about not in self._rooms:
            self._rooms[about] = Room.of(self._layers, *about[1:], self._start.dtype)
        return self._rooms[about]

    def _gradient_for(self, theta: Tensor) -> Tensor:
        """(K, P) the place of the gradients of so many runs."""
        if len(theta) not in self._gradients:
            self._gradients[len(theta)] = torch.empty_like(theta)
        return self._gradients[len(theta)]


def tile_runs(layers: Sequence[Layer], samples: int) -> int:
    """How many runs are worked on at once: by their weights, gradients and activations."""
    activations = min(samples, TILE_SAMPLES) * sum(layer.outputs for layer in layers)
    return max(FEWEST_RUNS, TILE_NUMBERS // (2 * sum(layer.parameters for layer in layers) + activations))


def _tiles(runs: int, lanes: int, tile: int) -> list[list[slice]]:
    """The runs of each lane, in tiles."""
    return [
        [slice(lane.start + some.start, lane.start + some.stop) for some in slices(lane.stop - lane.start, tile)]
        for lane in slices(runs, -(-runs // lanes))
    ]
