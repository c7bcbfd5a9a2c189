"""Rows that share an optimizer: all stepped at once where its update is linear in its rate, else one after another.

Either way the optimizer is torch's own, and what it remembers can be read, handed on to a fork, and forgotten.
"""

from __future__ import annotations

import copy
import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.experiment import Choice
from lrviz.engine.asking import Oracle, step_in_pieces

Memory = dict[str, Any]  # an optimizer's state of one parameter tensor, by torch's names
Where = slice | NDArray[np.intp] | int  # rows of theta


class Group(Protocol):
    """Rows that share an optimizer. `theta`, `weights` and the like are (K, …), those of all rows."""

    def advance(self, loss: Tensor, gradient: Tensor, weights: Tensor, oracle: Oracle, /) -> Iterator[None]:
        """One update of its rows, with pauses where the oracle is asked; weights (K, 1) are their rates."""
        ...

    def leave(self, row: int) -> None:
        """The row is this group's no longer: nothing here moves it any more, and no other row notices."""
        ...

    def park(self, row: int) -> None:
        """The row stays where it is, and what is not finite in it is forgotten."""
        ...

    def memory(self, row: int) -> Memory:
        """What the optimizer remembers of a row, in copies."""
        ...

    def take_over(self, row: int, memory: Memory) -> None:
        """Go on in a row with what another one remembers, of the same optimizer at the same step."""
        ...

    def memories(self) -> Iterator[tuple[str, Where, Any]]:
        """Name, rows and values (n, P) or (n, 1) or a number: whatever the optimizer keeps for each parameter."""
        ...


def group_of(rows: range, theta: Tensor, optimizer: Choice) -> Group:
    """A group of neighbouring rows of theta (K, P), which share its memory."""
    rowwise = catalog.optimizers.find(optimizer.name).rowwise
    return _InTurn(rows, theta, optimizer) if rowwise else _Together(rows, theta, optimizer)


class _Together:
    """Rows that one optimizer steps at once, at rate 1; each then moves by the fraction `weights` of that step."""

    def __init__(self, rows: range, theta: Tensor, optimizer: Choice) -> None:
        self._rows = slice(rows.start, rows.stop)
        self._all = len(rows) == len(theta)
        self._theta = theta[self._rows]
        self._stepped = self._theta.detach().clone()
        self._optimizer = _torch_optimizer(self._stepped, optimizer)
        self._step = _plain_step(self._optimizer)
        self._is_plain = _is_plain(self._optimizer)
        self._seen: dict[str, tuple[object, Any]] = {}  # what is remembered, as NumPy sees the same memory
        self._staying: NDArray[np.intp] | None = None  # of its own rows; None while all are

    def advance(self, _loss: Tensor, gradient: Tensor, weights: Tensor, _oracle: Oracle, /) -> Iterator[None]:
        if not self._all:
            gradient, weights = gradient[self._rows], weights[self._rows]
        if self._staying is None:
            self._moved(gradient, weights, out=self._theta)
        elif len(self._staying):
            self._theta[self._staying] = self._moved(gradient, weights)[self._staying]
        return iter(())

    def _moved(self, gradient: Tensor, weights: Tensor, out: Tensor | None = None) -> Tensor:
        """Where all its rows are after the update."""
        if self._is_plain:  # one multiplication and addition a number, as torch has them at each rate, to the bit
            return torch.addcmul(self._theta, gradient, weights, value=-1, out=out)
        self._stepped.copy_(self._theta)
        self._stepped.grad = gradient
        self._step()
        return torch.lerp(self._theta, self._stepped, weights, out=out)

    def leave(self, row: int) -> None:
        staying = np.arange(len(self._theta)) if self._staying is None else self._staying
        self._staying = staying[staying != row - self._rows.start]

    def park(self, row: int) -> None:
        for value in self._memory.values():
            if self._of_rows(value):
                value[row - self._rows.start] = 0.0

    def memory(self, row: int) -> Memory:
        at = row - self._rows.start
        return {name: (value[at].clone() if self._of_rows(value) else value) for name, value in self._memory.items()}

    def take_over(self, row: int, memory: Memory) -> None:
        for name, value in self._memory.items():
            if self._of_rows(value):
                value[row - self._rows.start] = memory[name]

    def memories(self) -> Iterator[tuple[str, Where, Any]]:
        rows = self._rows if self._staying is None else self._rows.start + self._staying
        for name, value in self._memory.items():
            seen = self._seen.get(name)
            if seen is None or seen[0] is not value:  # most are written in place for ever
                values = value.numpy() if self._of_rows(value) else _number(value)
                seen = self._seen[name] = (value, values)
            values = seen[1]
            if values is not None:
                whole = self._staying is None or np.ndim(values) < 2
                yield name, rows, values if whole else values[self._staying]

    @property
    def _memory(self) -> Memory:
        memory: Memory = self._optimizer.state[self._stepped]
        return memory

    def _of_rows(self, value: object) -> bool:
        return isinstance(value, Tensor) and value.shape == self._stepped.shape


