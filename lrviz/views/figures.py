"""What is written of each run: told anew at every step that is shown, or, while a race plays, when its turn comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Told = TypeVar("Told")
ALL = slice(None)


class Figures(Generic[Told]):
    """Keeps of which step each run's figures tell, and what `tell(run, step)` says of it."""

    def __init__(self, tell: Callable[[int, int], Told]) -> None:
        self._tell = tell
        self._at: list[int] = []
        self._told: list[Told | None] = []  # None until it is asked

    def begin(self, runs: int, step: int) -> None:
        """So many runs, all told of `step`."""
        self._at = [step] * runs
        self._told = [None] * runs

    def forget(self) -> None:
        """Tell all of it again: something else is said."""
        self._told = [None] * len(self._told)

    def turn(self, step: int, runs: slice = ALL) -> bool:
        """These runs' figures are of `step` now. Returns whether any of them were not."""
        behind = any(at != step for at in self._at[runs])
        for run in range(len(self._at))[runs]:
            self._at[run] = step
            self._told[run] = None
        return behind

    def of(self, run: int) -> Told:
        told = self._told[run]
        if told is None:
            told = self._told[run] = self._tell(run, self._at[run])
        return told
