"""A module of a person's own, as a model of the catalog's kind."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from lrviz.core.errors import ExperimentError
from lrviz.engine.dense_layers import flattens
from lrviz.engine.draws import own_draws
from lrviz.engine.stacked_module import brief


def own_module_factory(module: nn.Module, sample: Tensor) -> Callable[[], nn.Module]:
    """A model's factory that gives copies of `module` as it is now: it starts from its own numbers.

    It is handed inputs as `sample` (…) is, one after another in a batch, though data sets keep them flat and as
    floats. ExperimentError where the module can't be copied, or has no numbers yet.
    """
    kept = _copied(module)
    if any(is_lazy(value) for value in kept.state_dict(keep_vars=True).values()):
        raise ExperimentError("the module has lazy layers that know no shape yet; call it once on a batch beforehand")
    as_they_are = sample.is_floating_point() and (sample.dim() == 1 or _flattens_first(kept))
    if not as_they_are:
        # A hook, since a wrapper would change the names of the layers.
        kept.register_forward_pre_hook(_as_given(sample.shape, None if sample.is_floating_point() else sample.dtype))

    def own_module() -> nn.Module:
        """A module handed over in Python."""
        return copy.deepcopy(kept)

    return own_module


def answered_numbers(module: nn.Module, sample: Tensor) -> int:
    """How many numbers the module answers a sample (…); 0 where it takes none like it, which its problem will say."""
    tried = _copied(module).eval()
    try:
        with torch.no_grad(), own_draws():
            own = next(tried.parameters(), torch.empty(0)).dtype
            return int(tried(sample[None].to(own if sample.is_floating_point() else sample.dtype)).numel())
    except Exception:
        return 0


def _copied(module: nn.Module) -> nn.Module:
    try:
        return copy.deepcopy(module).cpu()
    except Exception as error:  # a lock or an open file within it, for one
        raise ExperimentError(f"the module can't be copied: {brief(error)}; a copy is trained, never itself") from error


def _flattens_first(module: nn.Module) -> bool:
    return type(module) is nn.Sequential and len(module) > 0 and flattens(module[0])


def _as_given(shape: torch.Size, dtype: torch.dtype | None) -> Callable[[nn.Module, tuple[Any, ...]], Any]:
    def shaped(_module: nn.Module, inputs: tuple[Any, ...]) -> Any:
        given: Tensor = inputs[0].reshape(len(inputs[0]), *shape)
        return given if dtype is None else given.to(dtype)

    return shaped
