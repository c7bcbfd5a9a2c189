"""A question about fates as descents that can be made: where each begins, how it steps, how many go on together."""

from __future__ import annotations

import copy
import time
from functools import cached_property, lru_cache

import numpy as np
import torch
from msgspec.structs import replace
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.catalog import NOISE
from lrviz.core.experiment import Experiment, OnExpression, OnModel, OnSurface
from lrviz.core.fate import PLACELESS, UNKNOWN, FateMap, FateQuestion, Outcome, axes_of, starts_on_line
from lrviz.core.surface_ground import NEAR
from lrviz.engine.fate_cells import Cells
from lrviz.engine.fate_chunk import Chunk, Setting
from lrviz.engine.fate_ends import MINIMA, RESTS, Rests
from lrviz.engine.fate_gradient import Slopes
from lrviz.engine.fate_kernels import Numbers, stepper_of
from lrviz.engine.fate_minima import GRID, SMOOTH_GRID, Minima
from lrviz.engine.fate_playback import RecordedSlopes
from lrviz.engine.fate_slopes import slopes_of
from lrviz.engine.problems import SurfaceProblem, bounds_and_minima, problem_from_spec
from lrviz.engine.process import THREADS
from lrviz.engine.rates import whole_schedule

STRIDES = (4, 16, 64)  # cells between two of the coarsest picture: the first that is affordable
AFFORDABLE_SECONDS = 0.045  # for all of its steps
LEAST_CELLS = 4  # a side
CHUNK = 2**16  # descents that go on together, at most: the last few of each chunk take most of its time
SMALLEST_CHUNK = 2**6
TIMED = 2**6, 2**14  # descents whose steps are timed, to tell how long others take
CHUNK_STEP_SECONDS = 0.006  # for one step of all of them
# A step of a piece takes, at least: two threads hand Python's lock to and fro at each operation.
PIECE_SECONDS = 0.00025


