"""Each optimizer against its formula, written out in NumPy as the papers have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from lrviz.core import catalog

Vector = NDArray[np.float64]
Update = Callable[[Vector, Vector, int], Vector]  # theta, its gradient and the step from 1, to the next theta

CURVATURES = np.array([1.0, 30.0, 0.2])
START = np.array([1.0, -2.0, 0.5])
LR = 0.03


def sgd(weight_decay: float) -> Update:
    return lambda theta, g, _: theta - LR * (g + weight_decay * theta)


def momentum(momentum: float, dampening: float, weight_decay: float) -> Update:
    ball = np.zeros(3)

    def update(theta: Vector, g: Vector, t: int) -> Vector:
        nonlocal ball
        g = g + weight_decay * theta
        ball = g if t == 1 else momentum * ball + (1 - dampening) * g
        return theta - LR * ball

    return update


def nesterov(momentum: float, weight_decay: float) -> Update:
    ball = np.zeros(3)

    def update(theta: Vector, g: Vector, _: int) -> Vector:
        nonlocal ball
        g = g + weight_decay * theta
        ball = momentum * ball + g
        return theta - LR * (g + momentum * ball)

    return update


def rmsprop(alpha: float, momentum: float, eps: float, centered: bool, weight_decay: float) -> Update:
    square, mean, ball = np.zeros(3), np.zeros(3), np.zeros(3)

    def update(theta: Vector, g: Vector, _: int) -> Vector:
        nonlocal square, mean, ball
        g = g + weight_decay * theta
        square = alpha * square + (1 - alpha) * g**2
        mean = alpha * mean + (1 - alpha) * g
        size = np.sqrt(square - mean**2 if centered else square)
        ball = momentum * ball + g / (size + eps)
        return theta - LR * ball

    return update


def adam(beta1: float, beta2: float, eps: float, amsgrad: bool, weight_decay: float, decoupled: bool = False) -> Update:
    first, second, largest = np.zeros(3), np.zeros(3), np.zeros(3)

    def update(theta: Vector, g: Vector, t: int) -> Vector:
        nonlocal first, second, largest
        decay = weight_decay * theta
        if not decoupled:
            g, decay = g + decay, np.zeros(3)
        first = beta1 * first + (1 - beta1) * g
        second = beta2 * second + (1 - beta2) * g**2
        largest = np.maximum(largest, second)
        size = np.sqrt((largest if amsgrad else second) / (1 - beta2**t)) + eps
        return theta - LR * (first / (1 - beta1**t) / size + decay)

    return update


def adamw(**settings: Any) -> Update:
    return adam(**settings, decoupled=True)


@pytest.mark.parametrize(
    ("name", "formula", "given"),
    [
        ("sgd", sgd, {}),
        ("sgd", sgd, {"weight_decay": 0.1}),
        ("momentum", momentum, {}),
        ("momentum", momentum, {"momentum": 0.5, "dampening": 0.3, "weight_decay": 0.05}),
        ("nesterov", nesterov, {}),
        ("nesterov", nesterov, {"momentum": 0.6, "weight_decay": 0.05}),
        ("rmsprop", rmsprop, {}),
        ("rmsprop", rmsprop, {"alpha": 0.9, "momentum": 0.4, "eps": 1e-3, "weight_decay": 0.05}),
        ("rmsprop", rmsprop, {"alpha": 0.9, "centered": True, "eps": 1e-3}),
        ("adam", adam, {}),
        ("adam", adam, {"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.1}),
        ("adam", adam, {"beta2": 0.5, "amsgrad": True}),
        ("adamw", adamw, {}),
        ("adamw", adamw, {"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.5, "amsgrad": True}),
    ],
)
def test_thirty_steps_on_a_bowl_follow_the_formula(
    name: str, formula: Callable[..., Update], given: dict[str, Any]
) -> None:
    optimizer = catalog.optimizers.find(name)
    settings = optimizer.settings(given)
    update = formula(**settings)
    theta = torch.nn.Parameter(torch.from_numpy(START.copy()))
    made = optimizer.factory([theta], LR, **settings)
    expected = START
    for t in range(1, 31):
        theta.grad = torch.from_numpy(CURVATURES) * theta.detach()
        made.step()
        expected = update(expected, CURVATURES * expected, t)
        np.testing.assert_allclose(theta.detach().numpy(), expected, rtol=1e-10)
