"""A dense network's gradient where every row has a batch of its own: nothing is shared between rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from lrviz.engine.dense_layers import Layer, Room, numbers_of
from lrviz.engine.dense_step import DenseStep


class DenseSeeds:
    """Losses and gradients of a dense network at theta (S, P); the loss is the cross-entropy, or the squared error."""

    def __init__(self, layers: Sequence[Layer], likelihood: bool) -> None:
        self._layers = layers
        self._likelihood = likelihood
        self._theta = self._gradient = torch.empty(0)
        self._steps: dict[int, DenseStep] = {}  # of that theta, by their samples

    def gradients(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Losses (S,) and gradients (S, P), good until the next call, on inputs (S, B, D) and targets (S, B)."""
        samples = inputs.shape[1]
        if self._theta is not theta:
            self._theta, self._gradient, self._steps = theta, torch.empty_like(theta), {}
        if samples not in self._steps:
            self._steps[samples] = self._step(samples)
        with torch.inference_mode(), np.errstate(all="ignore"):
            losses = self._steps[samples](inputs, targets)
        return torch.from_numpy(losses.copy()), self._gradient

    def _step(self, samples: int) -> DenseStep:
        numbers, into = (numbers_of(self._layers, of) for of in (self._theta, self._gradient))
        room = Room.of(self._layers, len(self._theta), samples, self._theta.dtype)
        return DenseStep(
            self._layers, numbers, into, room, shared=False, share=1 / samples, likelihood=self._likelihood
        )
