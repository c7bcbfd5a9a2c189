"""Dense networks, written out: forward and backward of all runs at once, several times as fast as vmap.

Weights are (K, out, in) views of theta and activations (K, features, B), so every product is one batched matrix
product. The runs of a seed see the same batch: the first layer is a single product for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrviz.core.dataset import Data
from lrviz.core.landscape import Plane
from lrviz.engine.model_problem import ModelProblem

# Runs and samples that are worked on at once: their activations stay in the processor's cache.
TILE_RUNS = 8
TILE_SAMPLES = 256


@dataclass(frozen=True)
class _Bend:
    """An activation a = forward(z), and `back(delta, z, a)`: delta times its derivative there."""

    forward: Callable[[Tensor], Tensor]
    back: Callable[[Tensor, Tensor, Tensor], Tensor]


_aten = torch.ops.aten
_BENDS: dict[type[nn.Module], _Bend] = {
    nn.ReLU: _Bend(torch.relu, lambda delta, z, _: _aten.threshold_backward(delta, z, 0)),
    nn.Tanh: _Bend(torch.tanh, lambda delta, _, a: _aten.tanh_backward(delta, a)),
    nn.Sigmoid: _Bend(torch.sigmoid, lambda delta, _, a: _aten.sigmoid_backward(delta, a)),
    nn.GELU: _Bend(nn.functional.gelu, lambda delta, z, _: _aten.gelu_backward(delta, z)),
}


@dataclass(frozen=True)
class _Layer:
    """Where a layer's numbers stand in a row of theta, and what bends its outputs."""

    first: int
    inputs: int
    outputs: int
    bend: _Bend | None  # None for the last

    @property
    def end(self) -> int:
        return self.first + self.outputs * (self.inputs + 1)

    def weight(self, theta: Tensor) -> Tensor:
        """(K, out, in), a view."""
        flat = theta[:, self.first : self.first + self.outputs * self.inputs]
        return flat.view(len(theta), self.outputs, self.inputs)

    def bias(self, theta: Tensor) -> Tensor:
        """(K, out), a view."""
        return theta[:, self.end - self.outputs : self.end]


