"""A function's loss and gradient as the list of torch calls that they come to, so that they can be made again.

Autograd builds a graph of objects for the points that it is asked about, which for eight numbers costs several times
the arithmetic. On a surface the same calls come at each step. So they are written down once, by a dispatch mode that
hears every call below autograd, backward ones included, and then made directly: the same calls in the same order, hence
the same bits. A function whose calls depend on its numbers, or cannot be made again, has no tape.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

Both = tuple[Tensor, Tensor]  # losses (K,) and gradients (K, 2)
ALL_ALIKE = {"ones_like", "zeros_like", "full_like", "new_zeros", "new_ones", "new_full"}  # no number of theirs counts
AWAY = 0.37  # from the points of the recording to those of the proof


class Tape:
    """The calls of one function at one number of points."""

    def __init__(self, slots: list[Any], calls: list[_Call], outputs: tuple[int, int]) -> None:
        self._slots = slots
        self._calls = calls
        self._loss, self._gradient = outputs

    def __call__(self, theta: Tensor) -> Both:
        slots = self._slots
        slots[0] = theta
        for call, arguments, result in self._calls:
            slots[result] = call(*arguments(slots))
        return slots[self._loss], slots[self._gradient]


_Call = tuple[Callable[..., Any], Callable[[list[Any]], tuple[Any, ...]], int]


def taped(function: Callable[[Tensor], Both], theta: Tensor) -> Tape | None:
    """The tape of `function` for points in theta's shape and dtype; None where it has none.

    It is proved before it is given away: at other points it has to come to the same bits.
    """
    try:
        with _Listener() as heard:
            outputs = function(theta)
        tape = _Writer(theta).written(heard.calls, outputs)
        for points in (theta, theta + AWAY, theta * (1 - AWAY) - AWAY):
            if not _same(tape(points), function(points)):
                return None
    except (_UnsuitableError, RuntimeError, TypeError, IndexError):
        return None
    return tape


class _UnsuitableError(Exception):
    """These calls cannot be made again."""


class _Listener(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch has no types here
    """Hears every call that reaches torch's kernels."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.calls: list[tuple[Any, Sequence[Any], dict[str, Any], Any]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        self.calls.append((func, args, kwargs or {}, result))
        return result


