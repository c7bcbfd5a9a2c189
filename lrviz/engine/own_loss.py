"""The loss of a model on a data set, with a loss function of a person's own."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import vmap

from lrviz.core.dataset import Data
from lrviz.core.errors import ExperimentError
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.stacked_module import brief

Loss = Callable[[Tensor, Tensor], Tensor]

TRIED = 5  # samples on which the loss function is tried


class OwnLossProblem(ModelProblem):
    """A ModelProblem whose loss is `loss(outputs, targets)`, the mean over the samples of a batch.

    It is handed outputs (B, C), with targets (B,) that are classes or (B, 1) that are numbers. ExperimentError where it
    doesn't take them, or is no mean: a sum, say, or one that weighs classes.
    """

    def __init__(self, module: nn.Module, data: Data, batch_size: int, seed: int, loss: Loss) -> None:
        self._own_loss = loss
        super().__init__(module, data, batch_size, seed)
        self._check_loss()

    def _sample_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        def of_sample(output: Tensor, target: Tensor) -> Tensor:
            return self._own_loss(output[None], self._shaped(target[None]))

        own = targets.dim() == 2  # each row has its own
        return vmap(vmap(of_sample), in_dims=(0, 0 if own else None))(outputs, targets)

    def _shaped(self, targets: Tensor) -> Tensor:
        return targets if self._data.classes else targets[:, None]

    @torch.no_grad()
    def _check_loss(self) -> None:
        inputs, targets = (part[:TRIED] for part in self._train)
        outputs = self._outputs(self.start(1), inputs)
        try:
            whole = self._own_loss(outputs[0], self._shaped(targets))
            mean = self._sample_losses(outputs, targets).mean()
        except Exception as error:
            raise ExperimentError(f"the loss can't be computed for {self._data.name}: {brief(error)}") from error
        if whole.dim() or not torch.isclose(whole, mean, rtol=1e-3, atol=1e-5):
            raise ExperimentError("the loss of a batch is not the mean of its samples' losses, which lrviz relies on")
