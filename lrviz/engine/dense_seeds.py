"""A dense network's gradient where every row has a batch of its own: nothing is shared between rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from lrviz.engine.dense_layers import Layer, Room, numbers_in
from lrviz.engine.dense_step import DenseStep


class DenseSeeds:
    """Losses of a dense network at theta, whose gradient it writes down: of the cross-entropy, or the squared error.

    Both are cut between columns as `widths_of` says, (S, p) each, and stay where they are.
    """

    def __init__(
        self, layers: Sequence[Layer], theta: Sequence[Tensor], gradient: Sequence[Tensor], likelihood: bool
    ) -> None:
        self._layers = layers
        self._theta, self.gradient = theta, gradient
        self._likelihood = likelihood
        self._steps: dict[int, DenseStep] = {}  # by their samples

    def __call__(self, inputs: Tensor, targets: Tensor) -> Tensor:
        """(S,) on inputs (S, B, D) and targets (S, B)."""
        samples = inputs.shape[1]
        if samples not in self._steps:
            self._steps[samples] = self._step(samples)
        with torch.inference_mode(), np.errstate(all="ignore"):
            losses = self._steps[samples](inputs, targets)
        return torch.from_numpy(losses.copy())

    def _step(self, samples: int) -> DenseStep:
        numbers, into = (numbers_in(self._layers, parts) for parts in (self._theta, self.gradient))
        room = Room.of(self._layers, len(self._theta[0]), samples, self._theta[0].dtype)
        share = 1 / samples
        return DenseStep(self._layers, numbers, into, room, shared=False, share=share, likelihood=self._likelihood)
