"""Sweeps to ask in tests: small enough to run at once, large enough to have several groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lrviz.core.experiment import Experiment
from lrviz.core.sweep import Knob, SweepQuestion, SweepTable
from lrviz.engine.sweep import Pool, sweep
from lrviz.engine.sweep_store import SweepStore
from tests.engine.questions import asked, on_model, on_surface

RATES = (0.001, 0.03, 0.1, 1.0, 100.0)


def small_model(steps: int = 12, optimizer: str = "sgd") -> Experiment:
    """Moons in five or so batches an epoch."""
    return asked(on_model(hidden=(4,)), (0.1,), steps, optimizer)


def question(
    lrs: Sequence[float] = RATES,
    seeds: Sequence[int] = (0, 1),
    knob: Knob | None = None,
    experiment: Experiment | None = None,
    refinements: int = 0,
) -> SweepQuestion:
    return SweepQuestion(experiment or small_model(), tuple(lrs), tuple(seeds), knob, refinements)


def bowl(steps: int = 50) -> Experiment:
    return asked(on_surface("bowl"), (0.1,), steps)


def swept(asked_for: SweepQuestion, store: SweepStore | None = None, pool: Pool | None = None) -> SweepTable:
    """The last table."""
    *_, last = (table for table in sweep(asked_for, store=store, pool=pool) if table is not None)
    return last


def assert_same_numbers(one: SweepTable, other: SweepTable) -> None:
    """Bit by bit."""
    assert one.lrs == other.lrs
    assert one.complete
    assert other.complete
    np.testing.assert_array_equal(one.marks, other.marks)
    np.testing.assert_array_equal(one.diverged, other.diverged)
    assert list(one.metrics) == list(other.metrics)
    for name, values in one.metrics.items():
        np.testing.assert_array_equal(values, other.metrics[name])
