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


def adagrad(eps: float, initial_accumulator_value: float, lr_decay: float, weight_decay: float) -> Update:
    total = np.full(3, initial_accumulator_value)

    def update(theta: Vector, g: Vector, t: int) -> Vector:
        nonlocal total
        g = g + weight_decay * theta
        total = total + g**2
        by: Vector = g / (1 + (t - 1) * lr_decay) / (np.sqrt(total) + eps)
        return theta - LR * by

    return update


def adadelta(rho: float, eps: float, weight_decay: float) -> Update:
    gradients, steps = np.zeros(3), np.zeros(3)

    def update(theta: Vector, g: Vector, _: int) -> Vector:
        nonlocal gradients, steps
        g = g + weight_decay * theta
        gradients = rho * gradients + (1 - rho) * g**2
        by = np.sqrt(steps + eps) / np.sqrt(gradients + eps) * g
        steps = rho * steps + (1 - rho) * by**2
        return theta - LR * by

    return update


def adamax(beta1: float, beta2: float, eps: float, weight_decay: float) -> Update:
    first, largest = np.zeros(3), np.zeros(3)

    def update(theta: Vector, g: Vector, t: int) -> Vector:
        nonlocal first, largest
        g = g + weight_decay * theta
        first = beta1 * first + (1 - beta1) * g
        largest = np.maximum(beta2 * largest, abs(g) + eps)
        return theta - LR / (1 - beta1**t) * first / largest

    return update


def nadam(
    beta1: float,
    beta2: float,
    momentum_decay: float,
    eps: float,
    weight_decay: float,
    decoupled_weight_decay: bool,
) -> Update:
    first, second, product = np.zeros(3), np.zeros(3), 1.0

    def update(theta: Vector, g: Vector, t: int) -> Vector:
        nonlocal first, second, product
        decay = weight_decay * theta
        if not decoupled_weight_decay:
            g, decay = g + decay, np.zeros(3)
        now, after = (beta1 * (1 - 0.5 * 0.96 ** (at * momentum_decay)) for at in (t, t + 1))
        product *= now
        first = beta1 * first + (1 - beta1) * g
        second = beta2 * second + (1 - beta2) * g**2
        ahead = after * first / (1 - product * after) + (1 - now) * g / (1 - product)
        by: Vector = ahead / (np.sqrt(second / (1 - beta2**t)) + eps) + decay
        return theta - LR * by

    return update


def radam(beta1: float, beta2: float, eps: float, weight_decay: float, decoupled_weight_decay: bool) -> Update:
    first, second, most = np.zeros(3), np.zeros(3), 2 / (1 - beta2) - 1

    def update(theta: Vector, g: Vector, t: int) -> Vector:
        nonlocal first, second
        decay = weight_decay * theta
        if not decoupled_weight_decay:
            g, decay = g + decay, np.zeros(3)
        first = beta1 * first + (1 - beta1) * g
        second = beta2 * second + (1 - beta2) * g**2
        mean, rho = first / (1 - beta1**t), most - 2 * t * beta2**t / (1 - beta2**t)
        if rho <= 5:
            return theta - LR * (mean + decay)
        trust = np.sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho))
        by: Vector = trust * mean * np.sqrt(1 - beta2**t) / (np.sqrt(second) + eps)
        return theta - LR * (by + decay)

    return update


def rprop(etaplus: float, etaminus: float, step_min: float, step_max: float) -> Update:
    size, last = np.full(3, LR), np.zeros(3)

    def update(theta: Vector, g: Vector, _: int) -> Vector:
        nonlocal size, last
        same = np.sign(g * last)
        size = np.clip(size * np.where(same > 0, etaplus, np.where(same < 0, etaminus, 1)), step_min, step_max)
        last = np.where(same < 0, 0, g)
        by: Vector = np.sign(last) * size
        return theta - by

    return update


def asgd(lambd: float, alpha: float, t0: float, weight_decay: float) -> Update:
    def update(theta: Vector, g: Vector, t: int) -> Vector:
        rate = np.float32(LR / (1 + lambd * LR * (t - 1)) ** alpha)  # torch keeps it in single precision
        return (1 - lambd * float(rate)) * theta - float(rate) * (g + weight_decay * theta)

    return update


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
        ("adagrad", adagrad, {}),
        ("adagrad", adagrad, {"initial_accumulator_value": 0.5, "lr_decay": 0.1, "weight_decay": 0.05, "eps": 1e-3}),
        ("adadelta", adadelta, {}),
        ("adadelta", adadelta, {"rho": 0.5, "eps": 1e-3, "weight_decay": 0.05}),
        ("adamax", adamax, {}),
        ("adamax", adamax, {"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.05}),
        ("nadam", nadam, {}),
        ("nadam", nadam, {"beta1": 0.5, "beta2": 0.9, "momentum_decay": 0.3, "eps": 1e-3, "weight_decay": 0.05}),
        ("nadam", nadam, {"weight_decay": 0.05, "decoupled_weight_decay": True}),
        ("radam", radam, {}),
        ("radam", radam, {"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.05}),
        ("radam", radam, {"weight_decay": 0.05, "decoupled_weight_decay": True}),
        ("rprop", rprop, {}),
        ("rprop", rprop, {"etaplus": 2.0, "etaminus": 0.3, "step_min": 0.005, "step_max": 0.1}),
        ("asgd", asgd, {}),
        ("asgd", asgd, {"lambd": 0.5, "alpha": 1.5, "weight_decay": 0.05}),
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
        # NAdam's product and ASGD's rate stand in single precision in torch.
        within = 1e-6 if name in ("nadam", "asgd") else 1e-10
        np.testing.assert_allclose(theta.detach().numpy(), expected, rtol=within)
