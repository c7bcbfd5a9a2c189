"""What every schedule must be, a file added later included, and each one's factor by its closed form."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import pairwise, repeat
from typing import Any, cast

import numpy as np
import pytest
import torch

from lrviz.core import catalog
from lrviz.core.catalog import Schedule
from lrviz.core.signature import Parameter, Value

every_schedule = pytest.mark.parametrize("schedule", list(catalog.schedules), ids=lambda schedule: schedule.name)


def factors(name: str, steps: int, lr: float = 1.0, losses: Iterable[float] = repeat(1.0), **given: Any) -> list[float]:
    """The rate that each of `steps` updates uses, as parts of `lr`; the losses are for one that asks for them."""
    schedule = catalog.schedules.find(name)
    theta = torch.nn.Parameter(torch.zeros(2))
    theta.grad = torch.zeros(2)
    optimizer = torch.optim.SGD([theta], lr=lr)
    scheduler = schedule.factory(optimizer, steps, **schedule.settings(given))
    used = []
    for _, loss in zip(range(steps), losses, strict=False):
        used.append(optimizer.param_groups[0]["lr"] / lr)
        optimizer.step()
        scheduler.step(*([loss] if schedule.by_loss else []))
    return used


def whole(part: float, steps: int) -> int:
    """A part of the whole length in steps, one at least."""
    return max(1, round(part * steps))


def half_cosine(part: float, high: float = 1.0, low: float = 0.0) -> float:
    return low + (high - low) * (1 + math.cos(math.pi * part)) / 2


def constant(_t: int, _steps: int) -> float:
    return 1.0


def step(t: int, steps: int, every: float = 0.25, gamma: float = 0.5) -> float:
    return float(gamma ** (t // whole(every, steps)))


def exponential(t: int, steps: int, last: float = 0.01) -> float:
    return float(last ** (t / steps))


def polynomial(t: int, steps: int, power: float = 1.0) -> float:
    return float((1 - t / steps) ** power)


def cosine(t: int, steps: int, floor: float = 0.0) -> float:
    return half_cosine(t / steps, low=floor)


def cosine_restarts(t: int, steps: int, period: float = 0.25, growth: int = 1, floor: float = 0.0) -> float:
    length = whole(period, steps)
    while t >= length:
        t, length = t - length, length * growth
    return half_cosine(t / length, low=floor)


def warmup(
    t: int, steps: int, length: float = 0.1, first: float = 0.01, then: str = "constant", floor: float = 0.0
) -> float:
    grown = whole(length, steps)
    if t <= grown:
        return first + (1 - first) * t / grown
    after = {
        "constant": 1.0,
        "cosine": half_cosine((t - grown) / max(1, steps - grown), low=floor),
        "inverse_sqrt": (grown / t) ** 0.5,
    }
    return float(after[then])


def one_cycle(
    t: int,
    steps: int,
    rise: float = 0.3,
    first: float = 0.04,
    last: float = 4e-6,
    anneal: str = "cos",
    three_phase: bool = False,
) -> float:
    top = whole(rise, steps)
    corners = [(0, first), (top, 1.0), *([(2 * top, first)] if three_phase else []), (steps, last)]
    for (begin, high), (end, low) in pairwise(corners):
        if t <= end:
            part = (t - begin) / (end - begin)
            return half_cosine(part, high, low) if anneal == "cos" else high + (low - high) * part
    raise AssertionError(t)


def cyclic(
    t: int,
    steps: int,
    up: float = 0.1,
    down: float = 0.1,
    floor: float = 0.1,
    mode: str = "triangular",
    last: float = 0.1,
) -> float:
    climb, fall = whole(up, steps), whole(down, steps)
    swing, within = divmod(t, climb + fall)
    height = float(np.interp(within, [0, climb, climb + fall], [0, 1, 0]))
    part = {"triangular": 1.0, "triangular2": 0.5**swing, "exp_range": last ** (t / steps)}[mode]
    return float(floor + (1 - floor) * height * part)


@pytest.mark.parametrize(
    ("formula", "given"),
    [
        (constant, {}),
        (step, {}),
        (step, {"every": 1 / 3, "gamma": 0.1}),
        (step, {"every": 0.01, "gamma": 0.9}),
        (step, {"every": 1.0}),
        (exponential, {}),
        (exponential, {"last": 1.0}),
        (exponential, {"last": 1e-6}),
        (polynomial, {}),
        (polynomial, {"power": 2.0}),
        (polynomial, {"power": 0.5}),
        (cosine, {}),
        (cosine, {"floor": 0.1}),
        (cosine, {"floor": 1.0}),
        (cosine_restarts, {}),
        (cosine_restarts, {"period": 0.1, "growth": 2, "floor": 0.05}),
        (cosine_restarts, {"period": 1.0}),
        (warmup, {}),
        (warmup, {"length": 1.0, "first": 0.5}),
        (warmup, {"length": 0.01, "first": 1.0}),
        (warmup, {"then": "cosine", "floor": 0.1}),
        (warmup, {"then": "cosine", "length": 1.0}),
        (warmup, {"then": "inverse_sqrt", "length": 0.2}),
        (one_cycle, {}),
        (one_cycle, {"rise": 0.5, "first": 0.1, "last": 0.01, "anneal": "linear"}),
        (one_cycle, {"rise": 0.2, "three_phase": True}),
        (one_cycle, {"rise": 0.99, "three_phase": True, "anneal": "linear"}),
        (cyclic, {}),
        (cyclic, {"up": 0.05, "down": 0.2, "floor": 0.0, "mode": "triangular2"}),
        (cyclic, {"mode": "exp_range", "last": 0.01}),
        (cyclic, {"up": 1.0, "down": 1.0}),
    ],
)
@pytest.mark.parametrize("steps", [1, 2, 7, 400])
def test_the_factor_at_each_step_is_the_closed_form(
    formula: Callable[..., float], given: dict[str, Any], steps: int
) -> None:
    expected = [formula(t, steps, **given) for t in range(steps)]
    assert factors(formula.__name__, steps, **given) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@every_schedule
@pytest.mark.parametrize("lr", [1e-6, 0.03, 100.0])
def test_the_factors_are_the_same_for_every_rate(schedule: Schedule, lr: float) -> None:
    assert factors(schedule.name, 50, lr) == pytest.approx(factors(schedule.name, 50), rel=1e-9, abs=1e-12)


def ends(parameter: Parameter) -> tuple[Value, ...]:
    match parameter.kind:
        case "choice":
            return parameter.choices
        case "bool":
            return (False, True)
        case "int":
            return int(parameter.low), int(parameter.high)
        case _:
            return parameter.low, parameter.high


@every_schedule
def test_the_factor_stays_between_0_and_1_for_any_setting(schedule: Schedule) -> None:
    defaults = schedule.settings({})
    for given in [defaults, *({**defaults, p.name: end} for p in schedule.parameters for end in ends(p))]:
        for steps in (1, 2, 3, 100):
            used = factors(schedule.name, steps, lr=1.0, **cast(dict[str, Any], given))
            assert min(used) >= 0
            assert max(used) <= 1 + 1e-12


@every_schedule
def test_ten_times_the_steps_make_the_same_shape(schedule: Schedule) -> None:
    few = factors(schedule.name, 100, losses=np.maximum(1.0 - np.arange(100) / 20, 0.5))
    many = factors(schedule.name, 1000, losses=np.maximum(1.0 - np.arange(1000) / 200, 0.5))
    jumps = {"plateau", "cosine_restarts", "step"}  # these are compared beside their jumps, which are steps long
    near = np.abs(np.array(many[::10]) - np.array(few)) < 0.02
    assert near.mean() > 0.85 if schedule.name in jumps else near.all()


@every_schedule
def test_every_parameter_changes_the_factors(schedule: Schedule) -> None:
    needed: dict[tuple[str, str], dict[str, Value]] = {  # some count only beside another's choice
        ("warmup", "floor"): {"then": "cosine"},
        ("cyclic", "last"): {"mode": "exp_range"},
    }
    losses = [10 - 0.0002 * t for t in range(60)] + [9.0] * 40
    for parameter in schedule.parameters:
        beside = cast(dict[str, Any], needed.get((schedule.name, parameter.name), {}))
        used = factors(schedule.name, 100, losses=losses, **beside)
        assert any(
            factors(schedule.name, 100, losses=losses, **{**beside, parameter.name: end}) != used
            for end in ends(parameter)
        ), parameter.name


def test_a_plateau_s_rate_drops_once_its_patience_is_over() -> None:
    falling = [1.0 - 0.01 * t for t in range(50)]
    assert factors("plateau", 100, losses=falling) == [1.0] * 50
    used = factors("plateau", 100, losses=[*falling, *repeat(0.6, 50)], patience=0.1, factor=0.5)
    assert used == [1.0] * 60 + [0.5] * 10 + [0.25] * 10 + [0.125] * 10 + [0.0625] * 10


def test_a_plateau_s_rate_waits_after_a_drop_and_stops_at_its_floor() -> None:
    used = factors("plateau", 100, patience=0.0, cooldown=0.1, floor=0.3)
    assert used == [1.0] * 2 + [0.5] * 11 + [0.3] * 87


def test_only_plateau_asks_for_the_loss() -> None:
    assert [schedule.name for schedule in catalog.schedules if schedule.by_loss] == ["plateau"]


@every_schedule
def test_it_says_what_it_is(schedule: Schedule) -> None:
    assert schedule.title
    assert schedule.teaches
    assert "name" not in {parameter.name for parameter in schedule.parameters}, "an experiment file has it already"
