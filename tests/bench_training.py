"""What racing 64 learning rates together gains over one torch.optim run after another; digits, batches of 64.

    python tests/bench_training.py [--rounds 5]

Microseconds a step and rate. Ours and the plain way take turns within each round, so that a host whose speed drifts
spoils no ratio; the median round counts. `torch`, the bare updates in `steps` and the matrix products alone have one
torch thread, as training beside a window has; `spread` are the same updates on as many processors as the command line
takes. `race` is all of a race to its verdicts as the command line runs it: start, metrics and snapshots. Then the loss
of 64-32-10 on a grid of 101 × 101 places of the plane in which it is drawn, by as many threads as lrviz uses, against a
load_state_dict loop on one, and the longest stretches of a race without a pause.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

import numpy as np
import torch
from msgspec.structs import replace
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lrviz.core import catalog
from lrviz.core.dataset import Data
from lrviz.core.epochs import load_data
from lrviz.core.experiment import Choice, Experiment, OnModel, Run, choose
from lrviz.core.pauses import finished
from lrviz.engine.dense_layers import Room, layers_of
from lrviz.engine.dense_problem import DenseProblem
from lrviz.engine.dense_tiles import tile_runs
from lrviz.engine.descent import Descent
from lrviz.engine.landscape import coarse_size, model_landscape
from lrviz.engine.lanes import lanes
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.planes import plane_through_start
from lrviz.engine.process import SPREAD, settle, spread
from lrviz.engine.race import race

RUNS, BATCH, SIDE = 64, 64, 101
RACE_STEPS = 570  # thirty epochs
RATES = tuple(np.geomspace(1e-4, 1e-2, RUNS).tolist())


def digits() -> Data:
    return load_data(choose(catalog.datasets, "digits"), 0)


def dense(*hidden: int) -> nn.Sequential:
    widths, layers = [64, *hidden, 10], list[nn.Module]()
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def normed() -> nn.Module:
    return nn.Sequential(nn.Linear(64, 32), nn.LayerNorm(32), nn.ReLU(), nn.Linear(32, 10))


def convolution() -> nn.Module:
    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 10)
    )


def question(optimizer: str, steps: int, hidden: tuple[int, ...] = (32,)) -> Experiment:
    problem = OnModel(choose(catalog.models, "mlp", hidden=hidden), choose(catalog.datasets, "digits"), BATCH)
    runs = tuple(map(Run, RATES))
    return Experiment(problem, choose(catalog.optimizers, optimizer), Choice("constant"), runs, steps)


def together(module: nn.Module, optimizer: str) -> Callable[[int], None]:
    """So many updates of all runs, as a race makes them, with nothing recorded."""
    kind = DenseProblem if DenseProblem.takes(module) else ModelProblem
    problem = kind(module, digits(), BATCH, 0)
    descent, done = Descent(problem, question(optimizer, 1_000_000)), 0

    def go(steps: int) -> None:
        nonlocal done
        for step in range(done, done + steps):
            for _ in descent.evaluate(step):
                pass
            descent.overflowed()
            descent.advance()
        done += steps

    return go


def on_all_processors(work: Callable[[int], None]) -> Callable[[int], None]:
    def go(steps: int) -> None:
        list(spread(map(work, [steps])))

    return go


def one_by_one(module: nn.Module, optimizer: str) -> Callable[[int], None]:
    """So many updates of one run, as people write them: no loader, the batches lie ready."""
    data = digits()
    inputs, targets = torch.tensor(data.train_inputs), torch.tensor(data.train_targets)
    batches = list(zip(inputs.split(BATCH), targets.split(BATCH), strict=True))
    part = catalog.optimizers.find(optimizer)
    stepper = part.factory(module.parameters(), 1e-3, **part.settings({}))

    def go(steps: int) -> None:
        for step in range(steps):
            some, wanted = batches[step % len(batches)]
            stepper.zero_grad()
            cross_entropy(module(some), wanted).backward()
            stepper.step()

    return go


def products(module: nn.Module) -> Callable[[int], None]:
    """The matrix products of so many updates of all runs, in the same tiles and places, and nothing else."""
    layers = layers_of(module)
    size = tile_runs(layers, BATCH)
    inputs, tiles = torch.randn(BATCH, 64), []
    for first in range(0, RUNS, size):
        runs = min(size, RUNS - first)
        weights = [torch.randn(runs, layer.outputs, layer.inputs) for layer in layers]
        room = Room.of(layers, runs, BATCH, torch.float32)
        tiles.append((weights, [torch.empty_like(weight) for weight in weights], room))

    @torch.inference_mode()
    def go(steps: int) -> None:
        for _ in range(steps):
            for weights, gradients, room in tiles:
                answers, deltas = room.linear, [*room.deltas, room.linear[-1]]
                torch.mm(weights[0].flatten(0, 1), inputs.t(), out=answers[0].flatten(0, 1))
                for i in range(1, len(layers)):
                    torch.bmm(weights[i], answers[i - 1], out=answers[i])
                for i in range(len(layers) - 1, 0, -1):
                    torch.bmm(deltas[i], answers[i - 1].transpose(1, 2), out=gradients[i])
                    torch.bmm(weights[i].transpose(1, 2), deltas[i], out=deltas[i - 1])
                torch.mm(deltas[0].view(-1, BATCH), inputs, out=gradients[0].view(-1, 64))

    return go


def raced(experiment: Experiment) -> Callable[[int], None]:
    """A whole race of so many steps, to its verdicts."""

    def go(steps: int) -> None:
        for scene in race(replace(experiment, steps=steps), watched=False, on_all_processors=True):
            if scene.verdicts is not None:
                return

    return go


def seconds(work: Callable[[int], None], count: int) -> float:
    began = time.perf_counter()
    work(count)
    return time.perf_counter() - began


def compare(name: str, module: Callable[[], nn.Module], hidden: tuple[int, ...], target: float, rounds: int) -> None:
    """`hidden` are the widths of a dense network; none for another module."""
    for optimizer in ("sgd", "adam"):
        ways = {
            "steps": (together(module(), optimizer), 40, RUNS),
            "torch": (one_by_one(module(), optimizer), 400, 1),
            "spread": (on_all_processors(together(module(), optimizer)), 40, RUNS),
        }
        if hidden:
            ways["products"] = (products(module()), 40, RUNS)
            ways["race"] = (raced(question(optimizer, RACE_STEPS, hidden)), RACE_STEPS, RUNS)
        times = timed(ways, rounds)
        middle = {way: median(values) for way, values in times.items()}
        told = f"{name:<22}{optimizer:<6}{middle['torch']:>7.0f}{middle['steps']:>8.1f}"
        told += f"{ratio(times, 'torch', 'steps'):>8.1f} × (target {target:g})"
        told += f"{middle['spread']:>10.1f}{ratio(times, 'torch', 'spread'):>7.1f} ×"
        if hidden:
            told += f"{middle['race']:>10.1f}{ratio(times, 'torch', 'race'):>7.1f} ×"
            told += f"{middle['products']:>10.1f}{ratio(times, 'steps', 'products'):>7.2f} × (target 1.5)"
        print(told, flush=True)


def timed(ways: dict[str, tuple[Callable[[int], None], int, int]], rounds: int) -> dict[str, list[float]]:
    """Microseconds a step and rate of each way, round by round; a way is its work, its steps and its rates."""
    for work, count, _ in ways.values():
        work(min(count, 20))
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, (work, count, runs) in ways.items():
            times[way].append(1e6 * seconds(work, count) / (count * runs))
    return times


def ratio(times: dict[str, list[float]], slow: str, fast: str) -> float:
    return median(a / b for a, b in zip(times[slow], times[fast], strict=True))


def everything() -> Data:
    """All 1,797 digits as the training part."""
    data = digits()
    inputs = np.concatenate([data.train_inputs, data.test_inputs])
    targets = np.concatenate([data.train_targets, data.test_targets])
    return Data("digits", inputs, targets, data.test_inputs, data.test_targets, data.classes, data.features)


def landscape(rounds: int) -> None:
    """SIDE² points of ours against a tenth as many of a load_state_dict loop, which takes as long for each."""
    module, data = dense(32), everything()
    problem = DenseProblem(module, data, BATCH, 0)
    window = finished(plane_through_start(problem, 0))
    inputs, targets = torch.tensor(data.train_inputs), torch.tensor(data.train_targets)
    keys, shapes = list(module.state_dict()), problem.shapes
    directions = torch.from_numpy(window.plane.directions).float()
    start = problem.start(1)[0]

    def ours(side: int) -> None:
        for _ in model_landscape(problem, window, side):
            pass

    @torch.no_grad()
    def plain(points: int) -> None:
        for point in range(points):
            theta = start + 0.01 * point * directions[0] + 0.02 * point * directions[1]
            module.load_state_dict(dict(zip(keys, pieces(theta), strict=True)))
            cross_entropy(module(inputs), targets).item()

    def pieces(theta: Tensor) -> Iterator[Tensor]:
        for piece, shape in zip(theta.split([shape.numel() for shape in shapes]), shapes, strict=True):
            yield piece.view(shape)

    coarse, fine, loop = [], [], []
    with lanes() as problem.lanes:
        for _ in range(rounds):
            coarse.append(seconds(ours, coarse_size(problem)))
            fine.append(seconds(ours, SIDE))
            loop.append(seconds(plain, SIDE**2 // 10) * 10)
    gain = median(slow / fast for slow, fast in zip(loop, fine, strict=True))
    print(f"landscape of 64-32-10 on {len(inputs):,} digits, {SIDE} × {SIDE}: {median(fine):.2f} s,")
    print(f"  load_state_dict loop {median(loop):.2f} s, {gain:.1f} × (target 7);")
    print(f"  first picture, {coarse_size(problem)} points a side, {1000 * median(coarse):.0f} ms (target 100)")


def stretches() -> None:
    """The longest work between two pauses, in the thread's own time: so long a change of mind may wait."""
    for model, data, settings in (("mlp", "digits", {}), ("mlp", "digits", {"hidden": (1024, 1024)})):
        problem = OnModel(choose(catalog.models, model, **settings), choose(catalog.datasets, data), BATCH)
        experiment = replace(question("adam", RACE_STEPS // 10), problem=problem)
        experiment = replace(experiment, runs=experiment.runs[::8])
        before, longest, at = time.thread_time(), 0.0, ""
        for scene in race(experiment):
            now = time.thread_time()
            if now - before > longest:
                longest, at = now - before, "judged" if scene.verdicts else f"row {scene.rows}"
            before = now
        print(f"{model} {settings or ''} on {data}, 8 runs: longest stretch {1000 * longest:.0f} ms, before {at}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    settle()  # as every process of ours
    torch.manual_seed(0)
    print(f"{RUNS} rates together, digits, batches of {BATCH}; µs a step and rate")
    head = f"{'':<22}{'':<6}{'torch':>7}{'steps':>8}{'gain':>10}{f'spread on {SPREAD}':>25}{'gain':>8}"
    print(head + f"{'race':>10}{'gain':>8}{'products':>11}{'steps of them':>16}")
    compare("64-32-10", lambda: dense(32), (32,), 20, rounds)
    compare("64-128-128-10", lambda: dense(128, 128), (128, 128), 3, rounds)
    compare("layer norm, 64-32-10", normed, (), 6, rounds)
    compare("small convolution", convolution, (), 6, rounds)
    landscape(rounds)
    stretches()


if __name__ == "__main__":
    main()
