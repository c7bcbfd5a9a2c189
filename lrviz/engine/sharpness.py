"""Sharpness: the largest curvature of a model's loss, by Hessian-vector products of all runs at once.

A product is the derivative of the gradient along a vector, by autograd twice over (Pearlmutter, Fast exact
multiplication by the Hessian, 1994). Each measurement begins at the eigenvector that the one before it found, so that a
few products do.
"""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from lrviz.engine.lanczos import Product, largest_eigenvalues
from lrviz.engine.model_problem import LossPiece, ModelProblem
from lrviz.engine.stacked_module import brief

SHARPNESS = "sharpness"  # of the loss on the whole training part
BATCH_SHARPNESS = "batch_sharpness"  # of the loss on the batch of the step
SHARPNESS_NAMES = (SHARPNESS, BATCH_SHARPNESS)
STRAY = 0.1  # how much of a random direction is in a start, so that an eigenvalue that has overtaken is found


class Sharpness:
    """The sharpness of all runs, measured at one step after another."""

    def __init__(self, problem: ModelProblem, runs: int, seed: int) -> None:
        self._problem = problem
        generator = torch.Generator().manual_seed(seed)
        start = torch.randn(problem.parameters, generator=generator, dtype=problem.start(1).dtype)
        self._stray = start / start.norm()
        self._refused = False
        self._found = {name: torch.zeros(runs, problem.parameters, dtype=start.dtype) for name in SHARPNESS_NAMES}

    def measure(self, theta: Tensor, step: int, rows: Tensor) -> Generator[None, None, dict[str, Tensor]]:
        """(K,) float64 by name, at theta (K, P) and the batch of `step`; nan but for `rows` (indices), with pauses."""
        if self._refused:
            return dict.fromkeys(SHARPNESS_NAMES, torch.full((len(theta),), torch.nan, dtype=torch.float64))
        try:
            return (yield from self._both(theta, step, rows))
        except RuntimeError as error:  # torch's, where a part of the module cannot be differentiated twice
            self._refused = True
            self._problem.remark(
                f"sharpness is not measured, since the model has no second derivative ({brief(error)})"
            )
            return (yield from self.measure(theta, step, rows))

    def _both(self, theta: Tensor, step: int, rows: Tensor) -> Generator[None, None, dict[str, Tensor]]:
        measured = {SHARPNESS: (yield from self._measure(theta, None, rows))}
        one = self._problem.steps_per_epoch == 1 and not self._problem.draws
        measured[BATCH_SHARPNESS] = measured[SHARPNESS] if one else (yield from self._measure(theta, step, rows))
        return measured

    def _measure(self, theta: Tensor, step: int | None, rows: Tensor) -> Generator[None, None, Tensor]:
        found = self._found[SHARPNESS if step is None else BATCH_SHARPNESS]
        values = torch.full((len(theta),), torch.nan, dtype=torch.float64)
        for some in torch.split(rows, self._problem.curvature_rows(step)):
            product = hessian_product(self._problem, theta[some], step)
            values[some], found[some] = yield from largest_eigenvalues(product, found[some] + STRAY * self._stray)
        return values


def hessian_product(problem: ModelProblem, theta: Tensor, step: int | None) -> Product:
    """What multiplies vectors (K, P) by the Hessians, at theta (K, P), of the loss on the batch of `step`.

    Of that on the whole training part where `step` is None: then without what is drawn at a step, such as dropout.
    """
    leaf = theta.detach().requires_grad_()
    pieces, keep = problem.loss_pieces(len(theta), step), problem.can_hold(len(theta), step)
    kept = list[Tensor]()

    def product(vectors: Tensor) -> Generator[None, None, Tensor]:
        total = torch.zeros_like(vectors)
        for i, piece in enumerate(pieces):
            gradient = kept[i] if i < len(kept) else _gradient(piece, leaf)
            if keep and i == len(kept):
                kept.append(gradient)
            if gradient.requires_grad:  # else the loss is flat or a slope
                total += torch.autograd.grad(gradient, leaf, vectors, retain_graph=keep)[0]
            yield
        return total

    return product


def _gradient(piece: LossPiece, leaf: Tensor) -> Tensor:
    """(K, P) the gradient at the leaf, which can be differentiated again."""
    # The faster ways to compute attention have no second derivative.
    with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH):
        return torch.autograd.grad(piece(leaf).sum(), leaf, create_graph=True)[0]
