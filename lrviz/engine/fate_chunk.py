"""Some thousands of descents that go on together until the fate of each is known."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.fate import UNKNOWN
from lrviz.engine.fate_ends import DIVERGED, MINIMA, Final, Rests, judge
from lrviz.engine.fate_kernels import Stepper
from lrviz.engine.fate_minima import Minima
from lrviz.engine.fate_slopes import Slopes
from lrviz.engine.fate_watch import Integers, Swings, Watch
from lrviz.engine.problems import SurfaceProblem

SPARED = 8  # columns are dropped once one in so many is done
EVERY = 48  # steps between two looks, at most; at first they come more often,
LOOKED = 2  # after this part of all steps so far, and each time
SECOND = 6  # a second time soon after: who has come to a minimum is done if it is found there again


@dataclass(frozen=True, eq=False)
class Setting:
    """What all chunks of a map share."""

    problem: SurfaceProblem
    slopes: Slopes
    minima: Minima
    rests: Rests | None
    factors: list[float]  # the schedule's, one a step
    calm: NDArray[np.bool_]  # (steps + 1,) whether what is at rest then stays so: no noise, no larger rate to come
    noise: Tensor | None  # (steps, 2, 1) float32: what every gradient has too much


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
        self._gradient = torch.empty_like(stepper.theta)
        self._fill: Callable[[], None] = setting.slopes.bind(stepper.theta, self._gradient)
        self._next_look, self._second = 1, False
        self.fate: NDArray[np.int64] = np.full(len(self._open), UNKNOWN)
        self.steps: NDArray[np.int64] = np.full(len(self._open), self._last)

    @property
    def is_done(self) -> bool:
        return self._step == self._last

    @property
    def open_count(self) -> int:
        """Descents whose fate isn't known."""
        return len(self._open) - self._closed

    @torch.no_grad()
    def halves(self) -> tuple[Chunk, Chunk]:
        """The descents whose fate isn't known, as two chunks that go on in its place."""
        columns = np.flatnonzero(self._open)
        return self._part(columns[::2]), self._part(columns[1::2])

    @torch.no_grad()
    def advance(self, seconds: float) -> None:
        """Go on for so long, or to the end where that is nearer."""
        until = time.perf_counter() + seconds
        noise, factors = self._setting.noise, self._setting.factors
        while self._step < self._last:
            self._fill()
            if noise is not None:
                self._gradient += noise[self._step]
            if self._swings is not None:
                self._swings.before_step(self._stepper.theta, self._next_look - self._step)
            self._stepper.advance(self._gradient, factors[self._step])
            self._step += 1
            if self._step == self._next_look:
                self._look()
            if time.perf_counter() >= until:
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

    def _part(self, columns: Integers) -> Chunk:
        """A chunk of some open columns: keeping columns puts other tensors in the place of all that belong to one."""
        part = copy.copy(self)
        part._stepper, part._watch = copy.copy(self._stepper), copy.copy(self._watch)
        part._swings = copy.copy(self._swings)
        part._keep(columns)
        own = part._watch.cells
        part.cells, part.fate, part.steps = self.cells[own], self.fate[own], self.steps[own]
        part._watch.cells = np.arange(len(columns))
        return part

    def _keep(self, columns: Integers) -> None:
        kept = torch.from_numpy(columns)
        self._stepper.keep(kept)
        self._watch.keep(columns)
        if self._swings is not None:
            self._swings.keep(kept)
        if self._late is not None:
            self._late = self._late[kept]
        self._open, self._closed = self._open[columns], 0
        self._gradient = torch.empty_like(self._stepper.theta)
        self._fill = self._setting.slopes.bind(self._stepper.theta, self._gradient)

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
        with torch.no_grad():
            return self._setting.problem.loss(self._stepper.theta.double().T)
