"""Runs that begin as another one does: until they part, they are that run, bit by bit.

Rows of one tensor that are computed alike may still differ in their last bit: a vectorised operation treats the end
of a tensor another way than its body. So a fork goes unseen beside its parent, shows what its parent does, and takes
over its place and all that its optimizer and schedule remember at the step at which they part.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from numpy.typing import NDArray

from lrviz.core.experiment import Run


@dataclass(frozen=True)
class Fork:
    """Row `row` is row `parent`, an earlier one, in all steps before `step`; infinite where they never part."""

    row: int
    parent: int
    step: float


def forks_of(runs: Sequence[Run]) -> tuple[Fork, ...]:
    """Every run that begins as an earlier one does, in the order of rows.

    Its parent is the one with which it goes longest, the first of several. That one has parted from its own parent by
    then: had it not, the fork would go as long with that.
    """
    forks = []
    alike: dict[tuple[object, ...], list[int]] = {}
    for row, run in enumerate(runs):
        earlier = alike.setdefault((run.lr, run.optimizer, run.schedule), [])
        if earlier:
            parent = max(earlier, key=lambda other: _parting(run, runs[other]))
            forks.append(Fork(row, parent, _parting(run, runs[parent])))
        earlier.append(row)
    return tuple(forks)


def share(forks: Iterable[Fork], rows: NDArray[Any], step: int) -> None:
    """What is recorded at `step`, (K, …), is a fork's as it is its parent's."""
    for fork in forks:
        if step < fork.step:
            rows[fork.row] = rows[fork.parent]


def share_chunk(forks: Iterable[Fork], chunk: NDArray[Any], first: int) -> None:
    """The same for all steps of a chunk (n, K, …) from step `first` on."""
    for fork in forks:
        if first < fork.step:
            together = slice(0, int(min(len(chunk), fork.step - first)))
            chunk[together, fork.row] = chunk[together, fork.parent]


def _parting(one: Run, other: Run) -> float:
    """The step of the first change that is not both's."""
    for mine, theirs in zip_longest(one.changes, other.changes):
        if mine != theirs:
            return min(change.step for change in (mine, theirs) if change is not None)
    return math.inf
