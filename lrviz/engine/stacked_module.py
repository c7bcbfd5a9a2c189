"""A torch module at K parameter vectors at once, by functional_call and vmap; the module itself is never changed.

Where vmap refuses a module, its rows run in turn, with the same results.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.func import functional_call, replace_all_batch_norm_modules_, vmap

from lrviz.core.errors import ExperimentError
from lrviz.engine.draws import own_draws


class StackedModule:
    """What `module` answers at rows of theta (K, P), its trained parameters one after another.

    `seed` decides what is random within it, dropout for one: the same in every row, another at every step.
    """

    def __init__(self, module: nn.Module, seed: int) -> None:
        self._module = copy.deepcopy(module).train()
        trained = {name: value.detach() for name, value in module.named_parameters() if value.requires_grad}
        if not trained:
            raise ExperimentError("the model has no parameters to train; at least one must require its gradient")
        self._shapes = {name: value.shape for name, value in trained.items()}
        self._sizes = [shape.numel() for shape in self._shapes.values()]
        self._seed = seed
        self._random = False  # whether anything is drawn within it, and whether vmap takes it, `probe` finds out
        self._in_turn = False
        self.start = torch.cat([value.reshape(-1) for value in trained.values()])  # (P,)
        self.notes: list[str] = []  # what the person should know of how it is computed
        self.ties_samples = self._use_batch_statistics()  # whether a sample's answer depends on the others beside it

    @property
    def shapes(self) -> tuple[torch.Size, ...]:
        """The parameters' shapes, in theta's order."""
        return tuple(self._shapes.values())

    @property
    def draws(self) -> bool:
        """Whether anything is drawn within it when it is trained; known once it was probed."""
        return self._random

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names within the module, in theta's order."""
        return tuple(self._shapes)

    @torch.no_grad()
    def probe(self, inputs: Tensor) -> int:
        """How many numbers a sample it answers, tried on inputs (B, D); whatever it raises where they don't suit it."""
        with own_draws():
            before = torch.get_rng_state()
            outputs = self.outputs(self.start.repeat(2, 1), inputs)
            self._random = not torch.equal(before, torch.get_rng_state())
        return outputs.shape[-1]

    @torch.no_grad()
    def products(self, inputs: Tensor) -> int:
        """About how many multiplications a sample takes: each layer's numbers, once at every place that it looks at."""
        taken = [0.0]

        def count(layer: nn.Module, _inputs: object, outputs: object) -> None:
            own = [value for value in layer.parameters(recurse=False) if value.dim()]
            answer = outputs[0] if isinstance(outputs, tuple) else outputs
            if own and isinstance(answer, Tensor):
                places = answer.numel() / own[0].shape[0]
                taken.append(places * sum(value.numel() for value in own))

        hooks = [layer.register_forward_hook(count) for layer in self._module.modules()]
        try:
            with own_draws():
                self._call({}, inputs)
        finally:
            for hook in hooks:
                hook.remove()
        return int(sum(taken) / len(inputs))

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """The module as when it is used, not trained: without dropout."""
        self._module.eval()
        try:
            yield
        finally:
            self._module.train()

    def outputs(self, theta: Tensor, inputs: Tensor, step: int = 0) -> Tensor:
        """(K, B, C) its answers to inputs (B, D), or to each row's own (K, B, D), differentiable in theta."""
        pieces = torch.split(theta, self._sizes, dim=1)
        named = zip(self._shapes.items(), pieces, strict=True)
        parameters = {name: piece.view(-1, *shape) for (name, shape), piece in named}
        own = inputs.dim() == 3
        if not self._in_turn:
            try:
                with self._same_draws(step):
                    each = (0, 0 if own else None)
                    return vmap(self._call, in_dims=each, randomness="same")(parameters, inputs)
            except Exception as error:  # whatever vmap can't do, the rows in turn can, or they raise it again
                self._in_turn = True
                self.notes.append(f"runs are computed one after another, since vmap refuses the model ({brief(error)})")
        rows = []
        for row in range(len(theta)):
            with self._same_draws(step):
                seen = inputs[row] if own else inputs
                rows.append(self._call({name: value[row] for name, value in parameters.items()}, seen))
        return torch.stack(rows)

    def _call(self, parameters: dict[str, Tensor], inputs: Tensor) -> Tensor:
        # Buffers are copies: what a module notes down in its forward pass must not reach the next call.
        buffers = {name: value.clone() for name, value in self._module.named_buffers()}
        outputs: Tensor = functional_call(self._module, (parameters, buffers), (inputs,))
        return outputs.reshape(len(inputs), -1)

    @contextlib.contextmanager
    def _same_draws(self, step: int) -> Iterator[None]:
        if not self._random:
            yield
            return
        with own_draws(self._seed * 1_000_003 + step):
            yield

    def _use_batch_statistics(self) -> bool:
        """Running statistics would tie a loss to the steps before it; a batch's own make it a function of theta."""
        norms = [m for m in self._module.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
        if any(norm.track_running_stats for norm in norms):
            replace_all_batch_norm_modules_(self._module)
            self.notes.append("batch norm uses the statistics of each batch, in tests too")
        return bool(norms)


def brief(error: Exception) -> str:
    """An exception's first line."""
    return (str(error) or type(error).__name__).strip().splitlines()[0].rstrip(".")
