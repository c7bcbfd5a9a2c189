"""A person's own formula in x and y: read through a whitelist over Python's syntax tree, and never run as code.

The text is first cut into numbers, names and signs, which leaves nothing of Python but arithmetic and calls, and
gives each complaint its column. Its tree then becomes a chain of plain functions. Numbers are floats throughout, so
no power takes long.
"""

from __future__ import annotations

import ast
import difflib
import math
import operator
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from lrviz.core.errors import ExpressionError
from lrviz.core.tokens import MAX_DEPTH, TOKEN, TOO_DEEP, at_column, check_tokens

MAX_LENGTH = 500
MAX_NODES = 200

CONSTANTS = {"pi": math.pi, "e": math.e}
# name: what torch and NumPy both call it, how many values it takes at least and at most
FUNCTIONS: dict[str, tuple[str, int, int]] = {
    **{name: (name, 1, 1) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "log2", "log10")},
    **{name: (name, 1, 1) for name in ("sqrt", "abs", "sign", "floor", "ceil")},
    "asin": ("arcsin", 1, 1),
    "acos": ("arccos", 1, 1),
    "atan": ("arctan", 1, 1),
    "atan2": ("arctan2", 2, 2),
    "hypot": ("hypot", 2, 2),
    "min": ("minimum", 2, MAX_NODES),
    "max": ("maximum", 2, MAX_NODES),
}
OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


class _Place(NamedTuple):
    """Where a formula is evaluated, and the module, torch or numpy, that knows how."""

    x: Any
    y: Any
    module: Any


Value = Callable[[_Place], Any]
Operation = Callable[..., Any]  # of the module and one or two values
VARIABLES: dict[str, Value] = {"x": operator.attrgetter("x"), "y": operator.attrgetter("y")}


@dataclass(frozen=True)
class Expression:
    """A formula that was read by `parse_expression`; equal when its text is."""

    text: str
    _value: Value = field(repr=False, compare=False)
    _unused: tuple[str, ...] = field(repr=False, compare=False)  # which of x and y don't occur

    def __call__(self, x: Any, y: Any) -> Any:
        """The formula's value, elementwise, in the shape that x and y have together.

        x and y are both torch tensors, which keep their dtype and may require gradients; both NumPy arrays of
        floats; or both Python numbers. Where the formula is not defined the value is nan or inf, without a warning.
        A variable that does not occur still belongs to the result, with the gradient 0 (never None).
        """
        if isinstance(x, float | int):
            x, y = np.float64(x), np.float64(y)
        place = _Place(x, y, sys.modules[type(x).__module__.partition(".")[0]])
        with np.errstate(all="ignore"):
            value = self._value(place)
            for name in self._unused:
                value = value + 0.0 * place.module.sign(getattr(place, name))  # 0 at inf too, unlike 0 * inf
        return value


