"""A dense network's gradient where every row has a batch of its own, written out as lrviz.engine.dense_problem does it.

There the first layer is one product for all rows, since they see the same batch; here nothing is shared.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from lrviz.engine.dense_layers import Layer, Numbers, numbers_of


class DenseSeeds:
    """Losses and gradients of a dense network at theta (S, P); the loss is the cross-entropy, or the squared error."""

    def __init__(self, layers: Sequence[Layer], likelihood: bool) -> None:
        self._layers = layers
        self._likelihood = likelihood
        self._kept: tuple[Tensor, Tensor, list[Numbers], list[Numbers]] | None = None

    def gradients(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Losses (S,) and gradients (S, P), good until the next call, on inputs (S, B, D) and targets (S, B)."""
        gradient, numbers, into = self._places(theta)
        loss = theta.new_empty(len(theta))  # made outside of inference mode, since a row that ends is parked in it
        with torch.inference_mode():
            linear, bent = list[Tensor](), [inputs.mT]  # (S, out, B) of each layer before its bend; what each is given
            for layer, own in zip(self._layers, numbers, strict=True):
                linear.append(torch.baddbmm(own.bias, own.weight, bent[-1]))
                if layer.bend is not None:
                    bent.append(layer.bend.forward(linear[-1]))
            value, delta = (_cross_entropy if self._likelihood else _squared_error)(linear[-1], targets)
            loss.copy_(value)
            for i in range(len(self._layers) - 1, -1, -1):
                into[i].weight.copy_(torch.bmm(delta, bent[i].mT))
                into[i].bias.copy_(delta.sum(2, keepdim=True))
                below = self._layers[i - 1].bend if i else None
                if below is not None:
                    delta = below.back(torch.bmm(numbers[i].weight.mT, delta), linear[i - 1], bent[i])
        return loss, gradient

    def _places(self, theta: Tensor) -> tuple[Tensor, list[Numbers], list[Numbers]]:
        """The gradient, and the views into theta and it, made once for a theta that comes again and again."""
        if self._kept is None or self._kept[0] is not theta:
            gradient = torch.empty_like(theta)
            self._kept = theta, gradient, numbers_of(self._layers, theta), numbers_of(self._layers, gradient)
        return self._kept[1:]


def _cross_entropy(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """(S,) and its derivative with respect to outputs (S, C, B), from classes (S, B)."""
    wanted = targets[:, None]
    log_shares = torch.log_softmax(outputs, 1)
    loss = log_shares.gather(1, wanted).mean((1, 2)).neg_()
    share = 1 / targets.shape[1]
    right = torch.zeros_like(outputs).scatter_(1, wanted, share)
    return loss, log_shares.exp_().mul_(share).sub_(right)


def _squared_error(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """The same from numbers (S, B), or from classes, which stand for 1 in their own output and 0 in the others."""
    wanted = targets[:, None] if targets.is_floating_point() else one_hot(targets, outputs.shape[1]).mT
    off = outputs - wanted
    return off.square().mean((1, 2)), off.mul_(2 / off[0].numel())