class DenseProblem(ModelProblem):
    """A ModelProblem whose module is linear layers with bends between: the same numbers, computed by hand."""

    def __init__(self, module: nn.Module, data: Data, batch_size: int, seed: int, squared: bool = False) -> None:
        self._layers = _layers_of(module)
        super().__init__(module, data, batch_size, seed, squared)

    @staticmethod
    def takes(module: nn.Module) -> bool:
        """Whether `module` is a linear layer, or several with known activations between."""
        return bool(_layers_of(module))

    @torch.no_grad()
    def gradients(self, theta: Tensor, step: int, /) -> tuple[Tensor, Tensor]:
        inputs, targets = self._batches(step)
        loss, gradient = theta.new_zeros(len(theta)), torch.zeros_like(theta)
        for some in _tiles(len(inputs), TILE_SAMPLES):
            x, y = inputs[some], targets[some]
            for runs in _tiles(len(theta), TILE_RUNS):
                loss[runs] += self._add_gradient(theta[runs], gradient[runs], x, y)
        return loss / len(inputs), gradient.div_(len(inputs))

    def losses_on(self, plane: Plane) -> Callable[[NDArray[np.float64]], Tensor]:
        # Before its bend the first layer is affine in theta, so over the plane it is the origin's answer and two more:
        # three products serve the whole grid.
        inputs, targets = self._landscape_part()
        corners = torch.from_numpy(np.stack([plane.origin, *plane.directions])).to(self._start.dtype)
        affine = self._first(corners, inputs).flatten(1)  # (3, H·N)
        first = self._layers[0].outputs

        @torch.no_grad()
        def losses_at(points: NDArray[np.float64]) -> Tensor:
            theta = torch.from_numpy(plane.theta_from_plane(points)).to(self._start.dtype)
            places = torch.from_numpy(points).to(self._start.dtype)
            losses = torch.zeros(len(points), dtype=torch.float64)
            for some in _tiles(len(points), TILE_RUNS):
                at_first = torch.addmm(affine[:1], places[some], affine[1:]).view(-1, first, len(inputs))
                losses[some] = self._loss(self._rest(theta[some], at_first)[0][-1], targets).double()
            return losses / len(inputs)

        return losses_at

    def _add_gradient(self, theta: Tensor, gradient: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        """(K,) the losses' sum over the samples; their gradients' sum is added to `gradient` (K, P)."""
        linear, bent = self._rest(theta, self._first(theta, inputs))
        delta = self._delta(linear[-1], targets)
        for i in range(len(self._layers) - 1, 0, -1):
            layer, below = self._layers[i], self._layers[i - 1].bend
            assert below is not None
            layer.weight(gradient).add_(torch.bmm(delta, bent[i - 1].transpose(1, 2)))
            layer.bias(gradient).add_(delta.sum(2))
            delta = below.back(torch.bmm(layer.weight(theta).transpose(1, 2), delta), linear[i - 1], bent[i - 1])
        first = self._layers[0]
        first.weight(gradient).add_((delta.reshape(-1, len(inputs)) @ inputs).view(-1, first.outputs, first.inputs))
        first.bias(gradient).add_(delta.sum(2))
        return self._loss(linear[-1], targets)

    def _first(self, theta: Tensor, inputs: Tensor) -> Tensor:
        """(K, out, B) the first layer's answer to inputs (B, D), before its bend."""
        layer = self._layers[0]
        product = layer.weight(theta).reshape(-1, layer.inputs) @ inputs.t()
        return product.view(-1, layer.outputs, len(inputs)) + layer.bias(theta)[:, :, None]

    def _rest(self, theta: Tensor, first: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """(K, out, B) of every layer, given the first: before the bend, and but for the last after it."""
        linear, bent = [first], list[Tensor]()
        for below, layer in zip(self._layers, self._layers[1:], strict=False):
            assert below.bend is not None
            bent.append(below.bend.forward(linear[-1]))
            linear.append(torch.bmm(layer.weight(theta), bent[-1]) + layer.bias(theta)[:, :, None])
        return linear, bent

    def _loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(K,) the sum of the samples' losses, from outputs (K, C, B)."""
        if self.is_likelihood:
            return -torch.log_softmax(outputs, 1).gather(1, targets.expand(len(outputs), 1, -1)).sum((1, 2))
        return self._difference(outputs, targets).square().mean(1).sum(1)

    def _delta(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(K, C, B) the derivative of `_loss` with respect to outputs."""
        if self.is_likelihood:
            delta, wanted = torch.softmax(outputs, 1), targets.expand(len(outputs), 1, -1)
            return delta.scatter_add_(1, wanted, delta.new_full((1, 1, 1), -1.0).expand_as(wanted))
        return self._difference(outputs, targets) * (2 / outputs.shape[1])

    def _difference(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return outputs - self._numbers(targets, outputs.shape[1]).to(outputs.dtype).t()

    def _outputs(self, theta: Tensor, inputs: Tensor, _step: int = 0, /) -> Tensor:
        tiles = [
            self._rest(theta[runs], self._first(theta[runs], inputs))[0][-1] for runs in _tiles(len(theta), TILE_RUNS)
        ]
        return torch.cat(tiles).transpose(1, 2)

    def _tally(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        tallies = []
        for runs in _tiles(len(theta), TILE_RUNS):
            outputs = self._rest(theta[runs], self._first(theta[runs], inputs))[0][-1]
            loss = self._loss(outputs, targets)
            right = (outputs.max(1).indices == targets).sum(1) if self._data.classes else torch.zeros(len(loss))
            tallies.append(torch.stack([loss, right.to(loss.dtype)]))
        return torch.cat(tallies, 1)

    def _samples_at_once(self, _runs: int, /) -> int:
        return TILE_SAMPLES


def _tiles(length: int, size: int) -> Iterator[slice]:
    return (slice(first, min(first + size, length)) for first in range(0, length, size))


def _layers_of(module: nn.Module) -> list[_Layer]:
    """The layers of a dense network with biases, in the order of its parameters; none for any other module."""
    parts = list(module) if type(module) is nn.Sequential else [module]
    linears, bends = parts[::2], [_bend_of(part) for part in parts[1::2]]
    if len(linears) != len(bends) + 1 or None in bends or len(set(linears)) < len(linears):
        return []
    layers: list[_Layer] = []
    for linear, bend in zip(linears, [*bends, None], strict=True):
        if type(linear) is not nn.Linear or linear.bias is None:
            return []
        layers.append(_Layer(layers[-1].end if layers else 0, linear.in_features, linear.out_features, bend))
    return layers if all(parameter.requires_grad for parameter in module.parameters()) else []


def _bend_of(module: nn.Module) -> _Bend | None:
    exact = getattr(module, "approximate", "none") == "none"  # GELU has a rougher form too
    return _BENDS.get(type(module)) if exact else None
