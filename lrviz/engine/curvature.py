"""Gradient and curvature of a surface, by autograd."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.surface_ground import Slope
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
