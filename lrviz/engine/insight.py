"""What a model does at a step of its race, for all runs at once: fast enough to be asked anew for every frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.epochs import load_data
from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.insight import (
    Boundary,
    Confusion,
    Fit,
    Insight,
    InsightKind,
    RunInsight,
    Units,
    UnitsForm,
    Wall,
)
from lrviz.core.pauses import Paused, finished
from lrviz.core.trace import Trace
from lrviz.engine.insight_answers import boundaries, confusions, walls
from lrviz.engine.insight_data import studied
from lrviz.engine.insight_layers import Weights, histograms, weights_of
from lrviz.engine.insight_units import Among, Peek, answering_layer, has_batch_norm
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.problems import problem_from_spec
from lrviz.engine.stacked_module import StackedModule

GRID = 48  # points a side of a boundary's grid
MAP = 28  # of a unit's map
ALONG = 200  # points of a curve
MOST_UNITS = 16
REFERENCE = 512  # training samples whose statistics a batch norm uses on points that nobody drew


class Insights:
    """Answers for one race, from its traces as far as they have come; `experiment` is one of a model."""

    def __init__(self, experiment: Experiment, traces: Sequence[Trace]) -> None:
        spec = experiment.problem
        assert isinstance(spec, OnModel)
        problem = problem_from_spec(spec, experiment.seed)
        assert isinstance(problem, ModelProblem)
        self._problem, self._traces, self._seed = problem, tuple(traces), experiment.seed
        self._dtype = problem.start(1).dtype
        self._data = data = load_data(spec.data, experiment.seed)
        self._studied = studied(data)
        self._train, self._test = self._tensor(data.train_inputs), self._tensor(data.test_inputs)
        self._layers = weights_of(problem.module)
        self._answering = answering_layer(problem.module, self._train[:2])  # None: no hidden units to be asked
        self._form = self._units_form()
        self._ways: dict[InsightKind, Callable[[Tensor, int], Paused[Sequence[RunInsight]]]] = {
            "boundary": self._boundary,
            "curve": self._curve,
            "wall": self._wall,
            "confusion": self._confusion,
            "units": self._units,
            "weights": self._weights,
        }

    @cached_property
    def kinds(self) -> tuple[InsightKind, ...]:
        """What there is to be shown for this model and these data."""
        inputs, classes = self._train.shape[1], bool(self._data.classes)
        made: dict[InsightKind, bool] = {
            "boundary": inputs == 2 and classes,
            "curve": inputs == 1 and not classes,
            "wall": classes and self._data.image_shape is not None,
            "confusion": classes,
            "units": self._form is not None,
            "weights": True,
        }
        return tuple(kind for kind, makes_sense in made.items() if makes_sense)

    def at(self, kind: InsightKind, step: int) -> Insight:
        """`look`, without a pause."""
        return finished(self.look(kind, step))

    def look(self, kind: InsightKind, step: int) -> Paused[Insight]:
        """`kind`, or the first of `kinds` where it isn't one, at `step`: of the last snapshot that is not after it."""
        if kind not in self.kinds:
            kind = self.kinds[0]
        found: dict[int, NDArray[np.floating[Any]]] = {}
        measured = 0
        for run, trace in enumerate(self._traces):
            place = _place(trace, step)
            if place is not None and np.isfinite(trace.theta_at(place)).all():
                found[run], measured = trace.theta_at(place), int(trace.snapshot_step[place])
        runs: list[RunInsight | None] = [None] * len(self._traces)
        if found:
            theta = torch.from_numpy(np.stack(list(found.values())))
            values = yield from self._ways[kind](theta, measured)
            for run, value in zip(found, values, strict=True):
                runs[run] = value
        return Insight(kind, step, measured, self.kinds, self._studied, self._traces, tuple(runs))

    # Each kind: from theta (K, P), one value a run

    def _boundary(self, theta: Tensor, _step: int) -> Paused[list[Boundary]]:
        answers = yield from self._problem.answers(theta, self._grid, self._among)
        return boundaries(answers.argmax(-1), self._chances(answers), GRID)

    def _curve(self, theta: Tensor, _step: int) -> Paused[list[Fit]]:
        answers = yield from self._problem.answers(theta, self._line, self._among)
        return [Fit(values) for values in answers[..., 0].numpy()]

    def _wall(self, theta: Tensor, _step: int) -> Paused[list[Wall]]:
        answers = yield from self._problem.answers(theta, self._test)
        return walls(answers.argmax(-1), self._chances(answers), self._data.test_targets.astype(np.int64))

    def _confusion(self, theta: Tensor, _step: int) -> Paused[list[Confusion]]:
        answers = yield from self._problem.answers(theta, self._test)
        return confusions(answers.argmax(-1), self._data.test_targets.astype(np.int64), len(self._data.classes))

    def _units(self, theta: Tensor, _step: int) -> Paused[list[Units]]:
        form = self._form
        assert form is not None
        if form == "pictures":
            shape = _picture_shape(self._layers[0], self._data.image_shape)
            values = theta[:, self._layers[0].place].view(len(theta), -1, *shape or ())
            return [self._unit_values(form, self._layers[0].name, row) for row in values]
        assert self._answering is not None
        if form == "groups":
            heard = yield from self._problem.answers(theta, self._test, self._peek)  # (K, M, U)
            values = torch.stack([heard[:, group].mean(1) for group in self._groups], -1)
            return [self._unit_values(form, self._answering, row) for row in values]
        points = self._map_grid if form == "maps" else self._line
        values = (yield from self._problem.answers(theta, points, self._peek)).transpose(1, 2)  # (K, U, points)
        if form == "maps":
            values = values.reshape(*values.shape[:2], MAP, MAP)
        return [self._unit_values(form, self._answering, row) for row in values]

    def _weights(self, theta: Tensor, step: int) -> Paused[Sequence[RunInsight]]:
        # Of the batch that this very update was made with.
        _, gradient = yield from self._problem.gradients_in_pieces(theta, step)
        return (yield from histograms(self._layers, theta.numpy(), gradient.numpy()))

    # Parts of them

    def _unit_values(self, form: UnitsForm, layer: str, values: Tensor) -> Units:
        groups = self._data.classes if form == "groups" else ()
        return Units(form, layer, len(values), values[:MOST_UNITS].contiguous().numpy(), groups)

    def _chances(self, answers: Tensor) -> Tensor:
        """(K, B, C) probabilities; with squared errors what stands for them. 0 where it is not a number."""
        chances = torch.softmax(answers, -1) if self._problem.is_likelihood else answers.clamp(0.0, 1.0)
        return chances.nan_to_num_(0.0)

    def _units_form(self) -> UnitsForm | None:
        if self._layers and _picture_shape(self._layers[0], self._data.image_shape) is not None:
            return "pictures"
        if self._answering is None:
            return None
        inputs = self._train.shape[1]
        if self._studied.bounds is None:
            return "groups"
        return "maps" if inputs == 2 else "curves"

    @cached_property
    def _peek(self) -> StackedModule:
        """The hidden units, in place of the answers."""
        assert self._answering is not None
        peek = Peek(self._problem.module, self._answering)
        drawn = self._form == "groups" or not has_batch_norm(peek)
        return StackedModule(peek if drawn else Among(peek, self._train[:REFERENCE]), self._seed)

    @cached_property
    def _among(self) -> StackedModule | None:
        """What is asked about points that nobody drew; None where the module itself may be."""
        module = self._problem.module
        if not has_batch_norm(module):
            return None
        return StackedModule(Among(module, self._train[:REFERENCE]), self._seed)

    @cached_property
    def _groups(self) -> list[NDArray[np.int64]]:
        """The places among the test part of every class, or of every quarter of the targets."""
        targets = self._data.test_targets
        if self._data.classes:
            return [np.flatnonzero(targets == c) for c in range(len(self._data.classes))]
        return np.array_split(np.argsort(targets, kind="stable"), 4)

    @cached_property
    def _grid(self) -> Tensor:
        return self._even(GRID)

    @cached_property
    def _map_grid(self) -> Tensor:
        return self._even(MAP)

    def _even(self, side: int) -> Tensor:
        assert self._studied.bounds is not None
        x0, x1, y0, y1 = self._studied.bounds
        y, x = np.meshgrid(np.linspace(y0, y1, side), np.linspace(x0, x1, side), indexing="ij")
        return self._tensor(np.column_stack([x.ravel(), y.ravel()]))

    @cached_property
    def _line(self) -> Tensor:
        assert self._studied.bounds is not None
        return self._tensor(np.linspace(*self._studied.bounds[:2], ALONG)[:, None])

    def _tensor(self, values: object) -> Tensor:
        return torch.tensor(values, dtype=self._dtype)


def _place(trace: Trace, step: int) -> int | None:
    """The last snapshot that is not after `step`; None where there is none yet, or the run has overflowed by then."""
    over = trace.overflow_step
    if over is not None and step >= over:
        return None
    place = int(np.searchsorted(trace.snapshot_step, step, side="right")) - 1
    return place if place >= 0 else None


def _picture_shape(weights: Weights, image_shape: tuple[int, int] | None) -> tuple[int, int] | None:
    """The shape of the picture that a unit's weights make: all of a picture or a part of one; None where they don't."""
    if image_shape is None:
        return None
    rows, columns = image_shape
    if len(weights.shape) == 2 and weights.shape[1] == rows * columns:
        return image_shape
    if len(weights.shape) == 4 and weights.shape[1] == 1:
        return weights.shape[2], weights.shape[3]
    return None