def parse_expression(text: str) -> Expression:
    """The formula that `text` writes, such as x**2 + 10*y^2 + sin(3*x). ExpressionError, one line, otherwise."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the formula has {len(text):,} characters; {MAX_LENGTH} are the most")
    check_tokens(text)
    source = text.lstrip().replace("^", "**")
    # The place in `text` from which each character of `source` came, and the end.
    lead = len(text) - len(text.lstrip())
    places = [at for at, sign in enumerate(text) if at >= lead for _ in ("**" if sign == "^" else sign)] + [len(text)]
    try:
        tree = ast.parse(source, mode="eval")
    except SyntaxError as error:
        at = places[min(max((error.offset or 1) - 1, 0), len(source) - 1)]
        token = TOKEN.match(text, at)
        piece = token[0] if token else text[at]
        raise ExpressionError(f"{at_column(piece, at)} stands where a number, x, y or a function should") from None
    except (RecursionError, MemoryError):
        raise ExpressionError(TOO_DEEP) from None
    reader = _Reader(text, places)
    value = reader.read(tree.body, 1)
    unused = tuple(name for name in VARIABLES if name not in reader.names)
    return Expression(text, _constant(value) if isinstance(value, float) else value, unused)


class _Reader:
    """Turns a tree into a chain of functions, parts without x and y into numbers."""

    def __init__(self, text: str, places: list[int]) -> None:
        self._text = text
        self._places = places
        self._nodes = 0
        self.names: set[str] = set()  # those of VARIABLES that occur

    def read(self, node: ast.expr, depth: int) -> float | Value:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ExpressionError(f"the formula has more than {MAX_NODES} parts; write it shorter")
        if depth > MAX_DEPTH:
            raise ExpressionError(TOO_DEEP)
        match node:
            case ast.Constant(value=value) if type(value) in (int, float):
                return self._number(node)
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
                return self._applied(node, _operator(OPERATORS[type(op)]), self.read(operand, depth + 1))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                values = self.read(left, depth + 1), self.read(right, depth + 1)
                return self._applied(node, _operator(OPERATORS[type(op)]), *values)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(node, name, [self.read(argument, depth + 1) for argument in args])
        raise ExpressionError(f"{self._quote(node)} is no arithmetic; it takes + - * / ^, functions and parentheses")

    def _number(self, node: ast.expr) -> float:
        value = float(self._piece(node))  # the text, for a whole number as large as 10**400 is no float
        if not math.isfinite(value):
            raise ExpressionError(f"{self._quote(node)} is too large a number; 1e308 is about the largest")
        return value

    def _name(self, node: ast.expr, name: str) -> float | Value:
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in VARIABLES:
            self.names.add(name)
            return VARIABLES[name]
        if name in FUNCTIONS:
            raise ExpressionError(f"{self._quote(node)} is a function; write its value behind it, {name}(x)")
        raise ExpressionError(f"{self._quote(node)} is unknown; {_nearest(name, [*VARIABLES, *CONSTANTS, *FUNCTIONS])}")

    def _call(self, node: ast.Call, name: str, values: list[float | Value]) -> float | Value:
        if name not in FUNCTIONS:
            is_value = name in CONSTANTS or name in VARIABLES
            hint = f"a product takes a sign, {name}*(…)" if is_value else _nearest(name, list(FUNCTIONS))
            raise ExpressionError(f"{self._quote(node.func)} is no function; {hint}")
        common_name, least, most = FUNCTIONS[name]
        if not least <= len(values) <= most:
            takes = f"{least}" if least == most else f"{least} or more"
            raise ExpressionError(f"{self._quote(node)} gives {name} {len(values)} values; it takes {takes}")
        result = values[0]
        if len(values) == 1:
            return self._applied(node, _function(common_name), result)
        for value in values[1:]:
            result = self._applied(node, _function(common_name), result, value)
        return result

    def _applied(self, node: ast.expr, operation: Operation, *values: float | Value) -> float | Value:
        numbers = [value for value in values if isinstance(value, float)]
        if len(numbers) == len(values):
            with np.errstate(all="ignore"):
                number = float(operation(np, *map(np.float64, numbers)))
            if not math.isfinite(number):
                raise ExpressionError(f"{self._quote(node)} is {number}, at every x and y; it takes a finite number")
            return number
        parts = [_constant(value) if isinstance(value, float) else value for value in values]
        return lambda place: operation(place.module, *[part(place) for part in parts])

    def _piece(self, node: ast.expr) -> str:
        return self._text[self._places[node.col_offset] : self._places[node.end_col_offset or 0]]

    def _quote(self, node: ast.expr) -> str:
        return at_column(self._piece(node), self._places[node.col_offset])


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}"


def _constant(number: float) -> Value:
    return lambda _: number


def _operator(function: Callable[..., Any]) -> Operation:
    return lambda _, *values: function(*values)


def _function(name: str) -> Operation:
    """The function that torch and NumPy both call `name`; where it takes two values, torch takes no plain number."""

    def apply(module: Any, *values: Any) -> Any:
        if len(values) > 1:
            array = next(value for value in values if type(value) is not float)
            values = tuple(module.full_like(array, value) if type(value) is float else value for value in values)
        return getattr(module, name)(*values)

    return apply