class _InTurn:
    """Rows with an optimizer each, since its update is not linear in its rate or asks for the loss again."""

    def __init__(self, rows: range, theta: Tensor, optimizer: Choice) -> None:
        self._theta = {row: theta[row].detach() for row in rows}
        self._each = {row: _torch_optimizer(leaf, optimizer) for row, leaf in self._theta.items()}
        self._step = {row: _plain_step(each) for row, each in self._each.items()}

    def advance(self, loss: Tensor, gradient: Tensor, weights: Tensor, oracle: Oracle, /) -> Iterator[None]:
        loss, gradient = loss.clone(), gradient.clone()  # asking again may overwrite them
        for row, optimizer in self._each.items():
            if math.isfinite(loss[row]):  # of others nothing is known; their run has ended
                optimizer.param_groups[0]["lr"] = float(weights[row])
                theta, first = self._theta[row], (loss[row], gradient[row])
                yield from step_in_pieces(self._step[row], theta, optimizer.state[theta], first, oracle)
                yield

    def leave(self, row: int) -> None:
        del self._each[row]

    def park(self, row: int) -> None:
        self._each.pop(row, None)

    def memory(self, row: int) -> Memory:
        memory: Memory = copy.deepcopy(self._each[row].state[self._theta[row]])
        return memory

    def take_over(self, row: int, memory: Memory) -> None:
        self._each[row].state[self._theta[row]] = memory

    def memories(self) -> Iterator[tuple[str, Where, Any]]:
        for row, optimizer in self._each.items():
            theta = self._theta[row]
            for name, value in optimizer.state[theta].items():
                if isinstance(value, Tensor) and value.shape == theta.shape:
                    yield name, row, value.numpy()
                elif (number := _number(value)) is not None:
                    yield name, row, number


FUSED_FROM = 2**16  # numbers of theta: in one pass a row's last bits depend on its place, which small races spare
_FUSED = (torch.optim.Adam, torch.optim.AdamW, torch.optim.Adagrad)


def _torch_optimizer(theta: Tensor, optimizer: Choice) -> torch.optim.Optimizer:
    made = catalog.optimizers.find(optimizer.name).factory([theta], 1.0, **optimizer.parameters)
    assert isinstance(made, torch.optim.Optimizer)
    for group in made.param_groups:
        large = theta.numel() >= FUSED_FROM and theta.dtype == torch.float32
        if type(made) in _FUSED and large and not group["fused"]:
            group["fused"] = True  # its one pass over a large theta takes less than half the time
        if group.get("foreach", ...) is None and not group.get("fused"):
            group["foreach"] = False  # what torch finds out for one tensor on a CPU, anew at each step
    return made


def _plain_step(optimizer: torch.optim.Optimizer) -> Callable[..., object]:
    """torch's own step, without the wrappers that cost more than it does.

    They are a profiler's mark, hooks that nobody sets here, and no_grad, which holds already wherever they are called.
    Another distribution's optimizer keeps them.
    """
    kind = type(optimizer)
    if not kind.__module__.startswith("torch.optim."):
        return optimizer.step
    plain: Callable[..., object] = inspect.unwrap(kind.step).__get__(optimizer)
    return plain


def _is_plain(optimizer: torch.optim.Optimizer) -> bool:
    """Whether it is SGD that adds nothing to the gradient."""
    added = ("momentum", "weight_decay", "maximize")
    return type(optimizer) is torch.optim.SGD and not any(optimizer.param_groups[0][name] for name in added)


def _number(value: object) -> NDArray[Any] | float | None:
    """A number that all of theta shares, as it stands or in the memory of its tensor; None for anything else."""
    if isinstance(value, Tensor):
        return value.reshape(()).numpy() if value.numel() == 1 else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
