"""Long work with pauses: a generator that yields nothing, and gives its result when it has come to its end.

Whoever iterates it decides at each pause whether it goes on.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Paused = Generator[None, None, T]  # `result = yield from work` hands its pauses on


def finished(work: Paused[T]) -> T:
    """The result of the work, which is done without a pause."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result
