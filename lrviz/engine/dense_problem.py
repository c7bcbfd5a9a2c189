"""Dense networks, written out: forward and backward of all runs at once, several times as fast as vmap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrviz.core.dataset import Data
from lrviz.core.landscape import Plane
from lrviz.core.pauses import Paused, finished
from lrviz.core.problem import Gradients
from lrviz.engine.blocks import Blocks
from lrviz.engine.dense_layers import Room, first_layer, forward, layers_of, numbers_in, numbers_of, widths_of
from lrviz.engine.dense_step import DenseLosses, DenseStep
from lrviz.engine.dense_tiles import TILE_SAMPLES, Rooms, Tiles, tile_runs
from lrviz.engine.model_loss import Part
from lrviz.engine.model_problem import LossesAt, ModelProblem
from lrviz.engine.portions import BACKWARD, slices

KEPT = 4  # numbers of runs for which places are kept
LANDSCAPE_RUNS = 8  # places of a landscape at once,
LANDSCAPE_NUMBERS = 60_000  # and numbers of a layer at each of them

Array = NDArray[np.float64]
Parts = Sequence[Tensor]  # of theta or its gradient: the columns of each layer's weights and biases in turn, (K, p)


class DenseProblem(ModelProblem):
    """A ModelProblem whose module is linear layers with bends between: the same numbers, computed by hand."""

    _affordable, _longest = 3e8, 9e8  # since there is little else to do, and large matrices are multiplied fastest

    def __init__(self, module: nn.Module, data: Data, batch_size: int, seed: int, squared: bool = False) -> None:
        self._layers = layers_of(module)
        self._held: dict[int, tuple[Blocks, Tiles]] = {}  # theta of so many runs, and its losses
        self._gradients: dict[int, tuple[Blocks, Gradients]] = {}  # and its gradients
        super().__init__(module, data, batch_size, seed, squared)
        self._rooms = Rooms(self._layers, self._start.dtype)

    @staticmethod
    def takes(module: nn.Module) -> bool:
        """Whether `module` is a linear layer, or several with known activations between."""
        return bool(layers_of(module))

    def gradients(self, theta: Tensor, step: int, /) -> tuple[Tensor, Tensor]:
        return finished(self.gradients_in_pieces(theta, step))

    def gradients_in_pieces(self, theta: Tensor, step: int, /) -> Paused[tuple[Tensor, Tensor]]:
        runs, (held, _) = len(theta), self._held_at(theta)
        if runs not in self._gradients:
            place = Blocks.cut(theta, self.widths)
            self._gradients[runs] = place, self.gradients_in(held.parts, place.parts)
        gradient, gradients = self._gradients[runs]
        losses = yield from gradients(step)
        return losses, gradient.rows()

    @property
    def widths(self) -> tuple[int, ...]:
        return widths_of(self._layers)

    def gradients_in(self, theta: Parts, gradient: Parts, /) -> Gradients:
        runs, likelihood, dtype = theta[0].shape[0], self.is_likelihood, self._start.numpy().dtype

        def step_of(tile: slice, room: Room, samples: int, adds: bool) -> DenseStep:
            numbers, into = (numbers_in(self._layers, [part[tile] for part in parts]) for parts in (theta, gradient))
            share = 1 / samples
            return DenseStep(
                self._layers, numbers, into, room, shared=True, share=share, likelihood=likelihood, adds=adds
            )

        tiles = Tiles(self._rooms, self.portions, runs, BACKWARD, step_of)

        def gradients(step: int) -> Paused[Tensor]:
            losses = np.zeros(runs, dtype)
            yield from tiles.add_up(losses, self._batches(step))
            return torch.from_numpy(losses)

        return gradients

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
        tally = np.zeros((2, len(theta)))
        _, losses = self._held_at(theta)
        yield from losses.add_up(tally, part)
        return self._figures(torch.from_numpy(tally), len(part[0]))

    def _held_at(self, theta: Tensor) -> tuple[Blocks, Tiles]:
        """Theta (K, P) written down in blocks, and what its losses are computed by."""
        runs = len(theta)
        if runs not in self._held:
            if len(self._held) == KEPT:
                oldest = next(iter(self._held))
                del self._held[oldest]
                self._gradients.pop(oldest, None)
            held = Blocks.cut(theta, self.widths)
            self._held[runs] = held, self._losses_at(held.parts)
        self._held[runs][0].fill(theta)
        return self._held[runs]

    def _losses_at(self, theta: Parts) -> Tiles:
        likelihood, counts = self.is_likelihood, bool(self._data.classes)

        def losses_of(tile: slice, room: Room, _samples: int, _adds: bool) -> DenseLosses:
            numbers = numbers_in(self._layers, [part[tile] for part in theta])
            return DenseLosses(self._layers, numbers, room, likelihood=likelihood, counts=counts)

        return Tiles(self._rooms, self.portions, theta[0].shape[0], 1, losses_of)

    def _answers(self, theta: Tensor, inputs: Tensor) -> Iterator[Tensor]:
        """(n, C, B) the network's answers, a tile of runs at a time."""
        for runs in slices(len(theta), tile_runs(self._layers, len(inputs))):
            numbers = numbers_of(self._layers, theta[runs])
            yield forward(self._layers, numbers[1:], first_layer(numbers[0], inputs))

    def _samples_at_once(self, _runs: int, /) -> int:
        return min(TILE_SAMPLES, self.portions.samples(1))
