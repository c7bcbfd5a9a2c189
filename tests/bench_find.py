"""What a range test of 8 seeds together takes, against one of one seed by torch-lr-finder; digits, MLP 64-32-10.

    python tests/bench_find.py [--rounds 9]

Milliseconds on one torch thread. Both go from 1e-6 to 10 in 200 steps on the same training part, in batches of 64, and
the data are split beforehand. Ours counts 8 starts, the descent and all suggestions; theirs the finder and its test,
with the model and a DataLoader made beforehand and without drawing a plot. It stops early where the loss diverges; that
it would have made all steps is told in the second column, its time a step for 200. They take turns within each
round, so that a host whose speed drifts spoils no ratio; the median round counts.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
import warnings
from collections.abc import Callable
from statistics import median

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from lrviz.core import catalog
from lrviz.core.epochs import load_data
from lrviz.core.experiment import Experiment, OnModel, Run, choose
from lrviz.core.range_test import RangeQuestion
from lrviz.core.suggestions import suggestions
from lrviz.engine.range_test import range_test

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of tqdm, which misses a notebook
    from torch_lr_finder import LRFinder

FIRST, LAST, STEPS, SEEDS, BATCH = 1e-6, 10.0, 200, 8, 64
OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


def ours(optimizer: str, seeds: int) -> Callable[[], int]:
    problem = OnModel(choose(catalog.models, "mlp", hidden=(32,)), choose(catalog.datasets, "digits"), BATCH)
    experiment = Experiment(
        problem, choose(catalog.optimizers, optimizer), choose(catalog.schedules, "constant"), (Run(0.1),), 1
    )
    question = RangeQuestion(experiment, FIRST, LAST, STEPS, tuple(range(seeds)))

    def go() -> int:
        *_, last = range_test(question)
        assert last is not None
        suggestions(last)
        return int(last.steps.max())

    return go


def theirs(optimizer: str) -> Callable[[], int]:
    data = load_data(choose(catalog.datasets, "digits"), 0)
    part = TensorDataset(torch.tensor(data.train_inputs), torch.tensor(data.train_targets))

    def go() -> int:
        torch.manual_seed(0)
        module = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
        loader = DataLoader(part, BATCH, shuffle=True)
        finder = LRFinder(module, OPTIMIZERS[optimizer](module.parameters(), FIRST), nn.CrossEntropyLoss())
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            finder.range_test(loader, end_lr=LAST, num_iter=STEPS)
        return len(finder.history["lr"])

    return go


def timed(work: Callable[[], int]) -> tuple[float, int]:
    begun = time.perf_counter()
    steps = work()
    return 1e3 * (time.perf_counter() - begun), steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    print(f"{'':8}{'torch-lr-finder':>22}{'of all steps':>14}{'1 seed':>9}{f'{SEEDS} seeds':>9}{'ratio':>8}")
    for optimizer in OPTIMIZERS:
        works = theirs(optimizer), ours(optimizer, 1), ours(optimizer, SEEDS)
        for work in works:  # the first time of anything loads what it needs
            work()
        found = [[timed(work) for work in works] for _ in range(rounds)]
        (their, steps), (one, _), (eight, _) = (
            (median(took for took, _ in column), column[0][1]) for column in zip(*found, strict=True)
        )
        ratio = median(row[0][0] / row[2][0] for row in found)
        print(
            f"{optimizer:8}{their:>9.0f} ({steps:>3} steps){their / steps * STEPS:>14.0f}"
            f"{one:>9.0f}{eight:>9.0f}{ratio:>7.2f}×"
        )


if __name__ == "__main__":
    main()
