"""`--set NAME=VALUE`: any parameter of any part of the experiment, by its name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from lrviz.cli.parser import UsageError
from lrviz.core import catalog
from lrviz.core.errors import ParameterError
from lrviz.core.experiment import Choice
from lrviz.core.registry import Registry, alternatives

# The parts of an experiment, as settings name them: surface.b, optimizer.momentum.
PARTS: Mapping[str, Registry[Any]] = {
    "surface": catalog.surfaces,
    "model": catalog.models,
    "data": catalog.datasets,
    "optimizer": catalog.optimizers,
    "schedule": catalog.schedules,
}


def with_settings(parts: Mapping[str, Choice], settings: Iterable[str]) -> dict[str, Choice]:
    """The chosen parts with each of the settings made, in their order, so a later one of the same name counts.

    A setting is "optimizer.momentum=0.9", or "momentum=0.9" where only one part has a momentum. ParameterError or
    UsageError, one line with the nearest name, for a setting that fits nothing.
    """
    changed = dict(parts)
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise UsageError(f"--set {setting} has no value; it is written --set optimizer.momentum=0.9")
        where, _, parameter = name.strip().rpartition(".")
        if not where:
            where = _home(parameter, changed)
        elif where not in changed:
            raise UsageError(f"--set {name}: no part called {where!r} here; {alternatives(where, list(changed))}")
        changed[where] = _with(PARTS[where], changed[where], parameter, text)
    return changed


def _with(registry: Registry[Any], choice: Choice, name: str, text: str) -> Choice:
    part = registry.find(choice.name)
    parameter = next((parameter for parameter in part.parameters if parameter.name == name), None)
    try:
        value = parameter.parse(text) if parameter else text
    except ParameterError as error:
        raise ParameterError(f"{choice.name}: {error}") from None
    return replace(choice, parameters=part.settings({**choice.parameters, name: value}))


def _home(parameter: str, parts: Mapping[str, Choice]) -> str:
    """The one part that has a parameter of this name."""
    homes = [where for where, choice in parts.items() if parameter in choice.parameters]
    if len(homes) == 1:
        return homes[0]
    if homes:
        raise UsageError(f"--set {parameter} is a setting of {' and '.join(homes)}; say {homes[0]}.{parameter}")
    known = [f"{where}.{name}" for where, choice in parts.items() for name in choice.parameters]
    by_name = {name.rpartition(".")[2]: name for name in reversed(known)}
    near = difflib.get_close_matches(parameter, by_name, n=1, cutoff=0.5)
    hint = f"did you mean {by_name[near[0]]!r}?" if near else alternatives(parameter, known)
    raise UsageError(f"--set {parameter}: nothing here has a parameter of this name; {hint}")
