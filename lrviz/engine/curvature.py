"""Gradient and curvature of a surface, and the rate at which an optimizer can no longer follow the curvature."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.experiment import Choice
from lrviz.core.surface_ground import Dynamics, Slope
from lrviz.engine.problems import SurfaceProblem


def slopes(problem: SurfaceProblem, points: NDArray[np.floating[Any]]) -> list[Slope]:
    """Gradient and curvature, by autograd, at each of the points (G, 2); nan where they are not finite."""
    return [_slope(gradient, hessian) for gradient, hessian in zip(*_derivatives(problem, points), strict=True)]


def hessians(problem: SurfaceProblem, points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """(…, 2, 2) the Hessian, by autograd, at each of the points (…, 2); without the gradient's noise."""
    found = _derivatives(problem, points.reshape(-1, 2))[1]
    return found.reshape(*points.shape, 2)


def _derivatives(
    problem: SurfaceProblem, points: NDArray[np.floating[Any]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gradients (G, 2) and Hessians (G, 2, 2)."""
    with torch.enable_grad():
        theta = torch.tensor(points, dtype=torch.float64, requires_grad=True)
        gradients = _derivative(problem.loss(theta), theta)
        second = torch.stack([_derivative(gradients[:, i], theta).detach() for i in range(2)], 1)
    return gradients.detach().numpy(), second.numpy()


def dynamics(optimizer: Choice) -> Dynamics:
    """How an optimizer moves on a bowl of curvature λ at rate η, as far as it is known.

    Gradient descent x ← x − ηλx shrinks for ηλ < 2. The heavy ball x ← x − ηv, v ← βv + (1 − d)λx does for
    ηλ < 2(1 + β)/(1 − d), Nesterov's step for ηλ < 2(1 + β)/(1 + 2β): there the roots of the recurrence, a
    quadratic, leave the unit circle (J. M. Cohen et al., Gradient Descent on Neural Networks Typically Occurs at
    the Edge of Stability, ICLR 2021). Far below it, a steady slope adds up to (1 − d)/(1 − β) times the rate.
    """
    beta, dampening, decay = (_number(optimizer, name) for name in ("momentum", "dampening", "weight_decay"))
    if optimizer.name not in ("sgd", "momentum", "nesterov") or dampening == 1:
        return Dynamics(decays=decay > 0)
    if optimizer.name == "nesterov":
        return Dynamics(2 * (1 + beta) / (1 + 2 * beta), 1 / (1 - beta), decay > 0)
    return Dynamics(2 * (1 + beta) / (1 - dampening), (1 - dampening) / (1 - beta), decay > 0)


def _number(optimizer: Choice, name: str) -> float:
    value = optimizer.parameters.get(name, 0.0)
    assert isinstance(value, float | int)
    return float(value)


def _derivative(values: Tensor, theta: Tensor) -> Tensor:
    """(G, 2) how values (G,) change with theta (G, 2), itself to be derived; 0 where they don't depend on it."""
    if not values.requires_grad:
        return torch.zeros_like(theta)
    return torch.autograd.grad(values.sum(), theta, create_graph=True, materialize_grads=True)[0]


def _slope(gradient: NDArray[np.float64], hessian: NDArray[np.float64]) -> Slope:
    if not np.all(np.isfinite(hessian)):
        return Slope(gradient, np.full(2, np.nan), np.eye(2))
    curvatures, columns = np.linalg.eigh((hessian + hessian.T) / 2)
    return Slope(gradient, curvatures, columns.T)
