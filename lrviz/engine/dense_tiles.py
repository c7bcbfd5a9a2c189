"""A dense network's work in tiles of runs and samples: what is called for each is made once, for memory that stays.

Small networks' runs are worked on all together, since a call costs as much as its products; of a large one as many as
stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.engine.dense_layers import Layer, Room
from lrviz.engine.lanes import Lanes
from lrviz.engine.model_loss import Part
from lrviz.engine.portions import Portions, slices

TILE_NUMBERS = 500_000  # of weights, gradients and activations that are worked on at once,
TILE_SAMPLES = 256  # and samples
FEWEST_RUNS = 32  # of a tile, whatever the network: fewer spend their time on calls
LANE_PRODUCTS = 1.4e7  # multiplications of a lane at least, of a slice of samples or a step: fewer end before it pays

Call = Callable[[Tensor, Tensor], object]  # on inputs and targets, to (…, k)
Make = Callable[[slice, Room, int, bool], Call]  # of some runs, in a part of so many samples; it adds, or replaces
Lane = list[tuple[slice, Call]]  # tile by tile


class Rooms:
    """Where lanes compute: one room for all work of the same size, since none is needed twice at once."""

    def __init__(self, layers: Sequence[Layer], dtype: torch.dtype) -> None:
        self.layers = layers
        self._dtype = dtype
        self._made: dict[tuple[int, int, int], Room] = {}

    def of(self, lane: int, runs: slice, samples: int) -> Room:
        about = lane, runs.stop - runs.start, samples
        if about not in self._made:
            self._made[about] = Room.of(self.layers, *about[1:], self._dtype)
        return self._made[about]


class Tiles:
    """What the calls that `make` makes for so many runs add up to, on any part of the data.

    `passes` is what they cost, in forward passes.
    """

    def __init__(self, rooms: Rooms, portions: Portions, runs: int, passes: int, make: Make) -> None:
        self._rooms, self._portions = rooms, portions
        self._runs, self._passes, self._make = runs, passes, make
        self._most = min(TILE_SAMPLES, portions.samples(passes))
        self._made: dict[tuple[int, int], list[list[Lane]]] = {}  # lane by lane, of each slice of the samples

    def add_up(self, totals: NDArray[Any], part: Part, lanes: Lanes) -> Iterator[None]:
        """Adds to `totals` (…, K), with a pause whenever some tens of milliseconds' work is done."""
        samples = part[0].shape[0]
        made = self._made.get((samples, lanes.count))
        if made is None:
            made = self._made[samples, lanes.count] = self._lanes(samples, lanes.count)
        cut = (
            [part] if samples <= self._most else list(zip(*(values.split(self._most) for values in part), strict=True))
        )
        yield from lanes.side_by_side([self._lane(totals, cut, calls) for calls in made])

    def _lane(self, totals: NDArray[Any], cut: Sequence[Part], calls: Sequence[Lane]) -> Iterator[None]:
        pause = self._portions.pauses()
        for (inputs, targets), tiles in zip(cut, calls, strict=True):
            for runs, call in tiles:
                with torch.inference_mode(), np.errstate(all="ignore"):
                    totals[..., runs] += call(inputs, targets)
                yield from pause.after(runs.stop - runs.start, self._passes * inputs.shape[0])

    def _lanes(self, samples: int, most: int) -> list[list[Lane]]:
        products = self._runs * min(samples, TILE_SAMPLES) * self._passes * self._portions.products
        lanes = max(1, min(most, self._runs, int(products / LANE_PRODUCTS)))
        sizes = [some.stop - some.start for some in slices(samples, self._most)]
        with torch.inference_mode(False):
            return [
                [self._tiles(number, runs, samples, size, place) for place, size in enumerate(sizes)]
                for number, runs in enumerate(slices(self._runs, -(-self._runs // lanes)))
            ]

    def _tiles(self, lane: int, runs: slice, samples: int, size: int, place: int) -> Lane:
        """Of a lane's runs on a slice of the samples, the first of which replaces what the others add to."""
        most = max(1, min(tile_runs(self._rooms.layers, size), self._portions.rows(size, self._passes)))
        tiles = [
            slice(runs.start + tile.start, runs.start + tile.stop) for tile in slices(runs.stop - runs.start, most)
        ]
        return [(tile, self._make(tile, self._rooms.of(lane, tile, size), samples, place > 0)) for tile in tiles]


def tile_runs(layers: Sequence[Layer], samples: int) -> int:
    """How many runs are worked on at once: by their weights, gradients and activations."""
    activations = min(samples, TILE_SAMPLES) * sum(layer.outputs for layer in layers)
    return max(FEWEST_RUNS, TILE_NUMBERS // (2 * sum(layer.parameters for layer in layers) + activations))
