"""Range tests and sweeps made by hand, for tests of what draws them: nothing is trained."""

from __future__ import annotations

import numpy as np

from lrviz.core.experiment import Experiment
from lrviz.core.openings import opening
from lrviz.core.range_test import RangeQuestion, RangeTest
from lrviz.core.suggestions import RULES, Suggestion
from lrviz.core.sweep import SweepQuestion, SweepTable, rates_between

RATES = {"steepest": 2e-3, "minimum": 3e-3, "valley": 1.4e-3, "slide": 6e-2, "torch_lr_finder": 2.5e-3}


def range_test(
    seeds: int = 5,
    *,
    experiment: Experiment | None = None,
    known: int | None = None,
    ends: dict[int, int] | None = None,
    steps: int = 200,
) -> RangeTest:
    """Flat, falling, lowest near 0.03, blowing up near 1; each seed a little apart, with noise as of small batches.

    `known` steps of it, all unless told; `ends` says at which step a seed's loss is no number any more.
    """
    rng = np.random.default_rng(3)
    question = RangeQuestion(experiment or opening(), steps=steps, seeds=tuple(range(seeds)))
    at = np.log10(question.lrs)[None, :]
    shift = rng.normal(0, 0.12, (seeds, 1))
    fallen = 1 / (1 + np.exp(-3.2 * (at - shift + 2.6)))
    blown = np.exp(np.clip(6.0 * (at - shift + 0.1), -50, 50)) * 0.05
    losses = (2.35 - 2.05 * fallen + blown) * np.exp(0.1 * rng.normal(size=(seeds, steps)) * (0.3 + fallen))
    taken = np.full(seeds, steps if known is None else known, np.int64)
    for seed, step in (ends or {}).items():
        losses[seed, step:] = np.nan
        taken[seed] = min(int(taken[seed]), step)
    losses[:, taken.max() :] = np.nan
    losses.flags.writeable = False
    return RangeTest(question, losses, taken, known is None)


def sweep_table(*, experiment: Experiment | None = None, share: float = 1.0, diverged: bool = False) -> SweepTable:
    """Best between about 0.001 and 0.003, as digits with Adam; the lowest `share` of its rates are known."""
    asked = experiment or opening()
    lrs, seeds = rates_between(1e-5, 1.0, 21), (0, 1, 2, 3, 4)
    marks = np.array([1.0, 10.0, 30.0])
    rng = np.random.default_rng(1)
    off = (np.log10(np.array(lrs)) + 2.75)[:, None, None]
    accuracy = 0.97 - 0.06 * off**2 + 0.002 * rng.normal(size=(len(lrs), len(seeds), len(marks)))
    shape = (1, len(lrs), len(seeds))
    done = np.zeros(shape, bool)
    done[:, : round(share * len(lrs))] = True
    accuracy = np.where(done[0, :, :, None], np.clip(accuracy, 0.1, 1), np.nan)
    over = np.full(shape, 1.0 if diverged else np.inf)
    question = SweepQuestion(asked, lrs, seeds)
    return SweepTable(question, lrs, marks, {"test_accuracy": accuracy[None]}, over, done, None, share == 1.0)


def suggested(test: RangeTest) -> dict[str, Suggestion]:
    """Every rule's rates near those of RATES; none while not all is known."""
    rng = np.random.default_rng(0)
    found = {}
    for name, rule in RULES.items():
        rates = RATES[name] * np.exp(0.3 * rng.normal(size=len(test.losses)))
        found[name] = Suggestion(rule, rates if test.complete else np.full_like(rates, np.nan))
    return found
