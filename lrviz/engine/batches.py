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
        self._cut: list[tuple[Tensor, Tensor]] = [(inputs, targets)]  # the epoch's batches
        self.per_epoch = -(-len(inputs) // self.size)

    def __call__(self, step: int) -> tuple[Tensor, Tensor]:
        """Inputs (B, D) and targets (B,) of `step`; an epoch's last batch holds what is left."""
        epoch, place = divmod(step, self.per_epoch)
        if epoch != self._epoch and self.per_epoch > 1:
            order = self.order(epoch)
            inputs, targets = (part.index_select(0, order).split(self.size) for part in (self._inputs, self._targets))
            self._cut = list(zip(inputs, targets, strict=True))
            self._epoch = epoch
        return self._cut[place]

    def order(self, epoch: int) -> Tensor:
        """(N,) the samples in the order in which `epoch` visits them."""
        if self.per_epoch == 1:
            return torch.arange(len(self._inputs))
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + epoch)
        return torch.randperm(len(self._inputs), generator=generator)
