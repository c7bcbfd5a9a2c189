"""A formula as rich text: what stands for a quantity in italics, words and functions upright."""

from __future__ import annotations

import re
from html import escape

_LETTERS = re.compile(r"(?:[A-Za-zΑ-Ωα-ωϵ][\u0300-\u036f]*)+")  # with the hats and bars over them
_WORD = re.compile(r"[A-Za-z]{2,}")


def rich_from_formula(formula: str) -> str:
    """ "m ← β₁ m" as HTML. Two Latin letters and more are a word, as in "max" or "sign"."""
    parts, done = [], 0
    for match in _LETTERS.finditer(formula):
        parts.append(escape(formula[done : match.start()]))
        letters = escape(match.group())
        parts.append(letters if _WORD.fullmatch(match.group()) else f"<i>{letters}</i>")
        done = match.end()
    return "".join([*parts, escape(formula[done:])])
