"""argparse, but one line for what is wrong, with the nearest option, and -1e-3 is a number."""

from __future__ import annotations

import argparse
import difflib
import math
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from lrviz.core.errors import LrvizError, ParameterError
from lrviz.views.numbers import rate_from_text

_NEGATIVE = re.compile(r"-(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")


class UsageError(LrvizError):
    """The command line itself makes no sense."""


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises UsageError instead of printing its usage and ending the process."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings)
        self._negative_number_matcher = _NEGATIVE  # argparse's own takes -1e-3 for an option before Python 3.14

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message.removeprefix('argument ')}; `{self.prog} --help` shows what there is")

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The arguments as a namespace; UsageError for anything it doesn't know."""
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            self._refuse(unknown[0])
        return options

    def _refuse(self, word: str) -> NoReturn:
        name = word.partition("=")[0]
        if not name.startswith("-"):
            self.error(f"{word!r} is one argument too many")
        near = difflib.get_close_matches(name, self._option_string_actions, n=1, cutoff=0.6)
        if near:
            raise UsageError(f"no option {name}; did you mean {near[0]}?")
        self.error(f"no option {name}")


def rate(text: str) -> float:
    """A learning rate, as a type for argparse."""
    try:
        return rate_from_text(text)
    except ParameterError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def number(text: str) -> float:
    """A finite number, as a type for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    raise argparse.ArgumentTypeError(f"{text!r} is not a number; it is written like 0.5 or -1e-3")


def whole(text: str) -> int:
    """A whole number, 1e4 included, as a type for argparse."""
    try:
        value = float(text)
        if value.is_integer():
            return int(value)
    except (ValueError, OverflowError):
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number; it is written like 200")


def size(text: str) -> tuple[int, int]:
    """A picture's width and height, written 1280x800, as a type for argparse."""
    match = re.fullmatch(r"(\d{3,4})[x×](\d{3,4})", text)
    if match:
        width, height = int(match[1]), int(match[2])
        if 480 <= width <= 4096 and 360 <= height <= 4096:
            return width, height
    raise argparse.ArgumentTypeError(f"{text!r} is not a size; it is written 1280x800, from 480x360 to 4096x4096")
