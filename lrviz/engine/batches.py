"""The batches that all runs of one seed share: shuffled anew each epoch, by a generator of their own."""

from __future__ import annotations

import torch
from torch import Tensor


class Batches:
    """Which samples step t sees. Any step may be asked for at any time; asking in order costs least."""

    def __init__(self, inputs: Tensor, targets: Tensor, batch_size: int, seed: int) -> None:
        self._inputs, self._targets = inputs, targets  # (N, D) and (N,)
        self.size = batch_size if 0 < batch_size < len(inputs) else len(inputs)
        self._seed = seed
        self._epoch = -1
        self._shuffled = inputs, targets
        self.per_epoch = -(-len(inputs) // self.size)

    def __call__(self, step: int) -> tuple[Tensor, Tensor]:
        """Inputs (B, D) and targets (B,) of `step`; an epoch's last batch holds what is left."""
        epoch, place = divmod(step, self.per_epoch)
        if epoch != self._epoch and self.per_epoch > 1:
            order = self.order(epoch)
            self._shuffled = self._inputs.index_select(0, order), self._targets.index_select(0, order)
            self._epoch = epoch
        inputs, targets = self._shuffled
        first = place * self.size
        return inputs[first : first + self.size], targets[first : first + self.size]

    def order(self, epoch: int) -> Tensor:
        """(N,) the samples in the order in which `epoch` visits them."""
        if self.per_epoch == 1:
            return torch.arange(len(self._inputs))
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + epoch)
        return torch.randperm(len(self._inputs), generator=generator)
