"""The layers of a dense network, and what they compute for K runs at once.

Weights are (K, out, in) views of theta and activations (K, features, B), so every product is one batched matrix
product. The runs of a seed see the same batch: the first layer is a single product for all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Bend:
    """An activation a = forward(z), and `back(delta, z, a)`: delta times its derivative there, written into delta.

    Where its derivative can be told from a, it is written into z: less memory to go through is less time.
    """

    forward: Callable[[Tensor], Tensor]
    back: Callable[[Tensor, Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Layer:
    """Where a layer's numbers stand in a row of theta, and what bends its outputs."""

    first: int
    inputs: int
    outputs: int
    bend: Bend | None  # None for the last

    @property
    def end(self) -> int:
        return self.first + self.outputs * (self.inputs + 1)


@dataclass(frozen=True, eq=False)
class Numbers:
    """A layer's part of theta, or of its gradient, as views: writing to them writes there."""

    weight: Tensor  # (K, out, in)
    bias: Tensor  # (K, out, 1)


@dataclass(frozen=True, eq=False)
class Pass:
    """What a forward pass leaves behind: (K, out, B) of each layer."""

    linear: list[Tensor]  # before the bend, or after it where that took its place
    bent: list[Tensor]  # after it, but for the last layer, which has none


@dataclass(frozen=True, eq=False)
class Room:
    """Where K runs and B samples are computed, again and again: fresh memory would take as long as some products."""

    linear: list[Tensor]  # (K, out, B) of each layer
    deltas: list[Tensor]  # (K, out, B) of each but the last: the loss's derivatives with respect to `linear`
    weights: list[Tensor]  # (K, out, in) of each: its gradient, good until the next layer's

    @classmethod
    def of(cls, layers: Sequence[Layer], runs: int, samples: int, dtype: torch.dtype) -> Room:
        first, *later = layers
        # What the first of several has answered is done with when its gradient comes: less to keep in the cache.
        answers = torch.empty(runs * first.outputs * max(samples, first.inputs), dtype=dtype)
        spare = torch.empty(runs * max(layer.outputs * layer.inputs for layer in later or layers), dtype=dtype)
        places = [answers if later else spare, *[spare] * len(later)]
        return cls(
            linear=[
                _shaped(answers, runs, first.outputs, samples),
                *(torch.empty(runs, layer.outputs, samples, dtype=dtype) for layer in later),
            ],
            deltas=[torch.empty(runs, layer.outputs, samples, dtype=dtype) for layer in layers[:-1]],
            weights=[
                _shaped(place, runs, layer.outputs, layer.inputs) for place, layer in zip(places, layers, strict=True)
            ],
        )


_aten = torch.ops.aten
_BENDS: dict[type[nn.Module], Bend] = {
    nn.ReLU: Bend(torch.relu_, lambda delta, _, a: _aten.threshold_backward.grad_input(delta, a, 0, grad_input=delta)),
    nn.Tanh: Bend(torch.tanh_, lambda delta, _, a: _aten.tanh_backward.grad_input(delta, a, grad_input=delta)),
    nn.Sigmoid: Bend(torch.sigmoid_, lambda delta, _, a: _aten.sigmoid_backward.grad_input(delta, a, grad_input=delta)),
    nn.GELU: Bend(nn.functional.gelu, lambda delta, z, _: _aten.gelu_backward.grad_input(delta, z, grad_input=delta)),
}


def layers_of(module: nn.Module) -> list[Layer]:
    """The layers of a dense network with biases, in the order of its parameters; none for any other module.

    It may flatten its inputs first, which are flat already.
    """
    if any(part._forward_pre_hooks or part._forward_hooks for part in module.modules()):  # they may do anything
        return []
    parts = list(module) if type(module) is nn.Sequential else [module]
    if parts and flattens(parts[0]):
        parts = parts[1:]
    linears, bends = parts[::2], [_bend_of(part) for part in parts[1::2]]
    if len(linears) != len(bends) + 1 or None in bends or len(set(linears)) < len(linears):
        return []
    layers: list[Layer] = []
    for linear, bend in zip(linears, [*bends, None], strict=True):
        if type(linear) is not nn.Linear or linear.bias is None:
            return []
        layers.append(Layer(layers[-1].end if layers else 0, linear.in_features, linear.out_features, bend))
    return layers if all(parameter.requires_grad for parameter in module.parameters()) else []


