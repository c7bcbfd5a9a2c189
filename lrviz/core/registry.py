"""A registry finds every part of one kind: the files of its package, and the entry points of other distributions."""

from __future__ import annotations

import difflib
import importlib
import importlib.metadata
import inspect
import itertools
import pkgutil
import threading
import warnings
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Generic, TypeVar, cast

from lrviz.core.errors import ParameterError, UnknownPartError, one_line, quoted
from lrviz.core.signature import Parameter, Value, parameters_of

SOME = 12  # names that an error line lists at most


@dataclass(frozen=True, kw_only=True)
class Part:
    """One registered factory and what its file says of it."""

    name: str
    title: str
    teaches: str
    factory: Callable[..., Any]
    parameters: tuple[Parameter, ...]

    def settings(self, given: dict[str, Any]) -> dict[str, Value]:
        """Every parameter's value, in the signature's order: what was given, checked, and defaults for the rest."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise ParameterError(f"{self.name} has no parameter {quoted(name)}; {alternatives(name, list(known))}")
        try:
            return {name: p.check(given[name]) if name in given else p.default for name, p in known.items()}
        except ParameterError as error:
            raise ParameterError(f"{self.name}: {error}") from None


P = TypeVar("P", bound=Part)
F = TypeVar("F", bound=Callable[..., Any])


Common = Callable[[dict[str, Any]], tuple[Parameter, ...]]


def _none(_traits: dict[str, Any]) -> tuple[Parameter, ...]:
    return ()


class Registry(Generic[P]):
    """All parts of one kind by name. The package is read at the first look-up, never at import."""

    def __init__(
        self, kind: str, plural: str, package: str, part: type[P], given: Collection[str], common: Common = _none
    ) -> None:
        """`given` names the arguments that the program passes a factory itself; `common(traits)` are parameters that
        every part has beside its factory's own."""
        self.kind = kind
        self.plural = plural
        self._package = package
        self._part = part
        self._given = given
        self._common = common
        self._parts: dict[str, P] = {}
        self._discovered = False
        self._lent: set[str] = set()
        self._lock = threading.RLock()

    def register(self, name: str, title: str, **traits: Any) -> Callable[[F], F]:
        """A decorator for factories; `traits` fill the fields that this kind's parts have beyond Part's own."""

        def enter(factory: F) -> F:
            if name in self._parts and _place(self._parts[name].factory) != _place(factory):
                raise ValueError(f"two {self.plural} are called {name!r}; the first stays")
            teaches = (inspect.getdoc(factory) or "").partition("\n")[0]
            parameters = (*parameters_of(cast(FunctionType, factory), self._given), *self._common(traits))
            self._parts[name] = self._part(
                name=name, title=title, teaches=teaches, factory=factory, parameters=parameters, **traits
            )
            return factory

        return enter

    def lend(self, name: str, title: str, factory: Callable[..., Any], **traits: Any) -> str:
        """Enter a part that lives as long as this process, and return its name: with a number behind it if it is taken.

        A file may say the name, but only this process knows whose it is: elsewhere it is a wrong name like any other.
        """
        self._discover()
        with self._lock:
            number = next(n for n in itertools.count(1) if _numbered(name, n) not in self._parts)
            self.register(_numbered(name, number), f"{title} {number}" if number > 1 else title, **traits)(factory)
            self._lent.add(_numbered(name, number))
        return _numbered(name, number)

    def lends(self, name: str) -> bool:
        """Whether the part of this name lives only as long as this process."""
        return name in self._lent

    def find(self, name: str) -> P:
        """The part called `name`, or UnknownPartError that names the nearest one."""
        self._discover()
        if name in self._parts:
            return self._parts[name]
        hint = alternatives(name, list(self._parts))
        raise UnknownPartError(f"no {self.kind} called {quoted(name)}; {hint}; `lrviz list {self.plural}` shows all")

    def names(self) -> list[str]:
        self._discover()
        return sorted(self._parts)

    def __iter__(self) -> Iterator[P]:
        return iter([self.find(name) for name in self.names()])

    def __contains__(self, name: str) -> bool:
        self._discover()
        return name in self._parts

    def _discover(self) -> None:
        with self._lock:  # another thread waits until all parts are there
            if not self._discovered:
                self._discovered = True
                self._load()

    def _load(self) -> None:
        package = importlib.import_module(self._package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self._package}.{module.name}")
        for entry in importlib.metadata.entry_points(group=self._package):
            try:
                entry.load()
            except Exception as error:  # another distribution's fault must not take the program down
                said = one_line(f"{self.kind} {entry.name!r} of {entry.value} does not load: {error}")
                warnings.warn(said, stacklevel=2)


def _numbered(name: str, number: int) -> str:
    return f"{name}_{number}" if number > 1 else name


def _place(factory: Callable[..., Any]) -> tuple[str, str]:
    return factory.__module__, factory.__qualname__


def alternatives(name: str, known: list[str]) -> str:
    """The end of an error line about a wrong name: the nearest of the known ones, or some of them."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    more = ", …" if len(known) > SOME else ""
    return f"it has {', '.join(known[:SOME])}{more}" if known else "it has none"
