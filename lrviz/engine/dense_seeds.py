"""A dense network's gradient where every row has a batch of its own: nothing is shared between rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from lrviz.engine.blocks import Blocks
from lrviz.engine.dense_layers import Layer, Room, numbers_in, widths_of
from lrviz.engine.dense_step import DenseStep


class DenseSeeds:
    """Losses and gradients of a dense network at theta (S, P); the loss is the cross-entropy, or the squared error."""

    def __init__(self, layers: Sequence[Layer], likelihood: bool) -> None:
        self._layers = layers
        self._likelihood = likelihood
        self._theta = self._gradient = Blocks.whole(torch.empty(0, 0))
        self._steps: dict[int, DenseStep] = {}  # of so many rows, by their samples

    def gradients(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Losses (S,) and gradients (S, P), good until the next call, on inputs (S, B, D) and targets (S, B)."""
        samples, widths = inputs.shape[1], widths_of(self._layers)
        if len(self._theta.parts[0]) != len(theta):
            self._theta, self._gradient = Blocks.cut(theta, widths), Blocks.cut(theta, widths)
            self._steps = {}
        if samples not in self._steps:
            self._steps[samples] = self._step(samples)
        with torch.inference_mode(), np.errstate(all="ignore"):
            self._theta.fill(theta)
            losses = self._steps[samples](inputs, targets)
        return torch.from_numpy(losses.copy()), self._gradient.rows()

    def _step(self, samples: int) -> DenseStep:
        numbers, into = (numbers_in(self._layers, of.parts) for of in (self._theta, self._gradient))
        room = Room.of(self._layers, len(self._theta.parts[0]), samples, self._theta.flat.dtype)
        return DenseStep(
            self._layers, numbers, into, room, shared=False, share=1 / samples, likelihood=self._likelihood
        )