def flattens(part: nn.Module) -> bool:
    """Whether it makes (B, …) to (B, D) and does nothing else."""
    return type(part) is nn.Flatten and (part.start_dim, part.end_dim) == (1, -1)


def numbers_of(layers: Sequence[Layer], theta: Tensor) -> list[Numbers]:
    """The views into theta (K, P)."""
    numbers = []
    for layer in layers:
        middle = layer.end - layer.outputs
        weight = theta[:, layer.first : middle].view(-1, layer.outputs, layer.inputs)
        numbers.append(Numbers(weight, theta[:, middle : layer.end, None]))
    return numbers


def first_layer(numbers: Numbers, inputs: Tensor, room: Room | None = None) -> Tensor:
    """(K, out, B) the first layer's answer to inputs (B, D), before its bend."""
    runs, _, features = numbers.weight.shape
    shared = inputs.t().expand(runs, features, len(inputs))
    return torch.baddbmm(numbers.bias, numbers.weight, shared, out=room.linear[0] if room else None)


def forward(layers: Sequence[Layer], later: Sequence[Numbers], first: Tensor, room: Room | None = None) -> Pass:
    """The pass through all layers, given the first one's answer before its bend and the later ones' numbers.

    It is good until the next one in the same room; without a room it can be differentiated.
    """
    linear, bent = [first], list[Tensor]()
    for i, (layer, above) in enumerate(zip(layers, later, strict=False), 1):
        assert layer.bend is not None
        bent.append(layer.bend.forward(linear[-1]))
        linear.append(torch.baddbmm(above.bias, above.weight, bent[-1], out=room.linear[i] if room else None))
    return Pass(linear, bent)


def backward(
    layers: Sequence[Layer],
    numbers: Sequence[Numbers],
    passed: Pass,
    inputs: Tensor,
    delta: Tensor,
    write: Callable[[Tensor, Tensor], object],
    gradient: Sequence[Numbers],
    room: Room,
) -> None:
    """The gradient, from delta (K, C, B), the loss's derivative with respect to the last layer's answer.

    `write(target, value)` puts a value (K, …) into one of the gradient's views: Tensor.copy_, or Tensor.add_. The views
    are no places for a product's result: where they aren't contiguous, bmm multiplies one run after another.
    """
    for i in range(len(layers) - 1, 0, -1):
        bend = layers[i - 1].bend
        assert bend is not None
        write(gradient[i].weight, torch.bmm(delta, passed.bent[i - 1].transpose(1, 2), out=room.weights[i]))
        write(gradient[i].bias, delta.sum(2, keepdim=True))
        below = torch.bmm(numbers[i].weight.transpose(1, 2), delta, out=room.deltas[i - 1])
        delta = bend.back(below, passed.linear[i - 1], passed.bent[i - 1])
    first = room.weights[0]
    torch.mm(delta.view(-1, len(inputs)), inputs, out=first.view(-1, layers[0].inputs))
    write(gradient[0].weight, first)
    write(gradient[0].bias, delta.sum(2, keepdim=True))


def _shaped(memory: Tensor, *shape: int) -> Tensor:
    """The first of its numbers, in that shape."""
    return memory[: math.prod(shape)].view(shape)


def _bend_of(module: nn.Module) -> Bend | None:
    exact = getattr(module, "approximate", "none") == "none"  # GELU has a rougher form too
    return _BENDS.get(type(module)) if exact else None