class _Writer:
    """Gives every tensor of a recording a slot: theta is the first, then constants and results as they turn up."""

    def __init__(self, theta: Tensor) -> None:
        self._slots: list[Any] = [theta]
        self._slot_of = {id(theta): 0}
        self._moving = {0}  # slots that depend on theta
        self._calls: list[_Call] = []
        self._needs: dict[int, tuple[int, ...]] = {}
        self._changes = False  # whether something is changed in place

    def written(self, heard: Sequence[tuple[Any, Sequence[Any], dict[str, Any], Any]], outputs: Both) -> Tape:
        for function, arguments, named, result in heard:
            self._write(function, arguments, named, result)
        ends = tuple(self._end(output) for output in outputs)
        needed, calls = set(ends), []
        for call in reversed(self._calls):
            if self._changes or call[2] in needed:
                needed.update(self._needs[call[2]])
                calls.append(call)
        return Tape(self._slots, calls[::-1], (ends[0], ends[1]))

    def _write(self, function: Any, arguments: Sequence[Any], named: dict[str, Any], result: Any) -> None:
        name = function._schema.name.partition("::")[2]
        if torch.Tag.nondeterministic_seeded in function.tags:
            raise _UnsuitableError(name)
        same = arguments[0] if name == "detach" else self._unchanged(name, arguments, result)
        if same is not None:
            self._slot_of[id(result)] = self._slot(same)
            return
        if any(isinstance(value, Tensor) for value in named.values()):
            raise _UnsuitableError(name)
        inputs = tuple(self._slot(argument) for argument in arguments)
        if function._schema.is_mutable:
            if result is not arguments[0] or inputs[0] not in self._moving or inputs[0] == 0:
                raise _UnsuitableError(name)  # it would change more than what the tape has made itself
            self._changes = True
            self._call(partial(function, **named), inputs, inputs[0])
            return
        if name in ALL_ALIKE or not self._moving.intersection(inputs):
            self._new(result)
            if isinstance(result, list | tuple):
                for part in result:
                    self._new(part)
            return
        call = _fastest(function, name, arguments, named, result)
        if isinstance(result, Tensor):
            self._call(call, inputs, self._new(result))
        elif isinstance(result, list | tuple) and all(isinstance(part, Tensor) for part in result):
            whole = self._new(result)
            self._call(call, inputs, whole)
            for index, part in enumerate(result):
                self._call(operator.getitem, (whole, self._new(index)), self._new(part))
        else:  # a number that Python has seen, and may have decided by
            raise _UnsuitableError(name)

    def _unchanged(self, name: str, arguments: Sequence[Any], result: Any) -> Tensor | None:
        """What a call gives back bit by bit: backward passes are full of first powers and of products with 1."""
        if name == "pow" and isinstance(arguments[0], Tensor) and not isinstance(arguments[1], Tensor):
            whole, by = arguments[0], arguments[1]
        elif name == "mul" and isinstance(arguments[1], Tensor):
            whole, by = arguments[1], arguments[0]
        else:
            return None
        if isinstance(by, Tensor) and self._slot_of.get(id(by), -1) in self._moving:
            return None  # 1 here, something else elsewhere
        one = bool((by == 1).all()) if isinstance(by, Tensor) else by == 1
        return whole if one and whole.shape == result.shape and whole.dtype == result.dtype else None

    def _end(self, output: Tensor) -> int:
        """Where a result stands: one that is always the same is copied, since whoever gets it may write on it."""
        slot = self._slot(output)
        if slot in self._moving:
            return slot
        copy = self._new(None)
        self._call(torch.clone, (slot,), copy)
        return copy

    def _call(self, function: Callable[..., Any], inputs: tuple[int, ...], result: int) -> None:
        self._moving.add(result)
        self._needs[result] = inputs
        # itemgetter gives a tuple only for two names or more
        pick = operator.itemgetter(*inputs) if len(inputs) > 1 else partial(_one, inputs[0])
        self._calls.append((function, pick, result))

    def _slot(self, value: Any) -> int:
        """Where a value stands; constants and lists of tensors get their place here."""
        if isinstance(value, Tensor):
            known = self._slot_of.get(id(value))
            return self._new(value.detach()) if known is None else known
        if isinstance(value, list | tuple) and any(isinstance(item, Tensor) for item in value):
            slot = self._new(None)
            self._call(_listed, tuple(self._slot(item) for item in value), slot)
            return slot
        return self._new(value)

    def _new(self, value: Any) -> int:
        slot = len(self._slots)
        self._slots.append(value.detach() if isinstance(value, Tensor) else value)
        if isinstance(value, Tensor):
            self._slot_of[id(value)] = slot
        return slot


def _one(slot: int, slots: list[Any]) -> tuple[Any]:
    return (slots[slot],)


def _listed(*items: Any) -> list[Any]:
    return list(items)


def _fastest(function: Any, name: str, arguments: Sequence[Any], named: dict[str, Any], result: Any) -> Any:
    """torch's plain function of the same name, half as dear to call as the operator, if it does the same."""
    named = {key: value for key, value in named.items() if value is not None and key != "pin_memory"}
    plain = getattr(torch, name, None)
    if plain is not None:
        try:
            again = plain(*arguments, **named)
        except (RuntimeError, TypeError):
            again = None
        if type(again) is type(result) and (not isinstance(result, Tensor) or _same((again,), (result,))):
            function = plain
    return partial(function, **named) if named else function


def _same(one: Sequence[Tensor], other: Sequence[Tensor]) -> bool:
    return all(
        a.dtype == b.dtype and np.array_equal(a.detach().numpy(), b.detach().numpy(), equal_nan=True)
        for a, b in zip(one, other, strict=True)
    )
