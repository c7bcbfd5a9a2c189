"""What every schedule must be, a file added later included, and each one's factor by its closed form."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import pytest
import torch

from lrviz.core import catalog
from lrviz.core.catalog import Schedule

every_schedule = pytest.mark.parametrize("schedule", list(catalog.schedules), ids=lambda schedule: schedule.name)


def factors(name: str, steps: int, lr: float = 1.0, **given: Any) -> list[float]:
    """The rate that each of `steps` updates uses, as parts of `lr`."""
    schedule = catalog.schedules.find(name)
    theta = torch.nn.Parameter(torch.zeros(2))
    theta.grad = torch.zeros(2)
    optimizer = torch.optim.SGD([theta], lr=lr)
    scheduler = schedule.factory(optimizer, steps, **schedule.settings(given))
    used = []
    for _ in range(steps):
        used.append(optimizer.param_groups[0]["lr"] / lr)
        optimizer.step()
        scheduler.step()
    return used


def constant(_t: int, _steps: int) -> float:
    return 1.0


def step(t: int, steps: int, every: float = 0.25, gamma: float = 0.5) -> float:
    return float(gamma ** (t // max(1, round(every * steps))))


def cosine(t: int, steps: int, floor: float = 0.0) -> float:
    return floor + (1 - floor) * (1 + math.cos(math.pi * t / steps)) / 2


def warmup(t: int, steps: int, length: float = 0.1, first: float = 0.01) -> float:
    return first + (1 - first) * min(1.0, t / max(1, round(length * steps)))


@pytest.mark.parametrize(
    ("formula", "given"),
    [
        (constant, {}),
        (step, {}),
        (step, {"every": 1 / 3, "gamma": 0.1}),
        (step, {"every": 0.01, "gamma": 0.9}),
        (step, {"every": 1.0}),
        (cosine, {}),
        (cosine, {"floor": 0.1}),
        (cosine, {"floor": 1.0}),
        (warmup, {}),
        (warmup, {"length": 1.0, "first": 0.5}),
        (warmup, {"length": 0.01, "first": 1.0}),
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


@every_schedule
def test_the_factor_stays_between_0_and_1_for_any_setting(schedule: Schedule) -> None:
    defaults = schedule.settings({})
    for given in [defaults, *({**defaults, p.name: end} for p in schedule.parameters for end in (p.low, p.high))]:
        for steps in (1, 3, 100):
            used = factors(schedule.name, steps, lr=1.0, **cast(dict[str, Any], given))
            assert min(used) >= 0
            assert max(used) <= 1 + 1e-12


@every_schedule
def test_it_says_what_it_is(schedule: Schedule) -> None:
    assert schedule.title
    assert schedule.teaches
    assert "name" not in {parameter.name for parameter in schedule.parameters}, "an experiment file has it already"
