"""A surface's gradient as a short list of torch operations in place, recorded once from autograd.

A fate map asks for the gradient of tens of thousands of points a thousand times. So the operations that autograd runs
for it, forwards and back, are recorded on a few points; those that only the loss needs are dropped, factors are
drawn together, and the rest is played back into buffers. Where something can't be recorded, autograd is asked itself.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

Function = Callable[[Tensor, Tensor], Tensor]

MULTIPLIED = range(2, 17)  # powers that are products: torch multiplies faster
FACTORS = 32  # of two products that are added, at most, where common ones are looked for
SAMPLES = 7  # points that the recording is made with; no other shape may come up in it
_SAME = {"detach", "alias", "clone", "contiguous", "positive", "lift_fresh", "view_as"}
_MADE = {"ones_like", "zeros_like", "full_like", "scalar_tensor", "full", "zeros", "ones", "new_zeros", "new_ones"}


class CannotRecordError(Exception):
    """The surface does something that is no elementwise operation."""


class Scaled(NamedTuple):
    """factor × a node; the factor alone where there is none."""

    factor: float
    node: int | None


X, Y = 0, 1  # the nodes that are given


class Node(NamedTuple):
    """One operation: "add" is a + number × b, "mul" and "div" as they say, "pow" takes a number; or any of torch's.

    "addcmul" is a + number × b × c, and "addcdiv" a + number × b ÷ c.
    """

    name: str
    arguments: tuple[Any, ...]  # ("node", index), ("number", a tensor of one number) or what is no tensor
    number: float = 1.0
    function: partial[Tensor] | None = None  # torch's, where it has no name here
    dtype: torch.dtype | None = None  # where it isn't theta's


class Recording(TorchDispatchMode):
    """Turns the operations that run inside it into nodes. `factoring`: b·c + b·d becomes b·(c + d)."""

    def __init__(self, x: Tensor, y: Tensor, factoring: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # untyped_calls_exclude does not see through super
        self._factoring = factoring
        self.nodes: list[Node] = [Node("x", ()), Node("y", ())]
        self._known: dict[Any, int] = {}  # the same operation twice is one node
        self._factors_of: dict[int, Counter[int]] = {}
        self._alive = [x, y]  # so that no two tensors ever stand at one address
        self._values = {x.data_ptr(): Scaled(1.0, X), y.data_ptr(): Scaled(1.0, Y)}

    def value(self, tensor: Tensor) -> Scaled:
        """What stands in a tensor that came up: CannotRecordError where it holds several numbers of its own."""
        if tensor.shape not in ((), (SAMPLES,)) or not tensor.is_contiguous():
            raise CannotRecordError(f"a tensor of shape {tuple(tensor.shape)}")
        found = self._values.get(tensor.data_ptr())
        if found is not None:
            return found
        return self._constant(tensor)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        name = func.overloadpacket.__name__
        if name.endswith("_"):  # in place: the same operation beside its first tensor, whose place then holds another
            name, values = name[:-1], [self.value(a) if isinstance(a, Tensor) else a for a in args]
            out = func(*args, **kwargs)
            func = getattr(getattr(torch.ops.aten, name), func._overloadname)
        else:
            values = [self.value(a) if isinstance(a, Tensor) else a for a in args]
            out = func(*args, **kwargs)
        if not isinstance(out, Tensor):
            raise CannotRecordError(f"{func} gives no tensor")
        value = self._constant(out) if name in _MADE else self._recorded(name, func, values, kwargs, out)
        self._alive.append(out)
        self._values[out.data_ptr()] = value
        return out

    def _recorded(self, name: str, func: Any, values: list[Any], kwargs: dict[str, Any], out: Tensor) -> Scaled:
        if all(value.node is None for value in values if isinstance(value, Scaled)):
            return self._constant(out)
        if name in _SAME:
            return self._as_scaled(values[0])
        if name in ("add", "sub", "rsub", "mul", "div", "neg", "pow") and not set(kwargs) - {"alpha"}:
            first, second = (self._as_scaled(v) for v in (*values, 1.0)[:2])
            alpha = float(kwargs.get("alpha", values[2] if len(values) > 2 else 1.0))
            match name:
                case "add":
                    return self._sum(first, second, alpha)
                case "sub":
                    return self._sum(first, second, -alpha)
                case "rsub":
                    return self._sum(second, first, -alpha)
                case "mul":
                    return self._product(first, second)
                case "div":
                    return self._quotient(first, second)
                case "neg":
                    return Scaled(-first.factor, first.node)
                case "pow" if first.node is not None and second.node is None:
                    return self._power(first, second.factor)
        given = tuple(self._argument(v) if isinstance(v, Scaled) else v for v in values)
        dtype = None if out.dtype == self._alive[0].dtype else out.dtype
        return Scaled(1.0, self._node(Node(name, given, 1.0, partial(func, **kwargs), dtype), (str(func), str(kwargs))))

    def _sum(self, a: Scaled, b: Scaled, alpha: float) -> Scaled:
        """a + alpha × b, with a's factor drawn out."""
        b = Scaled(b.factor * alpha, b.node)
        if a.node is None and b.node is None:
            return Scaled(a.factor + b.factor, None)
        if a.factor == 0:
            return b
        if b.factor == 0:
            return a
        if a.node is None:
            a, b = b, a
        if a.node == b.node:
            return Scaled(a.factor + b.factor, a.node)
        if b.node is None:
            ratio = b.factor / a.factor
            return Scaled(a.factor, self._node(Node("add", (("node", a.node), ("number", ratio)))))
        if self._factoring and (factored := self._factored(a, b)) is not None:
            return factored
        assert a.node is not None
        if self.nodes[a.node].name == "mul" != self.nodes[b.node].name:
            a, b = b, a  # a product that is added to something may become one operation with it
        return Scaled(a.factor, self._node(Node("add", (("node", a.node), ("node", b.node)), b.factor / a.factor)))

    def _factored(self, a: Scaled, b: Scaled) -> Scaled | None:
        """a + b with the factors that both have drawn out; None where one of them would have none left."""
        first, second = self._factors(a.node), self._factors(b.node)
        common = first & second
        if not common or not first - common or not second - common or (first + second).total() > FACTORS:
            return None
        one, other = self._multiplied(first - common), self._multiplied(second - common)
        rest = self._sum(Scaled(a.factor * one.factor, one.node), other, b.factor)
        return self._product(self._multiplied(common), rest)

    def _factors(self, index: int | None) -> Counter[int]:
        """The nodes that a node is the product of, and how often each."""
        assert index is not None
        if index not in self._factors_of:
            node, factors = self.nodes[index], Counter([index])
            if node.name == "mul" and all(kind == "node" for kind, _ in node.arguments):
                (_, first), (_, second) = node.arguments
                factors = self._factors(first) + self._factors(second)
            self._factors_of[index] = factors
        return self._factors_of[index]

    def _multiplied(self, factors: Counter[int]) -> Scaled:
        """The product of some nodes, from products that there are already as far as possible."""
        left = sorted(factors.elements())
        while len(left) > 1:
            pairs = list(itertools.combinations(left, 2))
            known = [pair for pair in pairs if ("mul", (("node", pair[0]), ("node", pair[1])), 1.0, ()) in self._known]
            first, second = (known or pairs)[0]
            left.remove(first)
            left.remove(second)
            product = self._product(Scaled(1.0, first), Scaled(1.0, second))
            assert product.node is not None
            left = sorted([*left, product.node])
        return Scaled(1.0, left[0])

    def _product(self, a: Scaled, b: Scaled) -> Scaled:
        factor = a.factor * b.factor
        if a.node is None or b.node is None or factor == 0:
            return Scaled(factor, None if factor == 0 else b.node if a.node is None else a.node)
        nodes = sorted((a.node, b.node))
        return Scaled(factor, self._node(Node("mul", tuple(("node", node) for node in nodes))))

    def _quotient(self, a: Scaled, b: Scaled) -> Scaled:
        if b.factor == 0:
            raise CannotRecordError("a division by 0")
        factor = a.factor / b.factor
        if b.node is None or factor == 0:
            return Scaled(factor, a.node if factor else None)
        first = ("node", a.node) if a.node is not None else ("number", 1.0)
        return Scaled(factor, self._node(Node("div", (first, ("node", b.node)))))

    def _power(self, a: Scaled, exponent: float) -> Scaled:
        if exponent == 0:
            return Scaled(1.0, None)
        if exponent == 1:
            return a
        if exponent != int(exponent):
            return Scaled(1.0, self._node(Node("pow", (("node", self.scaled_node(a)), exponent))))
        try:
            factor = a.factor**exponent
        except OverflowError:
            factor = math.inf
        if not math.isfinite(factor) or factor == 0:
            raise CannotRecordError("a power beyond all numbers")
        if exponent not in MULTIPLIED:
            return Scaled(factor, self._node(Node("pow", (("node", a.node), exponent))))
        bare = Scaled(1.0, a.node)
        half = self._power(bare, exponent // 2)
        whole = self._product(half, half)
        return Scaled(factor, (self._product(whole, bare) if exponent % 2 else whole).node)

    def _argument(self, value: Scaled) -> Any:
        """A tensor's value as another operation takes it."""
        if value.node is None:
            return ("number", value.factor)
        if value.factor == 1:
            return ("node", value.node)
        return ("node", self.scaled_node(value))

    def scaled_node(self, value: Scaled) -> int:
        """A node that holds a value, its factor included."""
        assert value.node is not None
        if value.factor == 1:
            return value.node
        return self._node(Node("mul", (("node", value.node), ("number", value.factor))))

    def _node(self, node: Node, more: tuple[str, ...] = ()) -> int:
        key = (node.name, node.arguments, node.number, more)
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(node)
        return self._known[key]

    def _as_scaled(self, value: Any) -> Scaled:
        return value if isinstance(value, Scaled) else Scaled(float(value), None)

    def _constant(self, tensor: Tensor) -> Scaled:
        numbers = set(tensor.flatten().tolist())
        if len(numbers) != 1 or not math.isfinite(number := float(numbers.pop())):
            raise CannotRecordError("numbers that differ from point to point")
        return Scaled(number, None)
