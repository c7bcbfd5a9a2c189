"""Some thousands of descents that go on together until the fate of each is known."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.fate import UNKNOWN
from lrviz.engine.fate_ends import DIVERGED, MINIMA, Final, Rests, judge
from lrviz.engine.fate_gradient import Slopes
from lrviz.engine.fate_kernels import Stepper
from lrviz.engine.fate_minima import Bends, Minima, bends
from lrviz.engine.fate_watch import SAMPLED, Integers, Swings, Watch

Part = TypeVar("Part")
Result = TypeVar("Result")
Seen = tuple[Integers, Integers]  # columns of a piece that are lost, and those that have settled
NOBODY: Integers = np.empty(0, np.int64)

SPARED = 8  # columns are dropped once one in so many is done
EVERY = 48  # steps between two looks, at most,
LOOKS = 24  # or this part of all steps, so that a short descent is looked at as often; at first they come more often,
LOOKED = 2  # after this part of all steps so far, and each time
SECOND = 6  # a second time soon after: who has come to a minimum is done if it is found there again


@dataclass(frozen=True, eq=False)
class Setting:
    """What all chunks of a map share."""

    slopes: Slopes
    minima: Minima
    rests: Rests | None
    factors: list[float]  # the schedule's, one a step
    calm: NDArray[np.bool_]  # (steps + 1,) whether what is at rest then stays so: no noise, no larger rate to come
    noise: Tensor | None  # (steps, 2, 1) float32: what every gradient has too much
    threads: int  # step columns side by side between two looks,
    least: int  # if each has so many: two threads hand Python's lock to and fro at every operation


@dataclass(frozen=True, eq=False)
class _Piece:
    """Columns side by side that one thread steps and looks at."""

    first: int  # of its columns
    stepper: Stepper
    gradient: Tensor  # (2, N)
    fill: Callable[[], None]  # `gradient` from where the columns stand
    watch: Watch
    swings: Swings | None


class Chunk:
    """`fate` and `steps` (N,) of a map's `cells` are filled in as they become known, with the codes of fate_ends."""

    def __init__(self, setting: Setting, stepper: Stepper, cells: Integers) -> None:
        self.cells = cells
        self._setting = setting
        self._stepper = stepper
        self._step = self._looked = 0
        self._last = len(setting.factors)
        self._marks = self._last // 2, 3 * self._last // 4  # steps at which all losses are asked for
        self._watch = Watch.begun(stepper.theta, self._losses(), setting.minima)
        self._open = np.ones(stepper.theta.shape[1], bool)
        self._closed = 0  # columns that are done but not dropped yet
        self._swings: Swings | None = None
        self._pieces = self._cut()
        self._step_seconds = 0.0  # the last steps took, each
        self._next_look, self._second = 1, False
        self.fate: NDArray[np.int64] = np.full(len(self._open), UNKNOWN)
        self.steps: NDArray[np.int64] = np.full(len(self._open), self._last)

    @property
    def is_done(self) -> bool:
        return self._step == self._last

    @property
    def open_cells(self) -> Integers:
        """The cells whose fate isn't known for good."""
        return self.cells[self._watch.cells[self._open]]

    @property
    def open_share(self) -> float:
        return (len(self._open) - self._closed) / len(self.cells)

    @torch.no_grad()
    def advance(self, seconds: float, threads: Executor) -> None:
        """Go on for about so long, or to the end where that is nearer. Called on one of the `threads`."""
        until = time.perf_counter() + seconds
        while self._step < self._last:
            begun = time.perf_counter()
            affordable = max(1, int((until - begun) / (self._step_seconds or seconds)))
            step = min(self._next_look, self._step + affordable)
            seen = _side_by_side(partial(self._go, until=step), self._pieces, threads)
            now = time.perf_counter()
            self._step_seconds = (now - begun) / (step - self._step)
            self._step = step
            if step == self._next_look:
                self._looked = step
                self._take(seen)
                if step == self._last:
                    self._end(threads)
            if now >= until:
                return

    def so_far(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(N,) fates and steps, as it looks just now: a descent that is at a minimum, or off the map, may yet leave."""
        fate, steps, watch = self.fate.copy(), self.steps.copy(), self._watch
        for columns, codes, since in (
            (gone := np.flatnonzero(self._open & (watch.left > 0)), DIVERGED, watch.left_at(gone)),
            (at := np.flatnonzero(self._open & (watch.rested > 0)), MINIMA + watch.which[at], watch.since[at]),
        ):
            cells = watch.cells[columns]
            fate[cells], steps[cells] = codes, since
        return fate, steps

    @torch.no_grad()
    @np.errstate(all="ignore")
    def _go(self, piece: _Piece, until: int) -> Seen:
        """Step a piece, and look at it where that is due: which of its columns are lost, and which have settled."""
        setting, swings = self._setting, piece.swings
        theta = piece.stepper.theta.numpy()
        for step in range(self._step, until):
            if swings is not None and self._next_look - step <= SAMPLED:
                swings.before_look(theta)
            piece.fill()
            if setting.noise is not None:
                piece.gradient.add_(setting.noise[step])
            piece.stepper.advance(piece.gradient, setting.factors[step], step)
        if until < self._next_look:
            return NOBODY, NOBODY
        if swings is not None:
            swings.look(theta, until - self._looked)
        return piece.watch.look(piece.stepper.theta, setting.minima, self._looked, until)

    def _cut(self) -> list[_Piece]:
        theta = self._stepper.theta
        steppers = self._stepper.pieces(max(1, min(self._setting.threads, theta.shape[1] // self._setting.least)))
        count = len(steppers)
        gradients = torch.empty_like(theta).tensor_split(count, 1)
        watches = self._watch.pieces(count)
        swings = self._swings.pieces(count) if self._swings is not None else [None] * count
        pieces, first = [], 0
        for stepper, gradient, watch, swing in zip(steppers, gradients, watches, swings, strict=True):
            fill = self._setting.slopes.bind(stepper.theta, gradient)
            pieces.append(_Piece(first, stepper, gradient, fill, watch, swing))
            first += gradient.shape[1]
        return pieces

    def _take(self, seen: list[Seen]) -> None:
        """Take in what was seen of each piece at a look."""
        step, watch = self._step, self._watch
        lost, settled = (
            np.concatenate([piece.first + columns for piece, columns in zip(self._pieces, those, strict=True)])
            for those in zip(*seen, strict=True)
        )
        self._close(lost, np.full_like(lost, DIVERGED), watch.left_at(lost))
        if self._stepper.settles and self._setting.calm[step]:
            self._close(settled, MINIMA + watch.which[settled], watch.since[settled])
        if step == self._last:
            return
        self._drop_closed()
        if step == self._marks[0]:
            watch.half_loss = self._losses().numpy()
            self._swings = Swings.at(self._stepper.theta.numpy())
        if step == self._marks[1]:
            watch.late_loss, watch.late_place = self._losses().numpy(), self._stepper.theta.numpy().copy()
        if step in self._marks:
            self._pieces = self._cut()
        self._second = not self._second
        apart = min(EVERY, self._last // LOOKS, step // (SECOND if self._second else LOOKED))
        self._next_look = min(step + max(1, apart), *(mark for mark in (*self._marks, self._last) if mark > step))

    def _close(self, columns: Integers, codes: Integers, steps: Integers) -> None:
        """What became of some columns, but for those that were done before."""
        new = self._open[columns]
        cells = self._watch.cells[columns[new]]
        self.fate[cells], self.steps[cells] = codes[new], steps[new]
        self._open[columns] = False
        self._closed += len(cells)

    def _drop_closed(self) -> None:
        """Drop the columns that are done, once they are many."""
        if self._closed == len(self._open):
            self._step = self._last
        elif self._closed * SPARED >= len(self._open):
            self._keep(np.flatnonzero(self._open))

    def _keep(self, columns: Integers) -> None:
        kept = torch.from_numpy(columns)
        self._stepper.keep(kept)
        self._watch.keep(columns)
        if self._swings is not None:
            self._swings.keep(columns)
        self._open, self._closed = self._open[columns], 0
        self._pieces = self._cut()

    def _end(self, threads: Executor) -> None:
        """Judge what is still open after the last step."""
        columns = np.flatnonzero(self._open)
        if len(columns) == 0:
            return
        self._keep(columns)
        theta, loss, minima = self._stepper.theta, self._losses(), self._setting.minima
        swings = self._swings or Swings.at(theta.numpy())

        def bends_at(points: Tensor) -> Bends:
            parts = points.tensor_split(self._setting.threads, 1)
            return Bends.of(_side_by_side(partial(bends, minima.problem), parts, threads))

        final = Final(theta, self._watch, swings, loss, bends_at)
        codes, steps = judge(final, minima, self._setting.rests, self._last)
        self._close(np.arange(len(columns)), codes.numpy(), steps.numpy())

    def _losses(self) -> Tensor:
        """(N,) in float64."""
        return self._setting.slopes.losses(self._stepper.theta)


def _side_by_side(work: Callable[[Part], Result], parts: Sequence[Part], threads: Executor) -> list[Result]:
    """What some work makes of each part: of the first one here, and of others on the `threads` meanwhile."""
    first, *others = parts
    later = [threads.submit(work, part) for part in others]
    return [work(first), *(result.result() for result in later)]
