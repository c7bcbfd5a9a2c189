"""A formula's text as numbers, names and signs: what remains of Python when all but arithmetic is refused."""

from __future__ import annotations

import re

from lrviz.core.errors import ExpressionError, quoted

TOKEN = re.compile(
    r"(?P<number>(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[-+*/^(),])",
    re.ASCII,
)
MAX_DEPTH = 40
TOO_DEEP = f"the formula is nested too deeply; {MAX_DEPTH} levels are the most"


def check_tokens(text: str) -> None:
    """Refuse, with its place, what is no number, name or sign, two values side by side, and unbalanced parentheses."""
    before: re.Match[str] | None = None
    opened: list[int] = []
    at = 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
            continue
        token = TOKEN.match(text, at)
        if token is None:
            raise ExpressionError(f"{at_column(text[at], at)} means nothing in a formula; write it like x**2 + 10*y**2")
        if before is not None and _ends_value(before) and _begins_value(token, before):
            raise ExpressionError(
                f"a sign is missing before {at_column(token[0], at)}; a product is written 2*x, not 2x"
            )
        if token[0] == "(":
            opened.append(at)
        if token[0] == ")":
            if not opened:
                raise ExpressionError(f"{at_column(')', at)} closes nothing; put the ( where it belongs")
            opened.pop()
        if len(opened) > MAX_DEPTH:
            raise ExpressionError(TOO_DEEP)
        before = token
        at = token.end()
    if before is None:
        raise ExpressionError("the formula is empty; write it like x**2 + 10*y**2")
    if not _ends_value(before):
        raise ExpressionError(
            f"the formula ends after {at_column(before[0], before.start())}; a number, x or y should follow"
        )
    if opened:
        raise ExpressionError(f"{at_column('(', opened[-1])} is never closed; put the ) where it belongs")


def _ends_value(token: re.Match[str]) -> bool:
    return token.lastgroup != "sign" or token[0] == ")"


def _begins_value(token: re.Match[str], before: re.Match[str]) -> bool:
    if token[0] == "(":
        return before.lastgroup != "name"  # behind a name it begins the function's values
    return token.lastgroup != "sign"


def at_column(piece: str, at: int) -> str:
    """`piece` of a formula and its column, for a message; `at` counts from 0."""
    return f"{quoted(piece, 40)} (column {at + 1})"
