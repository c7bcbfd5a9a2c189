"""The gradient of a surface as the operations that autograd made of it once, played back in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lrviz.engine.fate_gradient import Asked, derived
from lrviz.engine.fate_recording import SAMPLES, Function, Node, Recording, Scaled, X, Y


class RecordedSlopes(Asked):
    """Plays back what was recorded once. CannotRecordError for a surface that can't be."""

    def __init__(self, function: Function) -> None:
        super().__init__(function)
        tapes = [_taped(function, factoring) for factoring in (False, True)]
        self._nodes, self._results = min(tapes, key=lambda tape: len(tape[0]))

    def bind(self, theta: Tensor, gradient: Tensor) -> Callable[[], None]:
        places: dict[int, Tensor] = {X: theta[0], Y: theta[1]}
        steps: list[_Call] = []
        for row, result in enumerate(self._results):
            if isinstance(result, int) and result not in places:
                places[result] = gradient[row]
        last_use = {used: index for index, node in self._nodes.items() for used in _inputs(node)}
        free: list[Tensor] = []
        spare = torch.empty_like(theta[0])
        for index, node in self._nodes.items():
            for used in set(_inputs(node)):
                temporary = used not in (X, Y) and used not in self._results and self._nodes[used].dtype is None
                if temporary and last_use[used] == index:
                    free.append(places[used])
            if index not in places:
                pooled = node.dtype is None and bool(free)
                places[index] = free.pop() if pooled else torch.empty_like(theta[0], dtype=node.dtype or theta.dtype)
            steps.extend(_calls(node, places, spare, places[index]))
        for row, result in enumerate(self._results):
            if not isinstance(result, int):
                steps.append(partial(gradient[row].fill_, result))
            elif places[result].data_ptr() != gradient[row].data_ptr():
                steps.append(partial(gradient[row].copy_, places[result]))
        return partial(_play, steps)


_Call = Callable[[], object]
Tape = dict[int, Node]  # each after what it takes


def _taped(function: Function, factoring: bool) -> tuple[Tape, list[int | float]]:
    """The operations that a gradient takes, and its two parts: each the number of an operation, or a number."""
    spread = torch.linspace(0.1, 0.7, SAMPLES, dtype=torch.float64)
    x, y = spread.clone().requires_grad_(), (0.9 - spread).requires_grad_()
    with Recording(x, y, factoring) as recording:
        parts = derived(function, x, y, leaves=True)
        values = [recording.value(part) for part in parts]
    results = [_result(recording, value) for value in values]
    return _merged(_needed(recording.nodes, results), results), results


def _needed(nodes: list[Node], results: list[int | float]) -> Tape:
    """The operations that the results rest on."""
    needed: set[int] = set()
    waiting = [result for result in results if isinstance(result, int)]
    while waiting:
        index = waiting.pop()
        if index not in needed and index not in (X, Y):
            needed.add(index)
            waiting.extend(_inputs(nodes[index]))
    return {index: nodes[index] for index in sorted(needed)}


def _merged(tape: Tape, results: list[int | float]) -> Tape:
    """The same with products and quotients that are only added to something done in one with that."""
    uses = Counter(used for node in tape.values() for used in _inputs(node))
    uses.update(result for result in results if isinstance(result, int))
    gone: set[int] = set()
    merged: Tape = {}
    for index, node in tape.items():
        merged[index] = node
        if node.name != "add" or node.function is not None:
            continue
        first, second = node.arguments
        for kept, other in ((first, second), (second, first)):
            kind, used = other
            inner = tape.get(used) if kind == "node" else None
            fits = inner is not None and inner.name in ("mul", "div") and inner.function is None and uses[used] == 1
            # The factor of a sum stands at its second part.
            if inner is not None and fits and (other is second or node.number == 1) and used not in gone:
                merged[index] = Node(f"addc{inner.name}", (kept, *inner.arguments), node.number)
                gone.add(used)
                break
    return {index: node for index, node in merged.items() if index not in gone}


def _result(recording: Recording, value: Scaled) -> int | float:
    return value.factor if value.node is None else recording.scaled_node(value)


@np.errstate(all="ignore")
def _play(steps: list[_Call]) -> None:
    for step in steps:
        step()


def _inputs(node: Node) -> list[int]:
    return [given[1] for given in node.arguments if isinstance(given, tuple) and given[0] == "node"]


def _calls(node: Node, places: dict[int, Tensor], spare: Tensor, into: Tensor) -> list[_Call]:
    """One node as calls without arguments. `into` may be a place that the node reads; `spare` is a place of no node."""
    if node.function is not None:
        return [_named(node, node.function, [_placed(argument, places) for argument in node.arguments], into)]
    out, room = into.numpy(), spare.numpy()
    parts = [_numbers(argument, places, out.dtype) for argument in node.arguments]
    match node.name:
        case "mul":
            return [partial(np.multiply, *parts, out)]
        case "div":
            return [partial(np.divide, *parts, out)]
        case "pow":
            return [partial(np.power, *parts, out)]
    first, *rest = parts
    calls: list[_Call] = []
    if len(rest) == 2:
        calls.append(partial(np.divide if node.name == "addcdiv" else np.multiply, *rest, room))
        rest = [room]
    if abs(node.number) != 1:
        calls.append(partial(np.multiply, *rest, np.array(node.number, out.dtype), room))
        rest = [room]
    return [*calls, partial(np.subtract if node.number == -1 else np.add, first, *rest, out)]


def _named(node: Node, function: partial[Tensor], given: list[Any], into: Tensor) -> _Call:
    """One of torch's functions: into its place at once, where it can be written there."""
    straight = partial(getattr(torch, node.name, function), *given, **function.keywords, out=into)
    try:
        straight()
    except (RuntimeError, TypeError):
        return lambda: into.copy_(function(*given))
    return straight


def _placed(argument: Any, places: dict[int, Tensor]) -> Any:
    """What one of torch's functions takes. A number becomes a tensor of no dimension."""
    match argument:
        case ("node", index):
            return places[index]
        case ("number", number):
            return torch.tensor(number, dtype=places[X].dtype)
    return argument


def _numbers(argument: Any, places: dict[int, Tensor], dtype: np.dtype[Any]) -> Any:
    """What a ufunc of NumPy's takes. It starts sooner with a number that is an array of no dimension."""
    match argument:
        case ("node", index):
            return places[index].numpy()
        case ("number", number):
            return np.array(number, dtype)
    return np.array(argument, dtype)
