"""How much of a model's work is done between two pauses: decided by counting multiplications, not by the clock.

How rows and samples are put together may show in the last bits of a result. So rows are put together by what they cost,
whatever the machine, and the samples of one row are divided without a look at what else is raced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BACKWARD, TWICE = 3, 6  # what a gradient and a product with the Hessian cost, in forward passes
FEWEST = 16  # times that a weight is used in a piece: to fetch it from memory takes as long as some such uses


@dataclass(frozen=True)
class Portions:
    """The portions of a model's work, in rows of theta and in samples."""

    affordable: float  # multiplications for several rows together, which take some 10 to 50 ms
    longest: float  # for one row alone: what takes more is divided, although the pieces cost more than the whole
    products: int  # multiplications of a sample's forward pass
    parameters: int

    def rows(self, samples: int, passes: int) -> int:
        """How many rows `passes` over so many samples may be made of at once; 0 where one has to be divided."""
        whole = samples <= self.samples(passes)
        return max(int(whole), int(self.affordable / (passes * samples * self.products)))

    def samples(self, passes: int) -> int:
        """How many samples `passes` of one row may be made over at once."""
        fewest = -(-FEWEST * self.parameters // self.products)
        return max(1, fewest, int(self.longest / (passes * self.products)))

    def pauses(self) -> Pauses:
        return Pauses(self)


class Pauses:
    """Forward passes of a few samples after another, with a pause whenever as much is done as is affordable."""

    def __init__(self, portions: Portions) -> None:
        self._portions = portions
        self._done = 0.0

    def after(self, rows: int, samples: int) -> Iterator[None]:
        """A pause, if it is time for one, after passes of so many rows over so many samples."""
        self._done += rows * samples * self._portions.products
        if self._done >= self._portions.affordable:
            self._done = 0.0
            yield


def slices(length: int, size: int) -> Iterator[slice]:
    """The places of 0 to `length`, in portions of `size`."""
    return (slice(first, min(first + size, length)) for first in range(0, length, size))
