"""A factory's signature is its form: one slider, one command-line option and one file field a parameter."""

from __future__ import annotations

import inspect
import math
import sys
import typing
from collections.abc import Collection
from dataclasses import dataclass, replace
from types import FunctionType, SimpleNamespace
from typing import Annotated, Any, Literal, get_args, get_origin

from lrviz.core.errors import ParameterError, quoted

Value = float | int | bool | str | tuple[int, ...]
Kind = Literal["float", "int", "bool", "choice", "ints", "text"]


@dataclass(frozen=True)
class Range:
    """The values a number may take, both ends included; `log` makes the slider logarithmic."""

    low: float
    high: float
    log: bool = False


@dataclass(frozen=True)
class Length:
    """How many numbers a tuple[int, ...] may hold, both ends included."""

    least: int
    most: int


@dataclass(frozen=True)
class Shown:
    """How a parameter is shown: its name in the field's own signs, a hint, and whether it hides behind "more"."""

    label: str = ""
    hint: str = ""
    more: bool = False


@dataclass(frozen=True)
class Parameter:
    """One adjustable value of a factory."""

    name: str
    kind: Kind
    default: Value
    low: float = -math.inf
    high: float = math.inf
    log: bool = False
    least: int = 1  # how many numbers "ints" holds
    most: int = 64
    choices: tuple[str, ...] = ()
    label: str = ""
    hint: str = ""
    more: bool = False

    def check(self, value: object) -> Value:
        """`value` in this parameter's type, or ParameterError saying what would be right."""
        match self.kind:
            case "bool":
                if isinstance(value, bool):
                    return value
                raise ParameterError(f"{self.name} is {quoted(value)}; it is true or false")
            case "choice":
                if isinstance(value, str) and value in self.choices:
                    return value
                raise ParameterError(f"{self.name} is {quoted(value)}; it is one of {', '.join(self.choices)}")
            case "text":
                if isinstance(value, str):
                    return value
                raise ParameterError(f"{self.name} is {quoted(value)}; it is a text")
            case "ints":
                if not isinstance(value, list | tuple) or not value:
                    raise ParameterError(
                        f"{self.name} is {quoted(value)}; it is a list of whole numbers, for example 64,32"
                    )
                if not self.least <= len(value) <= self.most:
                    raise ParameterError(
                        f"{self.name} holds {len(value)} numbers; it takes {self.least} to {self.most}"
                    )
                return tuple(int(self._number(item)) for item in value)
            case "int":
                return int(self._number(value))
            case "float":
                return float(self._number(value))

    def parse(self, text: str) -> Value:
        """The value that a person typed, as on the command line; ParameterError where it makes no sense."""
        word = text.strip()
        match self.kind:
            case "bool":
                return self.check({"true": True, "false": False}.get(word.lower(), word))
            case "ints":
                return self.check([_number_from_text(item) for item in word.replace(" ", ",").split(",") if item])
            case "choice" | "text":
                return self.check(word)
            case _:
                return self.check(_number_from_text(word))

    def _number(self, value: object) -> float | int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ParameterError(f"{self.name} is {quoted(value)}; it is a number {self._span()}")
        finite = abs(value) <= sys.float_info.max  # unlike math.isfinite, this takes an int of any length
        if self.kind != "float" and not (finite and value == int(value)):
            raise ParameterError(f"{self.name} is {quoted(value)}; it is a whole number {self._span()}")
        if not (finite and self.low <= value <= self.high):
            raise ParameterError(f"{self.name} is {quoted(value)}; it goes {self._span()}")
        return value

    def _span(self) -> str:
        if math.isinf(self.high):
            return "as you like" if math.isinf(self.low) else f"from {self.low:g} up"
        return f"from {self.low:g} to {self.high:g}"


def parameters_of(factory: FunctionType, given: Collection[str]) -> tuple[Parameter, ...]:
    """The adjustable parameters of `factory`: all but those in `given`, which the program passes itself.

    Each needs a default and a type that is float, int, bool, str, a Literal of strings or tuple[int, ...],
    bare or as Annotated[type, Range(...), Length(...), Shown(...)]. TypeError otherwise, the factory's own fault.
    """
    own = {name: p for name, p in inspect.signature(factory).parameters.items() if name not in given}
    for name, parameter in own.items():
        if parameter.default is inspect.Parameter.empty:
            raise TypeError(f"{factory.__qualname__}: parameter {name!r} needs a default")
    # Only the form's own annotations are resolved: the others may name torch types that are imported for mypy alone.
    annotated = SimpleNamespace(__annotations__={name: p.annotation for name, p in own.items()})
    hints = typing.get_type_hints(annotated, globalns=factory.__globals__, include_extras=True)
    return tuple(_parameter(name, hints[name], parameter.default) for name, parameter in own.items())


def _parameter(name: str, hint: Any, default: Value) -> Parameter:
    extras: tuple[Any, ...] = ()
    if get_origin(hint) is Annotated:
        hint, *rest = get_args(hint)
        extras = tuple(rest)
    span = next((extra for extra in extras if isinstance(extra, Range)), Range(-math.inf, math.inf))
    shown = next((extra for extra in extras if isinstance(extra, Shown)), Shown())
    length = next((extra for extra in extras if isinstance(extra, Length)), Length(1, 64))
    parameter = Parameter(
        name=name,
        kind=_kind(name, hint),
        default=default,
        low=span.low,
        high=span.high,
        log=span.log,
        least=length.least,
        most=length.most,
        choices=tuple(get_args(hint)) if get_origin(hint) is Literal else (),
        label=shown.label or name.replace("_", " "),
        hint=shown.hint,
        more=shown.more,
    )
    if parameter.log and parameter.low <= 0:
        raise TypeError(f"parameter {name!r} has a logarithmic range from {parameter.low:g}; it begins above 0")
    return replace(parameter, default=parameter.check(default))  # 1 becomes 1.0 where the type is float


def _kind(name: str, hint: Any) -> Kind:
    plain: dict[Any, Kind] = {float: "float", int: "int", bool: "bool", str: "text", tuple[int, ...]: "ints"}
    if get_origin(hint) is Literal:
        return "choice"
    if hint in plain:
        return plain[hint]
    known = "float, int, bool, str, a Literal of strings and tuple[int, ...]"
    raise TypeError(f"parameter {name!r} has type {hint}; a form knows {known}")


def _number_from_text(text: str) -> float | int | str:
    """The number that `text` writes; the text itself where it writes none, for check() to quote."""
    if "_" in text:  # 1_000 is Python, not what people write
        return text
    plain = text.replace("−", "-")  # the sign with which numbers are shown
    for number in (int, float):
        try:
            return number(plain)
        except ValueError:
            continue
    return text
