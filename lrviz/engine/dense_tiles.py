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
from lrviz.engine.model_loss import Part
from lrviz.engine.portions import Portions, slices

TILE_NUMBERS = 500_000  # of weights, gradients and activations that are worked on at once,
TILE_SAMPLES = 256  # and samples
FEWEST_RUNS = 32  # of a tile, whatever the network: fewer spend their time on calls

Call = Callable[[Tensor, Tensor], object]  # on inputs and targets, to (…, k)
Make = Callable[[slice, Room, int, bool], Call]  # of some runs, in a part of so many samples; it adds, or replaces
Calls = list[tuple[slice, Call]]  # tile by tile


class Rooms:
    """Where tiles are computed: one room for all of the same size, since none is needed twice at once."""

    def __init__(self, layers: Sequence[Layer], dtype: torch.dtype) -> None:
        self.layers = layers
        self._dtype = dtype
        self._made: dict[tuple[int, int], Room] = {}

    def of(self, runs: int, samples: int) -> Room:
        if (runs, samples) not in self._made:
            self._made[runs, samples] = Room.of(self.layers, runs, samples, self._dtype)
        return self._made[runs, samples]


class Tiles:
    """What the calls that `make` makes for so many runs add up to, on any part of the data.

    `passes` is what they cost, in forward passes.
    """

    def __init__(self, rooms: Rooms, portions: Portions, runs: int, passes: int, make: Make) -> None:
        self._rooms, self._portions = rooms, portions
        self._runs, self._passes, self._make = runs, passes, make
        self._most = min(TILE_SAMPLES, portions.samples(passes))
        self._made: dict[int, list[Calls]] = {}  # of parts of so many samples: what is called for each slice of them

    def add_up(self, totals: NDArray[Any], part: Part) -> Iterator[None]:
        """Adds to `totals` (…, K), with a pause whenever some tens of milliseconds' work is done."""
        samples = part[0].shape[0]
        made = self._made.get(samples)
        if made is None:
            made = self._made[samples] = self._calls(samples)
        cut = [part] if samples <= self._most else zip(*(values.split(self._most) for values in part), strict=True)
        pause = self._portions.pauses()
        for (inputs, targets), tiles in zip(cut, made, strict=True):
            for runs, call in tiles:
                with torch.inference_mode(), np.errstate(all="ignore"):
                    totals[..., runs] += call(inputs, targets)
                yield from pause.after(runs.stop - runs.start, self._passes * inputs.shape[0])

    def _calls(self, samples: int) -> list[Calls]:
        with torch.inference_mode(False):
            return [
                self._tiles(samples, some.stop - some.start, adds=some.start > 0)
                for some in slices(samples, self._most)
            ]

    def _tiles(self, samples: int, size: int, adds: bool) -> Calls:
        """On a slice of the samples, the first of which replaces what the others add to."""
        most = max(1, min(tile_runs(self._rooms.layers, size), self._portions.rows(size, self._passes)))
        return [
            (runs, self._make(runs, self._rooms.of(runs.stop - runs.start, size), samples, adds))
            for runs in slices(self._runs, most)
        ]


def tile_runs(layers: Sequence[Layer], samples: int) -> int:
    """How many runs are worked on at once: by their weights, gradients and activations."""
    activations = min(samples, TILE_SAMPLES) * sum(layer.outputs for layer in layers)
    return max(FEWEST_RUNS, TILE_NUMBERS // (2 * sum(layer.parameters for layer in layers) + activations))
