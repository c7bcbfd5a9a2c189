"""Descents on quadratics against what paper and pencil say, and every surface with every optimizer against torch."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.experiment import OnExpression, OnSurface, choose
from tests.engine.questions import asked, defaults, on_expression, on_surface, run

BOWL = on_expression("(x**2 + y**2)/2", (1.0, -0.5))  # curvatures 1 and 1
STRETCHED = on_expression("(x**2 + 20*y**2)/2", (1.0, -0.5))
CURVATURES = {BOWL: (1.0, 1.0), STRETCHED: (1.0, 20.0)}
STEPS = 200


def recurrence(h: float, lr: float, x0: float, momentum: float, nesterov: bool) -> list[float]:
    """x at each step, by powers of the step's matrix on (x, v) with v₀ = 0: v ← β v + h x, then x moves."""
    b = momentum
    ahead = (1 + b) if nesterov else 1.0
    carried = b * b if nesterov else b
    # Nesterov: x ← x − η (h x + β v), v after its update; the heavy ball: x ← x − η v.
    step = np.array([[1 - lr * ahead * h, -lr * carried], [h, b]], dtype=np.longdouble)
    state = np.array([x0, 0.0], dtype=np.longdouble)
    path = [x0]
    for _ in range(STEPS):
        state = step @ state
        path.append(float(state[0]))
    return path


@pytest.mark.parametrize("problem", [BOWL, STRETCHED])
@pytest.mark.parametrize("lr", [0.001, 0.03, 0.099])
def test_sgd_on_a_quadratic_is_a_power(problem: OnExpression, lr: float) -> None:
    theta = run(asked(problem, (lr,), STEPS)).traces[0].theta
    for axis, h in enumerate(CURVATURES[problem]):
        closed = problem.start[axis] * (1 - lr * h) ** np.arange(STEPS + 1)
        np.testing.assert_allclose(theta[:, axis], closed, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("problem", [BOWL, STRETCHED])
@pytest.mark.parametrize("lr", [0.001, 0.02, 0.06])
@pytest.mark.parametrize("beta", [0.5, 0.9])
@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_momentum_on_a_quadratic_is_its_linear_recurrence(
    name: str, beta: float, lr: float, problem: OnExpression
) -> None:
    theta = run(asked(problem, (lr,), STEPS, name, momentum=beta)).traces[0].theta
    for axis, h in enumerate(CURVATURES[problem]):
        closed = recurrence(h, lr, problem.start[axis], beta, name == "nesterov")
        np.testing.assert_allclose(theta[:, axis], closed, rtol=1e-9, atol=1e-9)


def test_the_heavy_ball_swings_with_the_closed_forms_frequency_and_decay() -> None:
    h, lr, beta = 1.0, 0.05, 0.9
    path = run(asked(BOWL, (lr,), STEPS, "momentum", momentum=beta)).traces[0].theta[:, 0]
    # z² − (1 + β − η h) z + β has roots √β e^{±iω}: x_t = β^{t/2} (c cos ω t + d sin ω t)
    angle = math.acos((1 + beta - lr * h) / (2 * math.sqrt(beta)))
    first = (path[1] / math.sqrt(beta) - path[0] * math.cos(angle)) / math.sin(angle)
    t = np.arange(STEPS + 1)
    np.testing.assert_allclose(
        path, beta ** (t / 2) * (path[0] * np.cos(angle * t) + first * np.sin(angle * t)), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize(
    ("name", "limit"), [("sgd", 2.0), ("momentum", 2 * 1.9), ("nesterov", 2 * 1.9 / 2.8)], ids=lambda value: str(value)
)
@pytest.mark.parametrize("problem", [BOWL, STRETCHED])
def test_rates_just_below_the_limit_converge_and_just_above_diverge(
    problem: OnExpression, name: str, limit: float
) -> None:
    edge = limit / max(CURVATURES[problem])
    below, above = run(asked(problem, (0.995 * edge, 1.005 * edge), 8_000, name)).traces
    assert np.linalg.norm(below.theta[-1]) < 1e-6
    assert not math.isfinite(above.loss[-1]) or above.loss[-1] > 1e6


def one_torch_optimizer(problem: OnSurface, optimizer: str, lr: float, steps: int) -> np.ndarray:
    part = catalog.surfaces.find(problem.surface.name)
    settings = part.own_settings(problem.surface.parameters)
    theta = torch.tensor(problem.start, dtype=torch.float64, requires_grad=True)
    maker = catalog.optimizers.find(optimizer).factory([theta], lr, **defaults(optimizer).parameters)
    rows = [theta.detach().clone()]

    def closure() -> float:
        loss = part.factory(*theta, **settings)
        (theta.grad,) = torch.autograd.grad(loss, theta, materialize_grads=True)
        return float(loss.item())

    for _ in range(steps):
        maker.step(closure)
        rows.append(theta.detach().clone())
    return torch.stack(rows).numpy()


@pytest.mark.parametrize("optimizer", catalog.optimizers.names())
@pytest.mark.parametrize("surface", catalog.surfaces.names())
def test_every_surface_runs_with_every_optimizer_as_one_of_torchs_each(surface: str, optimizer: str) -> None:
    steps = 12
    part = catalog.surfaces.find(surface)
    plain = choose(catalog.surfaces, surface, noise=0.0)
    problem = replace(on_surface(surface), surface=plain)
    rates = (part.rates[-1], part.rates[-2])
    for trace in run(asked(problem, rates, steps, optimizer)).traces:
        alone = one_torch_optimizer(problem, optimizer, trace.lr, steps)
        within = 1e-6 if optimizer == "lbfgs" else 1e-9  # it divides by differences of gradients
        size = np.abs(alone).max()
        np.testing.assert_allclose(trace.theta, alone[: len(trace)], rtol=within, atol=within * size)
