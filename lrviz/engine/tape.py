"""A function's loss and gradient as the list of calls that they come to, so that they can be made again.

Autograd builds a graph of objects for the points that it is asked about, which for eight numbers costs several times
the arithmetic. On a surface the same calls come at each step. So they are written down once, by a dispatch mode that
hears every call below autograd, backward ones included. Every result gets a fixed place in memory, so that views are
made once and for all, and the sums and products can be NumPy's on the same memory, which for a few numbers takes a
quarter of the time that torch's do. IEEE 754 leaves their bits no choice; sines and the like stay torch's. A function
whose calls depend on its numbers, or cannot be made again, has no tape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

Both = tuple[Tensor, Tensor]  # losses (K,) and gradients (K, 2)
ALL_ALIKE = {"ones_like", "zeros_like", "full_like", "new_zeros", "new_ones", "new_full"}  # no number of theirs counts
EXACT: dict[str, np.ufunc] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "abs": np.absolute,
    "reciprocal": np.reciprocal,
}
AWAY = 0.37  # from the points of the recording to those of the proof
THETA = 0  # the memory of the points

_Call = tuple[Callable[..., Any], tuple[Any, ...]]  # on places only, the result's among them


class Tape:
    """The calls of one function at one number of points."""

    def __init__(self, theta: Tensor, calls: Sequence[_Call], loss: Tensor, gradient: Tensor) -> None:
        self._theta = theta.numpy()
        self._calls = calls
        self._loss, self._gradient = loss, gradient

    @np.errstate(all="ignore")
    def __call__(self, theta: Tensor) -> Both:
        np.copyto(self._theta, theta.numpy())
        for call, arguments in self._calls:
            call(*arguments)
        return self._loss.clone(), self._gradient.clone()


def taped(function: Callable[[Tensor], Both], theta: Tensor) -> Tape | None:
    """The tape of `function` for points in theta's shape and dtype; None where it has none.

    It is proved before it is given away: at other points it has to come to the same bits.
    """
    try:
        with _Listener() as heard:
            outputs = function(theta)
        with torch.no_grad():
            tape = _Writer(theta).written(heard.calls, outputs)
        for points in (theta, theta + AWAY, theta * (1 - AWAY) - AWAY):
            if not all(map(_same, tape(points), function(points))):
                return None
    except (_UnsuitableError, RuntimeError, TypeError, IndexError):
        return None
    return tape


class _UnsuitableError(Exception):
    """These calls cannot be made again."""


class _Heard(NamedTuple):
    function: Any  # torch's operator
    arguments: Sequence[Any]
    named: dict[str, Any]
    result: Any


class _Listener(TorchDispatchMode):
    """Hears every call that reaches torch's kernels."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # untyped_calls_exclude does not see through super
        self.calls: list[_Heard] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        self.calls.append(_Heard(func, args, kwargs or {}, result))
        return result


class _Place(NamedTuple):
    """Where a tensor of the recording stands on the tape, and which memory that is; None for a constant."""

    tensor: Tensor
    memory: int | None


class _Step(NamedTuple):
    calls: list[_Call]
    needs: set[int]  # memories that are read
    result: int  # the memory that is written


