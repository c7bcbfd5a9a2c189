"""Rows that share an optimizer: all stepped at once where its update is linear in its rate, else one after another.

Either way the optimizer is torch's own, and what it remembers can be read, handed on to a fork, and forgotten.
"""

from __future__ import annotations

import copy
import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.experiment import Choice
from lrviz.engine.asking import Oracle, step_in_pieces
from lrviz.engine.blocks import Blocks, copy_of, in_one_piece, over

Memory = dict[str, Any]  # an optimizer's state of one parameter tensor, by torch's names
Where = slice | NDArray[np.intp] | int  # rows of theta


class Group(Protocol):
    """Rows that share an optimizer. `theta`, `weights` and the like are those of all K rows."""

    def advance(self, loss: Tensor, gradient: Blocks, weights: Tensor, oracle: Oracle, /) -> Iterator[None]:
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


def group_of(rows: range, theta: Blocks, optimizer: Choice) -> Group:
    """A group of neighbouring rows of theta, in which it moves them."""
    rowwise = catalog.optimizers.find(optimizer.name).rowwise
    return _InTurn(rows, theta, optimizer) if rowwise else _Together(rows, theta, optimizer)


class _Together:
    """Rows that one optimizer steps at once, at rate 1; each then moves by the fraction `weights` of that step."""

    def __init__(self, rows: range, theta: Blocks, optimizer: Choice) -> None:
        self._rows = slice(rows.start, rows.stop)
        self._all = len(rows) == len(theta.parts[0])
        self._theta = self._own(theta)
        self._stepped = copy_of(self._theta)
        self._optimizer = _torch_optimizer(self._stepped.flat, optimizer)
        self._step = _plain_step(self._optimizer)
        self._is_plain = _is_plain(self._optimizer)
        self._seen: dict[str, tuple[object, Any]] = {}  # what is remembered, and how it is read in the same memory
        self._staying: NDArray[np.intp] | None = None  # of its own rows; None while all are

    def advance(self, _loss: Tensor, gradient: Blocks, weights: Tensor, _oracle: Oracle, /) -> Iterator[None]:
        if not self._all:
            weights = weights[self._rows]
        if self._staying is None:
            self._move(gradient, weights, self._theta)
        elif len(self._staying):
            moved = [torch.empty_like(part) for part in self._theta]
            self._move(gradient, weights, moved)
            for part, values in zip(self._theta, moved, strict=True):
                part[self._staying] = values[self._staying]
        return iter(())

    def _move(self, gradient: Blocks, weights: Tensor, into: Sequence[Tensor]) -> None:
        """Write down where all its rows are after the update."""
        slopes = self._own(gradient)
        if self._is_plain:  # one multiplication and addition a number, as torch has them at each rate, to the bit
            for part, slope, place in zip(self._theta, slopes, into, strict=True):
                torch.addcmul(part, slope, weights, value=-1, out=place)
            return
        for stepped, part in zip(self._stepped.parts, self._theta, strict=True):
            stepped.copy_(part)
        self._stepped.flat.grad = gradient.flat if self._all else in_one_piece(slopes)
        self._step()
        for part, stepped, place in zip(self._theta, self._stepped.parts, into, strict=True):
            torch.lerp(part, stepped, weights, out=place)

    def leave(self, row: int) -> None:
        staying = np.arange(len(self._theta[0])) if self._staying is None else self._staying
        self._staying = staying[staying != row - self._rows.start]

    def park(self, row: int) -> None:
        for value in self._memory.values():
            if self._of_rows(value):
                over(value, self._theta).set_row(row - self._rows.start, 0.0)

    def memory(self, row: int) -> Memory:
        at = row - self._rows.start
        return {
            name: over(value, self._theta).row(at) if self._of_rows(value) else value
            for name, value in self._memory.items()
        }

    def take_over(self, row: int, memory: Memory) -> None:
        for name, value in self._memory.items():
            if self._of_rows(value):
                over(value, self._theta).set_row(row - self._rows.start, memory[name])

    def memories(self) -> Iterator[tuple[str, Where, Any]]:
        rows = self._rows if self._staying is None else self._rows.start + self._staying
        for name, value in self._memory.items():
            seen = self._seen.get(name)
            if seen is None or seen[0] is not value:  # most are written in place for ever
                held = over(value, self._theta) if self._of_rows(value) else _number(value)
                seen = self._seen[name] = (value, held)
            held = seen[1]
            if isinstance(held, Blocks):
                values = held.rows().numpy()
                yield name, rows, values if self._staying is None else values[self._staying]
            elif held is not None:
                yield name, rows, held

    def _own(self, blocks: Blocks) -> tuple[Tensor, ...]:
        """Its rows of each part."""
        return blocks.parts if self._all else tuple(part[self._rows] for part in blocks.parts)

    @property
    def _memory(self) -> Memory:
        memory: Memory = self._optimizer.state[self._stepped.flat]
        return memory

    def _of_rows(self, value: object) -> bool:
        return isinstance(value, Tensor) and value.shape == self._stepped.flat.shape


class _InTurn:
    """Rows with an optimizer each, since its update is not linear in its rate or asks for the loss again."""

    def __init__(self, rows: range, theta: Blocks, optimizer: Choice) -> None:
        self._whole = theta
        self._theta = {row: theta.row(row) for row in rows}
        self._each = {row: _torch_optimizer(leaf, optimizer) for row, leaf in self._theta.items()}
        self._step = {row: _plain_step(each) for row, each in self._each.items()}

    def advance(self, loss: Tensor, gradient: Blocks, weights: Tensor, oracle: Oracle, /) -> Iterator[None]:
        loss, slopes = loss.clone(), {row: gradient.row(row) for row in self._each}  # asking again may overwrite them
        for row, optimizer in self._each.items():
            if math.isfinite(loss[row]):  # of others nothing is known; their run has ended
                optimizer.param_groups[0]["lr"] = float(weights[row])
                theta, first = self._theta[row], (loss[row], slopes[row])
                theta.copy_(self._whole.row(row))
                yield from step_in_pieces(self._step[row], theta, optimizer.state[theta], first, oracle)
                self._whole.set_row(row, theta)
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
