"""Long work with pauses: a generator that yields nothing, and gives its result when it has come to its end.

Whoever iterates it decides at each pause whether it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

S = TypeVar("S")
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


def at_pauses(work: Paused[T], told: Callable[[], Iterable[S]]) -> Generator[S, None, T]:
    """The result of the work; at each of its pauses comes what `told` gives, perhaps nothing."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result
        yield from told()
