"""Numbers as people write them: 0.001, 1e-5, 97.2 %, 1,680; and read as people type them."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from lrviz.core.errors import ParameterError, quoted

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def number(value: float, digits: int = 3) -> str:
    """`value` to `digits` significant figures: plain where that is short, 1e-5 where it is not."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    return _written(Decimal(f"{value:.{digits - 1}e}"))


def exact(value: float) -> str:
    """A finite number above 0 with as many figures as tell it from every other: what an entry shows and gives back."""
    return _written(Decimal(repr(value)))


def steady(value: float, digits: int = 3) -> str:
    """As `number`, but trailing zeros stay, so that a changing figure keeps its width."""
    if not math.isfinite(value) or value == 0 or not 1e-4 <= abs(value) < 10 ** (digits + 2):
        return number(value, digits)
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}".replace("-", "−")


def percent(fraction: float) -> str:
    """A fraction of 1 as a percentage with one decimal."""
    return f"{100 * fraction:.1f} %" if math.isfinite(fraction) else "–"


def count(value: int) -> str:
    """A whole number with thousands told apart."""
    return f"{value:,}"


def rate_from_text(text: str) -> float:
    """A learning rate as typed: 0.001, 1e-3, .001. ParameterError for anything else, commas included:
    one reader's decimal sign is another's thousands separator, so guessing would change the rate silently."""
    word = text.strip()
    if _NUMBER.fullmatch(word):
        value = float(word)
        if math.isfinite(value) and value > 0:
            return value
        raise ParameterError(f"a learning rate is a finite number above 0, not {quoted(word, 24)}")
    if "," in word:
        raise ParameterError(f"{quoted(word, 24)}: write the decimal sign as a point, for example 0.001")
    raise ParameterError(f"{quoted(word, 24)} is no number; a learning rate is written 0.001 or 1e-3")


def _written(figures: Decimal) -> str:
    """Plain where that is short, with a power of ten where it is not, and no zeros that say nothing."""
    short = figures.normalize()
    plain = Decimal("1e-4") <= abs(short) < Decimal("1e5")
    return format(short, "f" if plain else "e").replace("e+", "e").replace("-", "−", 1 if short < 0 else 0)
