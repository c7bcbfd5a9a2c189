"""What a re-run costs while a start or a rate is dragged: 8 runs of 500 steps, all that the window shows included.

    python tests/bench_drag.py

Prints milliseconds a race (the best of several, its verdicts included), microseconds a step, and how much longer one
torch.optim object a run takes for the bare steps, with nothing recorded.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import torch
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnSurface, Run, choose
from lrviz.engine.race import race

RUNS, STEPS, REPEATS = 8, 500, 5
BUDGET = 125  # ms: what a drag leaves to the race, the window's own 25 apart
SURFACES = ("rosenbrock", "stretched_bowl", "himmelblau", "ackley", "goldstein_price")
OPTIMIZERS = ("sgd", "momentum", "adam")


def question(surface: str, optimizer: str) -> Experiment:
    problem = OnSurface(choose(catalog.surfaces, surface), catalog.surfaces.find(surface).start)
    runs = tuple(Run(10 ** -(3 + run / 4)) for run in range(RUNS))
    optimizers, schedules = catalog.optimizers, catalog.schedules
    return Experiment(problem, choose(optimizers, optimizer), choose(schedules, "constant"), runs, STEPS)


def dragged(experiment: Experiment) -> Callable[[], None]:
    """The race again and again, each time from a start nearby."""
    assert isinstance(experiment.problem, OnSurface)
    problem, (x, y), moved = experiment.problem, experiment.problem.start, 0

    def once() -> None:
        nonlocal moved
        moved += 1
        deque(race(replace(experiment, problem=replace(problem, start=(x + 0.001 * moved, y)))), maxlen=0)

    return once


def one_each(experiment: Experiment) -> Callable[[], None]:
    """A plain loop a run, as people write it."""
    assert isinstance(experiment.problem, OnSurface)
    part = catalog.surfaces.find(experiment.problem.surface.name)
    settings = part.own_settings(experiment.problem.surface.parameters)
    start, optimizer = experiment.problem.start, experiment.optimizer
    maker = catalog.optimizers.find(optimizer.name).factory

    def once() -> None:
        for run in experiment.runs:
            theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
            stepper = maker([theta], run.lr, **optimizer.parameters)
            for _ in range(STEPS):
                stepper.zero_grad()
                part.factory(theta[0], theta[1], **settings).backward()
                stepper.step()

    return once


def best_ms(once: Callable[[], None], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        once()
        times.append(1000 * (time.perf_counter() - began))
    return min(times)


def main() -> None:
    torch.set_num_threads(1)
    print(f"{RUNS} runs × {STEPS} steps; a race has {BUDGET} ms while something is dragged")
    print(f"{'surface':<18}{'optimizer':<12}{'race':>9}{'a step':>10}{'torch.optim one by one':>26}")
    for surface in SURFACES:
        for optimizer in OPTIMIZERS:
            experiment = question(surface, optimizer)
            again = dragged(experiment)
            again()
            ms = best_ms(again, REPEATS)
            ratio = best_ms(one_each(experiment), 1) / ms
            step = f"{1000 * ms / STEPS:.0f} µs"
            print(f"{surface:<18}{optimizer:<12}{ms:>6.0f} ms{step:>10}{ratio:>19.1f} × longer")


if __name__ == "__main__":
    main()
