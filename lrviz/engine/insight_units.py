"""The units of a hidden layer: which layer that is in any module, and what its units answer."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


class Peek(nn.Module):
    """A module that answers what one of its layers is given: (B, U), the mean over places where it is given several."""

    def __init__(self, module: nn.Module, layer: str) -> None:
        super().__init__()
        self.module = module
        self._layer = layer

    def forward(self, inputs: Tensor) -> Tensor:
        given: list[Tensor] = []
        layer = self.module.get_submodule(self._layer)
        hook = layer.register_forward_pre_hook(lambda _, arguments: given.append(arguments[0]))
        try:
            self.module(inputs)
        finally:
            hook.remove()
        last = given[-1]
        return last.flatten(1, -2).mean(1) if last.ndim > 2 else last


class Among(nn.Module):
    """A module whose batch norms use the statistics of a reference batch (R, D), whatever it is asked about.

    A grid of points that nobody drew has statistics of its own: with them, another function would be shown.
    """

    def __init__(self, module: nn.Module, reference: Tensor) -> None:
        super().__init__()
        self.module = module
        self._reference = reference

    def forward(self, inputs: Tensor) -> Tensor:
        norms = [norm for norm in self.module.modules() if isinstance(norm, _BatchNorm)]
        hooks = [norm.register_forward_hook(self._normalised) for norm in norms]
        try:
            answers: Tensor = self.module(torch.cat([self._reference, inputs]))
        finally:
            for hook in hooks:
                hook.remove()
        return answers[len(self._reference) :]

    def _normalised(self, norm: nn.Module, arguments: tuple[Tensor, ...], _: Tensor) -> Tensor:
        assert isinstance(norm, _BatchNorm)
        values = arguments[0]
        over = [axis for axis in range(values.ndim) if axis != 1]
        variance, mean = torch.var_mean(values[: len(self._reference)], over, correction=0, keepdim=True)
        scaled = (values - mean) / torch.sqrt(variance + norm.eps)
        if not norm.affine:
            return scaled
        shape = [1, -1, *[1] * (values.ndim - 2)]
        return scaled * norm.weight.view(shape) + norm.bias.view(shape)


def has_batch_norm(module: nn.Module) -> bool:
    return any(isinstance(part, _BatchNorm) for part in module.modules())


@torch.no_grad()
def answering_layer(module: nn.Module, inputs: Tensor) -> str | None:
    """The name of the linear layer that answers last, whose inputs are hidden units; None where there is no such layer.

    Found by asking a copy of the module about inputs (B, D).
    """
    asked: list[str] = []
    module = copy.deepcopy(module).eval()
    weighted = {
        name: part
        for name, part in module.named_modules()
        if not any(part.children()) and any(p.ndim > 1 for p in part.parameters())
    }
    for name, part in weighted.items():
        part.register_forward_pre_hook(lambda _module, _arguments, name=name: asked.append(name))
    module(inputs)
    hidden = len(asked) > 1 and isinstance(weighted[asked[-1]], nn.Linear)
    return asked[-1] if hidden else None