class _Writer:
    """Gives every tensor of a recording its place, and every call that makes a new one its fastest form."""

    def __init__(self, theta: Tensor) -> None:
        self._theta = theta.detach().clone()
        self._places = {id(theta): _Place(self._theta, THETA)}
        self._memories = 1
        self._steps: list[_Step] = []
        self._changes = False  # whether something is changed in place

    @np.errstate(all="ignore")
    def written(self, heard: Sequence[_Heard], outputs: Both) -> Tape:
        for call in heard:
            self._write(call)
        ends = [self._place(output) for output in outputs]
        needed = {end.memory for end in ends}
        steps = []
        for step in reversed(self._steps):
            if self._changes or step.result in needed:
                needed |= step.needs
                steps.append(step)
        calls = [call for step in reversed(steps) for call in step.calls]
        return Tape(self._theta, calls, ends[0].tensor, ends[1].tensor)

    def _write(self, heard: _Heard) -> None:
        function, arguments, named, result = heard
        name = function._schema.name.partition("::")[2]
        if torch.Tag.nondeterministic_seeded in function.tags or any(_tensors(list(named.values()))):
            raise _UnsuitableError(name)
        places = self._placed(arguments)
        read = {self._place(tensor).memory for tensor in _tensors(arguments)} - {None}
        same = self._unchanged(name, arguments, result)
        if same is not None:
            self._places[id(result)] = self._place(same)
        elif function._schema.is_mutable:
            first = self._place(arguments[0])
            if result is not arguments[0] or first.memory is None or first.memory == THETA:
                raise _UnsuitableError(name)  # it would change more than what the tape has made itself
            self._changes = True
            self._add([(partial(function, **named), tuple(places))], read, first.memory)
        elif name in ALL_ALIKE or not read:
            for tensor in _tensors([result]):
                self._places[id(tensor)] = _Place(tensor.detach(), None)
        elif function.is_view:
            (memory,) = {self._place(arguments[0]).memory}
            for tensor, view in zip(_tensors([result]), _tensors([function(*places, **named)]), strict=True):
                self._places[id(tensor)] = _Place(view, memory)
        else:
            made = list(_tensors([result]))
            if not made:  # a number that Python has seen, and may have decided by
                raise _UnsuitableError(name)
            into = [torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype) for tensor in made]
            ways = _ways(function, name, places, named, into)
            calls = next((calls for calls in ways if _made(calls, into, made)), None)
            if calls is None:
                raise _UnsuitableError(name)
            for tensor, place in zip(made, into, strict=True):
                self._places[id(tensor)] = _Place(place, self._memories)
            self._add(calls, read, self._memories)
            self._memories += 1

    def _unchanged(self, name: str, arguments: Sequence[Any], result: Any) -> Tensor | None:
        """What a call gives back bit by bit: backward passes are full of first powers and of products with 1."""
        if name == "detach":
            whole: Tensor = arguments[0]
            return whole
        if name == "pow" and isinstance(arguments[0], Tensor) and not isinstance(arguments[1], Tensor):
            whole, by = arguments[0], arguments[1]
        elif name == "mul" and isinstance(arguments[1], Tensor):
            whole, by = arguments[1], arguments[0]
        else:
            return None
        if isinstance(by, Tensor) and self._place(by).memory is not None:
            return None  # 1 here, something else elsewhere
        one = bool((by == 1).all()) if isinstance(by, Tensor) else by == 1
        return whole if one and whole.shape == result.shape and whole.dtype == result.dtype else None

    def _add(self, calls: list[_Call], read: set[int | None], result: int) -> None:
        self._steps.append(_Step(calls, {memory for memory in read if memory is not None}, result))

    def _place(self, tensor: Tensor) -> _Place:
        """One that no call has made is a constant."""
        return self._places.setdefault(id(tensor), _Place(tensor.detach(), None))

    def _placed(self, arguments: Sequence[Any]) -> list[Any]:
        placed: list[Any] = []
        for value in arguments:
            if isinstance(value, Tensor):
                placed.append(self._place(value).tensor)
            else:
                placed.append(self._placed(value) if isinstance(value, list | tuple) else value)
        return placed


def _tensors(values: Sequence[Any]) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, list | tuple):
            yield from _tensors(value)


def _ways(
    function: Any, name: str, places: list[Any], named: dict[str, Any], into: list[Tensor]
) -> Iterator[list[_Call]]:
    """Lists of calls that leave what function(*places, **named) gives in `into`, the fastest first, if they work."""
    room = torch.linalg if name.startswith("linalg_") else torch
    plain = getattr(room, name.removeprefix("linalg_"), None)
    if len(into) == 1 and plain is not None:
        if into[0].dtype == torch.float64 and not named:
            yield from _in_numpy(name, places, into[0])
        yield [(partial(plain, **named, out=into[0]), tuple(places))]
    yield [(partial(_copied, partial(function, **named), into), tuple(places))]


def _in_numpy(name: str, places: list[Any], place: Tensor) -> Iterator[list[_Call]]:
    into = place.numpy()
    if name == "stack":
        dim = places[1] if len(places) > 1 else 0
        yield [(np.copyto, (place.select(dim, i).numpy(), part.numpy())) for i, part in enumerate(places[0])]
        return
    if any(isinstance(part, Tensor) and part.dtype != torch.float64 for part in places):
        return
    parts = [part.numpy() if isinstance(part, Tensor) else np.asarray(part, np.float64) for part in places]
    if name in EXACT and len(parts) == EXACT[name].nin:
        yield [(EXACT[name], (*parts, into))]
    elif name == "rsub" and len(parts) == 2:
        yield [(np.subtract, (parts[1], parts[0], into))]
    elif name == "pow" and not isinstance(places[1], Tensor) and places[1] in (2, 3):
        cube: list[_Call] = [(np.multiply, (into, parts[0], into))]
        yield [(np.square, (parts[0], into)), *(cube if places[1] == 3 else [])]


def _copied(function: Callable[..., Any], into: list[Tensor], *arguments: Any) -> None:
    for place, tensor in zip(into, _tensors([function(*arguments)]), strict=True):
        place.copy_(tensor)


def _made(calls: list[_Call], into: list[Tensor], results: list[Tensor]) -> bool:
    """Whether the calls can be made, and leave the results' bits in their places."""
    try:
        for call, arguments in calls:
            call(*arguments)
    except (RuntimeError, TypeError, ValueError):
        return False
    return all(map(_same, into, results))


def _same(one: Tensor, other: Tensor) -> bool:
    return one.dtype == other.dtype and np.array_equal(one.detach().numpy(), other.detach().numpy(), equal_nan=True)
