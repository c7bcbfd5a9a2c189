"""What a person types for a sweep's second axis: "0, 0.5, 0.9", or "0.01..100×5" for values in between."""

from __future__ import annotations

import math
import re

import numpy as np

from lrviz.core.errors import ParameterError, quoted
from lrviz.core.knobs import KnobKind, KnobValue
from lrviz.core.sweep import MAX_VALUES
from lrviz.views.numbers import number

_SPAN = re.compile(r"(?P<low>.+?)(?:\.\.|…)(?P<high>.+?)(?:[x×*](?P<count>.*))?")
USUAL = 5  # values that are proposed, and of a span that doesn't say how many
NEAR_ONE = (0.0, 0.5, 0.9, 0.99)  # proposed for momenta and the like, where what counts is the distance from 1
AROUND = (0.01, 0.1, 1.0, 10.0, 100.0)  # proposed multiples of what it is now, on a logarithmic scale
NEARBY = (0.25, 0.5, 1.0, 2.0, 4.0)  # and of whole numbers


def values_from_text(text: str, knob: KnobKind) -> tuple[KnobValue, ...]:
    """The values, rising and each once. ParameterError where one makes no sense; each is checked for its range."""
    words = text.strip()
    if not words:
        raise ParameterError(f"values of {knob.parameter.label} are wanted, for example {proposed_values(knob)}")
    span = _SPAN.fullmatch(words.replace(" ", ""))
    items = _between(span, knob) if span else [_checked(word, knob) for word in re.split(r"[,;\s]+", words) if word]
    found = sorted(set(items))
    if len(found) > MAX_VALUES:
        raise ParameterError(f"{len(found)} values of {knob.parameter.label}; {MAX_VALUES} are the most")
    return tuple(found)


def proposed_values(knob: KnobKind) -> str:
    """Values to begin with, around what it is now, as a person would type them."""
    parameter, now = knob.parameter, knob.now[0] if isinstance(knob.now, tuple) else knob.now
    low, high = parameter.low, parameter.high
    values: list[float]
    if parameter.kind != "float":
        values = [round(share * now) for share in NEARBY] if now else [1, 10, 100]
    elif parameter.log:
        values = [share * now for share in AROUND]
    elif 0.99 <= high < 1:
        values = list(NEAR_ONE)
    elif math.isfinite(low) and math.isfinite(high):
        values = np.linspace(low, high, USUAL).tolist()
    else:
        values = [share * now for share in NEARBY] if now else [0.0, 1.0]
    kept = sorted({float(f"{min(max(value, low), high):.3g}") for value in values})
    return ", ".join(map(_written, kept))


def _between(span: re.Match[str], knob: KnobKind) -> list[KnobValue]:
    """Values at equal ratios where the parameter is logarithmic, else at equal distances, both ends included."""
    low, high = _checked(span["low"], knob), _checked(span["high"], knob)
    count = span["count"]
    if count is not None and not re.fullmatch(r"\d{1,4}", count, re.ASCII):
        raise ParameterError(f"{quoted(count, 24)} values; say how many, for example {span['low']}..{span['high']}×5")
    many = USUAL if count is None else int(count)
    if not low < high or not 2 <= many <= MAX_VALUES:
        raise ParameterError(f"{quoted(span.string, 24)}: it is low..high×count, with low < high and 2 to {MAX_VALUES}")
    spaced = np.geomspace if knob.parameter.log and low > 0 else np.linspace
    return [_checked(f"{value:.6g}", knob) for value in _rounded(spaced(low, high, many).tolist(), knob)]


def _rounded(values: list[float], knob: KnobKind) -> list[float]:
    return values if knob.parameter.kind == "float" else [round(value) for value in values]


def _checked(word: str, knob: KnobKind) -> float | int:
    """One value. The parameter says what is wrong with it; a list of widths is asked for one width."""
    parameter = knob.parameter
    value = parameter.parse(word)
    if isinstance(value, tuple):
        if len(value) != 1:
            raise ParameterError(f"{quoted(word, 24)}: one width, which each hidden layer gets")
        return value[0]
    assert isinstance(value, float | int)
    return value


def _written(value: float) -> str:
    return number(value).replace("−", "-")
