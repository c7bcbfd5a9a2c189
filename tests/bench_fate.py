"""What a fate map costs: 256 × 256 descents of 1,000 steps, against the plain way in the same run.

    python tests/bench_fate.py [SURFACE ...]

Every surface, if none is named.
Prints milliseconds to the first picture and to the whole map, the processor's time that the whole took, and how many
times longer the plain way takes: float64, torch's own formulas over all points at once, autograd, to the last step.
At its head and foot stands a yardstick of the machine: what the map of Rosenbrock with momentum takes by the update
written out by hand in NumPy, float64, to the last step and without telling the ends from one another.
Only figures of one run compare, and other work on the machine shows in all but the processor's time.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import torch
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnSurface, Run, choose
from lrviz.core.fate import UNKNOWN, FateQuestion, question_of, window_of
from lrviz.engine import fate_descents
from lrviz.engine.fate import fate_map
from lrviz.engine.problems import SurfaceProblem, problem_from_spec
from lrviz.engine.process import settle

STEPS = 1000
SIZE = 256
PLAIN_STEPS = 50  # of the plain way, which doesn't change from step to step: the rest is reckoned
RATES = {  # of others the surface's own third
    "rosenbrock": 0.001,
    "himmelblau": 0.01,
    "beale": 0.001,
    "stretched_bowl": 0.05,
    "rastrigin": 0.002,
    "ackley": 0.01,
    "goldstein_price": 0.0001,
}
SLOW_SECONDS = 5.0  # a map that takes longer is not measured again
OPTIMIZERS = {"sgd": 1.0, "momentum": 0.2, "adam": 20.0, "rmsprop": 5.0}  # and by what they take a rate
ADAPTIVE = 0.01  # of a window's width, the rate of Adam and RMSprop where the surface's own rate is no guide


def asked(surface: str, optimizer: str) -> Experiment:
    part = catalog.surfaces.find(surface)
    rate = RATES.get(surface, part.rates[2]) * OPTIMIZERS[optimizer]
    if surface not in RATES and optimizer in ("adam", "rmsprop"):
        rate = ADAPTIVE * (part.bounds[1] - part.bounds[0])
    return Experiment(
        problem=OnSurface(choose(catalog.surfaces, surface), part.start),
        optimizer=choose(catalog.optimizers, optimizer),
        schedule=choose(catalog.schedules, "constant"),
        runs=(Run(rate),),
        steps=STEPS,
    )


def measured(experiment: Experiment, question: FateQuestion) -> tuple[float, float, float]:
    """Seconds to the first picture and to the whole map, and of the processor."""
    fate_descents._ground.cache_clear()
    begun, cpu, first = time.perf_counter(), time.process_time(), 0.0
    for found in fate_map(experiment, question):
        if not first and (found.fate != UNKNOWN).any():
            first = time.perf_counter() - begun
    return first, time.perf_counter() - begun, time.process_time() - cpu


def plain(experiment: Experiment, question: FateQuestion) -> float:
    """Seconds that the plain way takes, without telling the ends from one another."""
    problem = problem_from_spec(experiment.problem, 0)
    assert isinstance(problem, SurfaceProblem)
    x0, x1, y0, y1 = window_of(experiment)
    x, y = np.meshgrid(np.linspace(x0, x1, question.size), np.linspace(y0, y1, question.size))
    theta: Tensor = torch.from_numpy(np.stack((x.ravel(), y.ravel()), 1))
    choice = experiment.optimizer
    optimizer = catalog.optimizers.find(choice.name).factory([theta], experiment.runs[0].lr, **choice.parameters)
    begun = time.perf_counter()
    for _ in range(PLAIN_STEPS):
        leaf = theta.detach().requires_grad_()
        (theta.grad,) = torch.autograd.grad(problem.loss(leaf).sum(), leaf)
        optimizer.step()
    return (time.perf_counter() - begun) / PLAIN_STEPS * question.steps


def by_hand() -> float:
    """Seconds of the yardstick."""
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(-2, 2, SIZE), np.linspace(-1, 3, SIZE)))
    along_x, along_y = np.zeros((2, SIZE**2))
    begun = time.perf_counter()
    with np.errstate(all="ignore"):
        for _ in range(PLAIN_STEPS):
            along_x = 0.9 * along_x - 2 * (1 - x) - 400 * x * (y - x * x)
            along_y = 0.9 * along_y + 200 * (y - x * x)
            x, y = x - 1e-4 * along_x, y - 1e-4 * along_y
    return (time.perf_counter() - begun) / PLAIN_STEPS * STEPS


def show_yardstick() -> None:
    print(f"by hand: {min(by_hand() for _ in range(3)) * 1000:.0f} ms", flush=True)


def main() -> None:
    settle()  # as every process of ours
    measured(asked("rosenbrock", "adam"), FateQuestion("starts", size=16, steps=20))  # what is imported at first
    show_yardstick()
    print("surface          optimizer  first ms  whole ms  processor ms  plain ms  ratio")
    for surface in sys.argv[1:] or [part.name for part in catalog.surfaces]:
        for optimizer in OPTIMIZERS:
            experiment = asked(surface, optimizer)
            question = question_of(experiment, steps=STEPS)
            runs = [measured(experiment, question)]
            if runs[0][1] < SLOW_SECONDS:
                runs += [measured(experiment, question) for _ in range(2)]
            first, whole, processor = (min(values) * 1000 for values in zip(*runs, strict=True))
            by_plain = plain(experiment, question) * 1000
            print(
                f"{surface:<16} {optimizer:<10} {first:>8.0f} {whole:>9.0f} {processor:>13.0f} {by_plain:>9.0f} "
                f"{by_plain / whole:>5.1f}×",
                flush=True,
            )
    show_yardstick()


if __name__ == "__main__":
    main()
