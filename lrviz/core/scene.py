"""All that it takes to draw any step of a race. Replaced whole whenever more is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Point
from lrviz.core.data_view import DataView
from lrviz.core.experiment import Experiment
from lrviz.core.landscape import Landscape, Plane, PlaneKind
from lrviz.core.trace import Trace
from lrviz.core.verdict import Verdict


@dataclass(frozen=True, eq=False)
class Scene:
    """A race as its readers see it. The traces grow by themselves; everything else stands still."""

    experiment: Experiment
    fingerprint: str  # a short hash of start, batches and settings: all but the learning rates
    parameters: int  # P
    steps_per_epoch: int | None  # None for surfaces
    traces: tuple[Trace, ...]  # one a run, in the experiment's order
    plane: Plane | None = None  # None until it is known
    landscape: Landscape | None = None
    plane_kind: PlaneKind | None = None  # of a model's plane
    minima: tuple[Point, ...] = ()  # known ones, of surfaces
    verdicts: tuple[Verdict, ...] | None = None  # None until the race has ended
    data: DataView | None = None  # the samples behind a surface that is a real loss
    factors: tuple[NDArray[np.float64] | None, ...] = ()  # each run's schedule over the whole length, (≤ 201,) factors
    #   of its rate at even distances from step 0 to the last; None where the losses decide
    test_samples: int | None = None  # on which a model is tested; None for surfaces
    note: str = ""  # one line that the person should know: "rows run in turn, since vmap refuses …"

    def looks_like(self, other: Scene) -> bool:
        """Whether both have the same still picture, and so differ in traces or verdicts alone."""
        same_ground = self.plane is other.plane and self.landscape is other.landscape
        return same_ground and self.experiment == other.experiment and self.minima == other.minima

    @property
    def rows(self) -> int:
        """Rows published so far: the longest trace's."""
        return max(len(trace) for trace in self.traces)

    @property
    def steps(self) -> int:
        return self.experiment.steps
