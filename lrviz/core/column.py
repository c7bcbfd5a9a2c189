"""A table's column: numbers where it holds nothing else, text otherwise; read piece by piece, so that millions fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.errors import quoted

MISSING = frozenset({"", "na", "n/a", "nan", "null", "?"})  # how files write that a value is not known


@dataclass(frozen=True, eq=False)
class Column:
    """N values of one kind. Numbers are NaN where a value is missing; text is kept as places in `kinds`."""

    values: NDArray[np.float64] | NDArray[np.int64]  # (N,) numbers, or each row's place in kinds
    kinds: tuple[str, ...] | None  # the texts that occur, in the order in which they were met; None for numbers
    gap: tuple[int, str] | None  # the first missing value's row and what stands there

    def is_kind(self, kind: str) -> NDArray[np.bool_]:
        """(N,) where a column of text says `kind`."""
        kinds = self.kinds or ()
        found: NDArray[np.bool_] = self.values == (kinds.index(kind) if kind in kinds else -1)
        return found

    def quoted(self, row: int) -> str:
        """What stands in a row, as a message quotes it."""
        return f"{self.values[row]:g}" if self.kinds is None else quoted(self.kinds[self.values[row]])


class TurnedToTextError(Exception):
    """A column of numbers holds text after all: what stood before it must be read again, as text."""


class GrowingColumn:
    """A column while it is read, first row apart: that one may be the column's name."""

    def __init__(self, first: str, *, is_text: bool = False) -> None:
        self.first = first
        self.known = False  # whether any value below the first row is not missing
        self._parts: list[NDArray[Any]] = []
        self._kinds: dict[str, int] | None = {} if is_text else None
        self._gap: str | None = None

    @property
    def holds_numbers(self) -> bool:
        return self._kinds is None

    def holds(self, text: str) -> bool:
        """Whether `text` is one of a text column's values below the first row."""
        return self._kinds is not None and text in self._kinds

    def add(self, texts: Sequence[str]) -> None:
        """Take the next rows. TurnedToTextError where they hold the first text after numbers."""
        if self._kinds is None:
            found = _numbers(texts)
            if found is not None:
                self._add_numbers(texts, found)
                return
            if self._parts:
                raise TurnedToTextError
            self._kinds = {}
        kinds = self._kinds
        places = [kinds.setdefault(text, len(kinds)) for text in map(str.strip, texts)]
        self._parts.append(np.array(places, np.int64))
        self.known = True

    def column(self, *, with_first: bool) -> Column:
        """The column, with its first row or without. TurnedToTextError as for `add`."""
        if with_first:
            self.add([self.first])
            self._parts.insert(0, self._parts.pop())
        values: NDArray[Any] = np.concatenate(self._parts) if self._parts else np.zeros(0)
        if self._kinds is None:
            gaps = np.isnan(values)
        else:
            gaps = np.isin(values, [place for kind, place in self._kinds.items() if is_missing(kind)])
        kinds = None if self._kinds is None else tuple(self._kinds)
        if not gaps.any():
            return Column(values, kinds, None)
        row = int(gaps.argmax())
        if kinds is not None:
            return Column(values, kinds, (row, kinds[values[row]]))
        return Column(values, kinds, (row, self.first if with_first and row == 0 else self._gap or ""))

    def _add_numbers(self, texts: Sequence[str], found: NDArray[np.float64]) -> None:
        gaps = np.isnan(found)
        self.known = self.known or not gaps.all()
        if self._gap is None and gaps.any():
            self._gap = texts[int(gaps.argmax())].strip()
        self._parts.append(found)


def column_of(texts: Sequence[str]) -> Column:
    """A whole column of stripped texts, no name among them."""
    growing = GrowingColumn("")
    growing.add(texts)
    return growing.column(with_first=False)


def is_missing(text: str) -> bool:
    return text.lower() in MISSING


def is_number(text: str) -> bool:
    return _floats([text]) is not None


def _numbers(texts: Sequence[str]) -> NDArray[np.float64] | None:
    """The numbers that the texts write, NaN for what is missing; None where one is text."""
    values = _floats(texts)
    if values is not None:
        return np.array(values)
    known = np.array([not is_missing(text.strip()) for text in texts])
    values = _floats([text for text, is_known in zip(texts, known, strict=True) if is_known])
    if values is None:
        return None
    found = np.full(len(texts), np.nan)
    found[known] = values
    return found


def _floats(texts: Sequence[str]) -> list[float] | None:
    """The texts as numbers, None where one is no number. Python's own 1_000 is none in a table."""
    try:
        values = list(map(float, texts))
    except ValueError:
        return None
    return None if "_" in "".join(texts) else values