class Descents:
    """Makes chunks of descents, and pictures of what became of them."""

    def __init__(self, experiment: Experiment, question: FateQuestion) -> None:
        spec = experiment.problem
        assert not isinstance(spec, OnModel)
        run = experiment.runs[question.run]
        problem, self._slopes, minima = _ground(replace(spec, start=(0.0, 0.0)), experiment.seed)
        self._minima = copy.copy(minima)  # descents find more of them, which are of this map alone
        self._question = question
        self._optimizer = experiment.optimizer_of(run)
        self._rate = run.lr
        self._start = spec.start
        self._axes = axes_of(experiment, question)
        deviation = spec.noise if isinstance(spec, OnExpression) else _noise_of(spec)
        factors = whole_schedule(experiment.schedule_of(run), question.steps)[: question.steps]
        calm = np.append(factors >= np.maximum.accumulate(factors[::-1])[::-1], True) & (deviation == 0)
        decays = bool(self._optimizer.parameters.get("weight_decay", 0.0))
        self.chunk_size = SMALLEST_CHUNK
        while self.chunk_size < CHUNK and self._step_seconds(4 * self.chunk_size) <= CHUNK_STEP_SECONDS:
            self.chunk_size *= 4
        self._setting = Setting(
            slopes=self._slopes,
            minima=self._minima,
            rests=Rests(NEAR * self._minima.half) if decays else None,
            factors=factors.tolist(),
            calm=calm,
            noise=_noise(problem, deviation, question.steps),
            threads=THREADS,
            least=int(PIECE_SECONDS / self._step_seconds(self.chunk_size) * self.chunk_size) + 1,
        )

    def first_stride(self) -> int:
        """The stride of the finest level whose steps can be made at once; the coarsest where none can."""
        size, steps = self._question.size, self._question.steps
        possible = [stride for stride in STRIDES if size // stride >= LEAST_CELLS] or [1]
        for stride in possible:
            if steps * self._step_seconds((size // stride) ** 2) <= AFFORDABLE_SECONDS:
                return stride
        return possible[-1]

    def chunk(self, cells: NDArray[np.int64]) -> Chunk:
        """The descents of some cells, at their start. FateError where the optimizer can't make them."""
        question = self._question
        rows, columns = np.divmod(cells, question.size)
        x, y = self._axes[0].centres(question.size)[columns], self._axes[1].centres(question.size)[rows]
        start = np.tile(self._start, (len(cells), 1))
        rate: Numbers = self._rate
        momentum: Tensor | None = None
        match question.kind:
            case "starts":
                start = np.stack((x, y), 1)
            case "rate_momentum":
                rate, momentum = torch.from_numpy(x).float(), torch.from_numpy(y).float()
            case "rate_start":
                rate, start = torch.from_numpy(x).float(), starts_on_line(question, y)
        theta = torch.from_numpy(np.ascontiguousarray(start.T)).float()
        return Chunk(self._setting, stepper_of(self._optimizer, theta, rate, momentum), cells)

    def picture(self, cells: Cells) -> FateMap:
        """What is known of all cells, with the outcomes counted."""
        places = self._minima.places
        rests = self._setting.rests.places if self._setting.rests is not None else ()
        outcomes = (
            *PLACELESS,
            *(Outcome("minimum", place) for place in places),
            *(Outcome("rest", place) for place in rests),
        )
        fate, steps = cells.filled()
        first_minimum, first_rest = len(PLACELESS), len(PLACELESS) + len(places)
        counted = np.select(
            [fate >= RESTS, fate >= MINIMA], [fate - RESTS + first_rest, fate - MINIMA + first_minimum], fate
        )
        assert counted.min() >= UNKNOWN
        known = cells.size // cells.known if cells.known else 0
        x, y = self._axes
        return FateMap(self._question, x, y, outcomes, counted.astype(np.int16), steps.astype(np.int32), known)

    def _step_seconds(self, count: int) -> float:
        """How long one step of so many points takes."""
        start, each = self._cost
        return start + each * count

    @cached_property
    @torch.no_grad()
    def _cost(self) -> tuple[float, float]:
        """Seconds for the calls of a step, and for each point of it: from steps of few points and of many."""
        few, many = (self._timed(count) for count in TIMED)
        each = max(0.0, many - few) / (TIMED[1] - TIMED[0])
        return max(0.0, few - each * TIMED[0]), each

    def _timed(self, count: int) -> float:
        """Seconds of a step of so many points, where they stand: the shorter of two, as the first warms up."""
        theta = self._minima.centre.repeat(1, count)
        gradient = torch.empty_like(theta)
        fill = self._slopes.bind(theta, gradient)
        stepper = stepper_of(self._optimizer, theta, 0.0)
        seconds = []
        for _ in range(2):
            begun = time.perf_counter()
            fill()
            stepper.advance(gradient, 1.0, 0)
            seconds.append(time.perf_counter() - begun)
        return min(seconds)


@lru_cache(maxsize=1)
def _ground(spec: OnSurface | OnExpression, seed: int) -> tuple[SurfaceProblem, Slopes, Minima]:
    """What maps of one surface share: whoever asks for another rate need not wait for it again."""
    problem = problem_from_spec(spec, seed)
    assert isinstance(problem, SurfaceProblem)
    bounds, known = bounds_and_minima(spec)
    slopes = slopes_of(problem.function, bounds)
    is_recorded = isinstance(slopes, RecordedSlopes)
    return problem, slopes, Minima(problem, slopes, bounds, known, GRID if is_recorded else SMOOTH_GRID)


def _noise_of(spec: OnSurface) -> float:
    deviation = spec.surface.parameters.get(NOISE.name, 0.0)
    assert isinstance(deviation, float)
    return deviation


def _noise(problem: SurfaceProblem, deviation: float, steps: int) -> Tensor | None:
    """(steps, 2, 1) what every gradient has too much, as a race adds it."""
    if deviation == 0:
        return None
    return torch.stack([problem.noise_at(step) for step in range(steps)]).float()[:, :, None]
