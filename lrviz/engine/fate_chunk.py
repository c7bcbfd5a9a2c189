"""Some thousands of descents that go on together until the fate of each is known."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.fate import UNKNOWN
from lrviz.engine.fate_ends import DIVERGED, MINIMA, Final, Rests, judge
from lrviz.engine.fate_gradient import Slopes
from lrviz.engine.fate_kernels import Stepper
from lrviz.engine.fate_minima import Minima
from lrviz.engine.fate_watch import SAMPLED, Integers, Swings, Watch

SPARED = 8  # columns are dropped once one in so many is done
EVERY = 48  # steps between two looks, at most; at first they come more often,
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
    """Columns side by side that one thread steps."""

    stepper: Stepper
    gradient: Tensor  # (2, N)
    fill: Callable[[], None]  # `gradient` from where the columns stand


class Chunk:
    """`fate` and `steps` (N,) of a map's `cells` are filled in as they become known, with the codes of fate_ends."""

    def __init__(self, setting: Setting, stepper: Stepper, cells: Integers) -> None:
        self.cells = cells
        self._setting = setting
        self._stepper = stepper
        self._step = self._looked = 0
        self._last = len(setting.factors)
        self._watch = Watch.begun(stepper.theta, self._losses(), setting.minima)
        self._open = np.ones(stepper.theta.shape[1], bool)
        self._closed = 0  # columns that are done but not dropped yet
        self._swings: Swings | None = None
        self._late: Tensor | None = None
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
            step = min(self._stop(), self._step + max(1, int((until - begun) / (self._step_seconds or seconds))))
            later = [threads.submit(self._go, piece, step) for piece in self._pieces[1:]]
            self._go(self._pieces[0], step)
            for piece in later:
                piece.result()
            now = time.perf_counter()
            self._step_seconds = (now - begun) / (step - self._step)
            self._step = step
            if step == self._next_look:
                self._look()
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

    def _stop(self) -> int:
        """The step up to which nobody has to know where all stand."""
        left = self._next_look - self._step
        if self._swings is None:
            return self._next_look
        if left > SAMPLED:
            return self._next_look - SAMPLED
        self._swings.before_look(self._stepper.theta)
        return self._step + 1

    @torch.no_grad()
    def _go(self, piece: _Piece, until: int) -> None:
        noise, factors = self._setting.noise, self._setting.factors
        for step in range(self._step, until):
            piece.fill()
            if noise is not None:
                piece.gradient.add_(noise[step])
            piece.stepper.advance(piece.gradient, factors[step], step)

    def _cut(self) -> list[_Piece]:
        theta = self._stepper.theta
        count = max(1, min(self._setting.threads, theta.shape[1] // self._setting.least))
        steppers = self._stepper.pieces(count)
        gradients = torch.empty_like(theta).tensor_split(len(steppers), 1)
        return [
            _Piece(stepper, gradient, self._setting.slopes.bind(stepper.theta, gradient))
            for stepper, gradient in zip(steppers, gradients, strict=True)
        ]

    def _look(self) -> None:
        theta, step, watch = self._stepper.theta, self._step, self._watch
        before = watch.distance
        lost, settled = watch.look(theta, self._setting.minima, self._looked, step)
        if self._swings is not None:
            self._swings.look(theta, step - self._looked)
        self._close(lost, np.full_like(lost, DIVERGED), watch.left_at(lost))
        if self._stepper.settles and self._setting.calm[step]:
            self._close(settled, MINIMA + watch.which[settled], watch.since[settled])
        self._looked = step
        if step == self._last:
            self._end(before)
            return
        self._drop_closed()
        if self._swings is None and 2 * step >= self._last - 2:
            self._swings = Swings.at(self._stepper.theta)
        if self._late is None and 4 * step >= 3 * self._last - 3:
            self._late = self._losses()
        self._second = not self._second
        self._next_look = min(step + max(1, min(EVERY, step // (SECOND if self._second else LOOKED))), self._last)

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
            self._swings.keep(kept)
        if self._late is not None:
            self._late = self._late[kept]
        self._open, self._closed = self._open[columns], 0
        self._pieces = self._cut()

    def _end(self, before: NDArray[np.float32]) -> None:
        """Judge what is still open after the last step; `before` (N,) is the distance at the look before the last."""
        columns = np.flatnonzero(self._open)
        if len(columns) == 0:
            return
        self._keep(columns)
        theta, loss = self._stepper.theta, self._losses()
        swings = self._swings or Swings.at(theta)
        late = torch.from_numpy(self._watch.loss) if self._late is None else self._late
        final = Final(theta, self._watch, swings, late, loss, before[columns])
        codes, steps = judge(final, self._setting.minima, self._setting.rests, self._last)
        self._close(np.arange(len(columns)), codes.numpy(), steps.numpy())

    def _losses(self) -> Tensor:
        """(N,) in float64."""
        return self._setting.slopes.losses(self._stepper.theta)
