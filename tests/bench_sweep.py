"""What a sweep gains over one torch.optim run after another: 64 rates × 5 seeds of 64-32-10 on digits, 20 epochs.

    python tests/bench_sweep.py [--rounds 5]

Both sides measure after each epoch; the plain way the test accuracy alone, ours also the training part and the losses.
They take turns, so that a host whose speed drifts spoils no ratio: ours computes a whole group of 64 rates, then the
plain way a few whole runs, in processor time of one torch thread. Its time is scaled by the number of runs; the median
round counts. Then a whole sweep once through, with its table, and the most memory that this process has ever had.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

import torch
from msgspec.structs import replace
from torch import nn
from torch.nn.functional import cross_entropy

from lrviz.core import catalog
from lrviz.core.epochs import load_data
from lrviz.core.experiment import Choice, Experiment, OnModel, Run, choose
from lrviz.core.sweep import SweepQuestion, rates_between
from lrviz.engine.sweep import sweep
from lrviz.engine.sweep_group import SweepGroup, groups_of, run_group

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


def plain_run(batch: int, optimizer: str, lr: float, seed: int) -> float:
    """One run as people write it: no loader, the batches are shuffled slices. The last test accuracy."""
    data = load_data(choose(catalog.datasets, "digits"), seed)
    inputs, targets = torch.tensor(data.train_inputs), torch.tensor(data.train_targets)
    test_inputs, test_targets = torch.tensor(data.test_inputs), torch.tensor(data.test_targets)
    torch.manual_seed(seed)
    module = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    part = catalog.optimizers.find(optimizer)
    stepper = part.factory(module.parameters(), lr, **part.settings({}))
    accuracy = 0.0
    for _ in range(EPOCHS):
        order = torch.randperm(len(inputs))
        for some in order.split(batch):
            stepper.zero_grad()
            cross_entropy(module(inputs[some]), targets[some]).backward()
            stepper.step()
        with torch.no_grad():
            accuracy = (module(test_inputs).argmax(1) == test_targets).float().mean().item()
    return accuracy


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def grouped(group: SweepGroup) -> Callable[[], object]:
    return lambda: list(run_group(group.experiment, group.marks))


def one_by_one(batch: int, optimizer: str, rates: Sequence[float], seed: int) -> Callable[[], object]:
    return lambda: [plain_run(batch, optimizer, lr, seed) for lr in rates]


def compare(batch: int, optimizer: str, rounds: int) -> None:
    wanted = question(batch, optimizer)
    groups = groups_of(wanted)
    assert [len(group.lrs) for group in groups] == [RATES] * SEEDS
    short = replace(groups[0].experiment, steps=20)
    seconds(lambda: list(run_group(short)))
    plain_run(batch, optimizer, 0.01, 0)
    ours, plain = [], []
    for turn in range(rounds):
        group = groups[turn % SEEDS]
        ours.append(SEEDS * seconds(grouped(group)))
        rates = wanted.lrs[turn % 16 :: RATES // PLAIN_RUNS]
        plain.append(seconds(one_by_one(batch, optimizer, rates, turn)) / len(rates) * RATES * SEEDS)
    began = time.perf_counter()
    whole = seconds(lambda: list(sweep(wanted)))
    gain = median(slow / fast for slow, fast in zip(plain, ours, strict=True))
    print(
        f"{optimizer:<6}batch {batch:<4}{median(ours):7.2f} s,{median(plain):8.1f} s one after another (scaled from "
        f"{rounds} × {PLAIN_RUNS} runs):{gain:6.1f} × (target {TARGET}); whole sweep {whole:.2f} s of the processor, "
        f"{time.perf_counter() - began:.2f} s by the clock",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    print(f"{RATES} rates × {SEEDS} seeds, MLP 64-32-10 on digits, {EPOCHS} epochs, one thread")
    for batch in (32, 64):
        for optimizer in ("sgd", "adam"):
            compare(batch, optimizer, rounds)
    unit = 2**30 if sys.platform == "darwin" else 2**20  # bytes there, kilobytes elsewhere
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit:.2f} GiB (target {TARGET_GB})")


if __name__ == "__main__":
    main()
