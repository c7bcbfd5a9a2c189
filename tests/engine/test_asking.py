"""An optimizer's step that is left and begun anew is the step that was not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
import torch
from torch import Tensor

from lrviz.core.pauses import Paused
from lrviz.engine.asking import Answer, Oracle, step_in_pieces

STEPS = 8
Make = Callable[[Iterable[Tensor]], torch.optim.Optimizer]


def rosenbrock(theta: Tensor) -> Answer:
    x, y = theta.double().tolist()
    loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
    gradient = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
    return torch.tensor(loss), torch.tensor(gradient, dtype=theta.dtype)


def searching(parameters: Iterable[Tensor]) -> torch.optim.Optimizer:
    return torch.optim.LBFGS(parameters, lr=1.0, max_iter=6, line_search_fn="strong_wolfe")


def iterating(parameters: Iterable[Tensor]) -> torch.optim.Optimizer:
    return torch.optim.LBFGS(parameters, lr=0.5, max_iter=9, history_size=3)


def silent(parameters: Iterable[Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Rprop(parameters, lr=0.01)


def descended(make: Make, at_once: int) -> tuple[list[Tensor], int, int]:
    """Theta after each step, the pauses, and how often the loss was computed."""
    asked = [0]

    def answer(theta: Tensor) -> Answer:
        asked[0] += 1
        return rosenbrock(theta)

    def in_pieces(theta: Tensor) -> Paused[Answer]:
        yield
        return answer(theta)

    theta = torch.tensor([-1.2, 1.0], dtype=torch.float64)
    optimizer = make([theta])
    oracle = Oracle(at_once, answer, in_pieces)
    path, pauses = [], 0
    for _ in range(STEPS):
        pauses += len(list(step_in_pieces(optimizer.step, theta, optimizer.state[theta], rosenbrock(theta), oracle)))
        path.append(theta.clone())
    return path, pauses, asked[0]


@pytest.mark.parametrize("make", [searching, iterating, silent])
def test_pauses_change_no_bit_and_no_question_is_answered_twice(make: Make) -> None:
    straight, none, asked = descended(make, at_once=1_000_000)
    assert none == 0
    assert (asked > 2 * STEPS) == (make is not silent)
    for at_once in (0, 1, 4):
        path, pauses, again = descended(make, at_once)
        assert torch.equal(torch.stack(path), torch.stack(straight))
        assert again == asked
        assert (pauses > 0) == (asked > 0)


@pytest.mark.parametrize("make", [searching, iterating])
def test_it_is_torchs_own_descent(make: Make) -> None:
    theta = torch.tensor([-1.2, 1.0], dtype=torch.float64)
    optimizer = make([theta])

    def closure() -> float:
        loss, theta.grad = rosenbrock(theta)
        return float(loss)

    for ours in descended(make, at_once=2)[0]:
        optimizer.step(closure)
        assert torch.equal(theta, ours)
