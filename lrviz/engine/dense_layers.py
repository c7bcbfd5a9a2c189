"""The layers of a dense network, and what they compute for K runs at once.

Weights are (K, out, in) views of theta and activations (K, features, B), so every product is one batched matrix
product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Bend:
    """An activation a = forward(z). `into(z, a)` writes it to a; `back(delta, z, a)` takes delta times its derivative.

    Where that can be told from a alone, a may take z's place: less memory to go through is less time.
    """

    forward: Callable[[Tensor], Tensor]
    into: Callable[[Tensor, Tensor], object]
    back: Callable[[Tensor, Tensor, Tensor], object]
    keeps: bool = False  # whether z is still needed


@dataclass(frozen=True)
class Layer:
    """What a linear layer takes and gives, and what bends its outputs."""

    inputs: int
    outputs: int
    bend: Bend | None  # None for the last

    @property
    def parameters(self) -> int:
        """In a row of theta its weights come first, then its biases."""
        return self.outputs * (self.inputs + 1)


@dataclass(frozen=True, eq=False)
class Numbers:
    """A layer's part of theta, or of its gradient, as views: writing to them writes there."""

    weight: Tensor  # (K, out, in)
    bias: Tensor  # (K, out, 1)


@dataclass(frozen=True, eq=False)
class Room:
    """Where K runs and B samples are computed, again and again: fresh memory would take as long as some products."""

    linear: list[Tensor]  # (K, out, B) of each layer, before its bend
    bent: list[Tensor]  # (K, out, B) of each but the last: after it, in the same place where that can be
    deltas: list[Tensor]  # (K, out, B) of each but the last: the loss's derivatives with respect to `linear`

    @classmethod
    def of(cls, layers: Sequence[Layer], runs: int, samples: int, dtype: torch.dtype) -> Room:
        linear = [torch.empty(runs, layer.outputs, samples, dtype=dtype) for layer in layers]
        return cls(
            linear=linear,
            bent=[
                torch.empty_like(place) if layer.bend is not None and layer.bend.keeps else place
                for place, layer in zip(linear[:-1], layers, strict=False)
            ],
            deltas=[torch.empty_like(place) for place in linear[:-1]],
        )


_aten = torch.ops.aten
_BENDS: dict[type[nn.Module], Bend] = {
    nn.ReLU: Bend(
        torch.relu_,
        lambda z, a: torch.clamp_min(z, 0, out=a),
        lambda delta, _, a: _aten.threshold_backward.grad_input(delta, a, 0, grad_input=delta),
    ),
    nn.Tanh: Bend(
        torch.tanh_,
        lambda z, a: torch.tanh(z, out=a),
        lambda delta, _, a: _aten.tanh_backward.grad_input(delta, a, grad_input=delta),
    ),
    nn.Sigmoid: Bend(
        torch.sigmoid_,
        lambda z, a: torch.sigmoid(z, out=a),
        lambda delta, _, a: _aten.sigmoid_backward.grad_input(delta, a, grad_input=delta),
    ),
    nn.GELU: Bend(
        nn.functional.gelu,
        lambda z, a: _aten.gelu.out(z, out=a),
        lambda delta, z, _: _aten.gelu_backward.grad_input(delta, z, grad_input=delta),
        keeps=True,
    ),
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
        layers.append(Layer(linear.in_features, linear.out_features, bend))
    return layers if all(parameter.requires_grad for parameter in module.parameters()) else []


def flattens(part: nn.Module) -> bool:
    """Whether it makes (B, …) to (B, D) and does nothing else."""
    return type(part) is nn.Flatten and (part.start_dim, part.end_dim) == (1, -1)


def widths_of(layers: Sequence[Layer]) -> tuple[int, ...]:
    """Of theta's columns: each layer's weights and biases in turn."""
    return tuple(width for layer in layers for width in (layer.outputs * layer.inputs, layer.outputs))


def numbers_of(layers: Sequence[Layer], theta: Tensor) -> list[Numbers]:
    """The views into theta (K, P), which holds these layers and nothing else."""
    return numbers_in(layers, theta.split(widths_of(layers), 1))  # at once: a slice's derivative is as large as theta


def numbers_in(layers: Sequence[Layer], parts: Sequence[Tensor]) -> list[Numbers]:
    """The same, of theta's columns as they are cut by `widths_of`, (K, p) each."""
    return [
        Numbers(weight.view(-1, layer.outputs, layer.inputs), bias[..., None])
        for layer, weight, bias in zip(layers, parts[::2], parts[1::2], strict=True)
    ]


def first_layer(numbers: Numbers, inputs: Tensor) -> Tensor:
    """(K, out, B) the first layer's answer to inputs (B, D), before its bend."""
    runs, _, features = numbers.weight.shape
    return torch.baddbmm(numbers.bias, numbers.weight, inputs.t().expand(runs, features, len(inputs)))


def forward(layers: Sequence[Layer], later: Sequence[Numbers], first: Tensor) -> Tensor:
    """(K, C, B) the last layer's answer, given the first one's before its bend and the later ones' numbers."""
    for layer, above in zip(layers, later, strict=False):
        assert layer.bend is not None
        first = torch.baddbmm(above.bias, above.weight, layer.bend.forward(first))
    return first


def _bend_of(module: nn.Module) -> Bend | None:
    exact = getattr(module, "approximate", "none") == "none"  # GELU has a rougher form too
    return _BENDS.get(type(module)) if exact else None
