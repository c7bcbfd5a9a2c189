"""Counting what torch multiplies, forwards and backwards, between two pauses: an oracle that knows nothing of lrviz."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry


class Multiplications(TorchDispatchMode):
    """Hears every matrix product and convolution that is computed under it."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        cost = flop_registry.get(func._overloadpacket)
        if cost is not None:
            self.count += cost(*args, **(kwargs or {}), out_val=result) // 2  # a multiplication and an addition each
        return result


def stretches(work: Iterator[object], most: int) -> list[int]:
    """The multiplications before each of the first `most` pauses of the work, or until its end."""

    def counted() -> Iterator[int]:
        ended = False
        while not ended:
            with Multiplications() as heard:
                ended = next(work, work) is work
            yield heard.count

    return list(islice(counted(), most))
