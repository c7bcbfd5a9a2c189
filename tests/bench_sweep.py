"""What a sweep gains over one torch.optim run after another: 64 rates × 5 seeds of 64-32-10 on digits, 20 epochs.

    python tests/bench_sweep.py [--rounds 5]

Both sides measure loss and accuracy on the training and the test part after each epoch, which is what a sweep's table
is made of. They take turns, so that a host whose speed drifts spoils no ratio: ours makes the whole sweep, as a process
of lrviz does, then the plain way a few whole runs on one torch thread, whose time is scaled by the number of runs. All
by the clock; the median round counts. Then the most memory that this process has ever had.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import mean, median

import torch
from msgspec.structs import replace
from torch import nn
from torch.nn.functional import cross_entropy

from lrviz.core import catalog
from lrviz.core.epochs import load_data
from lrviz.core.experiment import Choice, Experiment, OnModel, Run, choose
from lrviz.core.sweep import SweepQuestion, rates_between
from lrviz.engine.process import THREADS, settle
from lrviz.engine.sweep import sweep

RATES, SEEDS, EPOCHS = 64, 5, 20
PLAIN_RUNS = 4  # in a round
TARGET, TARGET_GB = 20, 2


def question(batch: int, optimizer: str) -> SweepQuestion:
    data = choose(catalog.datasets, "digits")
    problem = OnModel(choose(catalog.models, "mlp", hidden=(32,)), data, batch)
    steps = EPOCHS * -(-len(load_data(data, 0).train_targets) // batch)
    chosen = choose(catalog.optimizers, optimizer)
    experiment = Experiment(problem, chosen, Choice("constant"), (Run(0.1),), steps)
    return SweepQuestion(experiment, rates_between(1e-4, 1, RATES), tuple(range(SEEDS)))


def plain_run(batch: int, optimizer: str, lr: float, seed: int) -> list[float]:
    """One run as people write it: no loader, the batches are shuffled slices. What was measured."""
    data = load_data(choose(catalog.datasets, "digits"), seed)
    inputs, targets = torch.tensor(data.train_inputs), torch.tensor(data.train_targets)
    test_inputs, test_targets = torch.tensor(data.test_inputs), torch.tensor(data.test_targets)
    torch.manual_seed(seed)
    module = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    part = catalog.optimizers.find(optimizer)
    stepper = part.factory(module.parameters(), lr, **part.settings({}))
    figures: list[float] = []
    for _ in range(EPOCHS):
        order = torch.randperm(len(inputs))
        for some in order.split(batch):
            stepper.zero_grad()
            cross_entropy(module(inputs[some]), targets[some]).backward()
            stepper.step()
        with torch.no_grad():
            for seen, wanted in ((inputs, targets), (test_inputs, test_targets)):
                answers = module(seen)
                figures.append(cross_entropy(answers, wanted).item())
                figures.append((answers.argmax(1) == wanted).float().mean().item())
    return figures


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def compare(batch: int, optimizer: str, rounds: int) -> None:
    wanted = question(batch, optimizer)
    short = replace(wanted, experiment=replace(wanted.experiment, steps=20), seeds=wanted.seeds[:1])
    seconds(lambda: list(sweep(short)))
    plain_run(batch, optimizer, 0.01, 0)
    ours, plain = [], []
    for turn in range(rounds):
        ours.append(seconds(lambda: list(sweep(wanted))))
        rates = wanted.lrs[turn % 16 :: RATES // PLAIN_RUNS]
        runs = [seconds(partial(plain_run, batch, optimizer, lr, turn)) for lr in rates]
        plain.append(mean(runs) * RATES * SEEDS)
    gain = median(slow / fast for slow, fast in zip(plain, ours, strict=True))
    print(
        f"{optimizer:<6}batch {batch:<4}{median(ours):7.2f} s,{median(plain):8.1f} s one after another (scaled from "
        f"{rounds} × {PLAIN_RUNS} runs):{gain:6.1f} × (target {TARGET})",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    settle()  # as every process of ours
    print(f"{RATES} rates × {SEEDS} seeds, MLP 64-32-10 on digits, {EPOCHS} epochs; {THREADS} threads against one")
    for batch in (32, 64):
        for optimizer in ("sgd", "adam"):
            compare(batch, optimizer, rounds)
    unit = 2**30 if sys.platform == "darwin" else 2**20  # bytes there, kilobytes elsewhere
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit:.2f} GiB (target {TARGET_GB})")


if __name__ == "__main__":
    main()
