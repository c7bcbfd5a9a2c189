"""`lrviz list KIND`: what there is to choose from, with every parameter and its range."""

from __future__ import annotations

import json
import math
from typing import Any

from lrviz.cli.columns import aligned
from lrviz.cli.parser import Parser, UsageError
from lrviz.cli.settings import PARTS
from lrviz.core.catalog import REGISTRIES
from lrviz.core.registry import Part, alternatives
from lrviz.core.signature import Parameter, Value
from lrviz.views.numbers import number


def main(command: str, arguments: list[str]) -> int:
    """Print all parts of one kind."""
    kinds = " ".join(REGISTRIES)
    parser = Parser(
        prog=f"lrviz {command}", description="What there is to choose from, parameters and ranges included."
    )
    parser.add_argument("kind", metavar="KIND", nargs="?", help=f"one of {kinds}")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    options = parser.parse(arguments)
    if options.kind is None:
        raise UsageError(f"list needs to know what: {kinds}")
    if options.kind not in REGISTRIES:
        raise UsageError(f"no kind called {options.kind!r}; {alternatives(options.kind, list(REGISTRIES))}")
    registry = REGISTRIES[options.kind]
    parts = list(registry)
    if options.json:
        print(json.dumps([_fields(part) for part in parts], allow_nan=False))
    else:
        prefix = next((name for name, known in PARTS.items() if known is registry), "")  # claims have nothing to set
        print("\n".join(_described(parts, prefix)))
    return 0


def _described(parts: list[Part], prefix: str) -> list[str]:
    indent = max((len(part.name) for part in parts), default=0) + 2
    settings = [_setting(prefix, parameter) for part in parts for parameter in part.parameters]
    table = iter(list(aligned(settings, [False] * 3)) if settings else [])
    lines = []
    for part in parts:
        lines += [f"{part.name:<{indent}}{part.title}", f"{'':<{indent}}{part.teaches}"]
        lines += [f"{'':<{indent}}{next(table)}" for _ in part.parameters]
    return lines


def _setting(prefix: str, parameter: Parameter) -> list[str]:
    """A parameter as --set takes it with its default, what it may be, and what it means."""
    return [f"{prefix}.{parameter.name}={_text(parameter.default)}", _span(parameter), parameter.hint]


def _span(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(parameter.choices)
    if parameter.kind in ("bool", "text"):
        return {"bool": "true or false", "text": "any text"}[parameter.kind]
    if math.isinf(parameter.low) or math.isinf(parameter.high):
        return "any number" if math.isinf(parameter.low) else f"from {parameter.low:g} up"
    return f"{parameter.low:g} to {parameter.high:g}"


def _text(value: Value) -> str:
    """A value as --set understands it."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, float):
        return number(value, 6)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fields(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "title": part.title,
        "teaches": part.teaches,
        "parameters": [
            {
                "name": parameter.name,
                "kind": parameter.kind,
                "default": parameter.default,
                "low": parameter.low if math.isfinite(parameter.low) else None,
                "high": parameter.high if math.isfinite(parameter.high) else None,
                "choices": parameter.choices,
                "hint": parameter.hint,
            }
            for parameter in part.parameters
        ],
    }
