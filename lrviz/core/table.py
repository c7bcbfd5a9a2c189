"""Tables as CSV files hold them: columns of numbers and of text, before anyone knows what they mean."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lrviz.core.column import Column, GrowingColumn, TurnedToTextError, is_missing, is_number
from lrviz.core.errors import DataError, quoted
from lrviz.core.resources import resource

DELIMITERS = ",;\t"
ROWS_AT_ONCE = 2_000  # keeps text out of the memory, in the processor's cache, and no other thread waiting for long
MOST_BYTES = 2**31

Rows = tuple[list[list[str]], list[int]]  # rows of one width, and the line on which each ends


@dataclass(frozen=True, eq=False)
class Table:
    """Columns by name, each with one value a row."""

    name: str  # the file's name, quoted
    columns: dict[str, Column]
    lines: NDArray[np.int64]  # (N,) the file's line on which each row ends, from 1


def read_table(path: Path) -> Table:
    """The table in a CSV file (UTF-8; commas, semicolons or tabs; plain or .gz). DataError, one line, otherwise.

    The first row is a header when it stands as text above a column of numbers, or when none of its values is a
    number and none comes again in its own column. Columns without a name are called "column 1", "column 2" ….
    """
    name = quoted(path.name)
    data = _content(path)
    as_text: set[int] = set()  # columns that begin with numbers and go on with text are read twice
    while True:
        try:
            return _table(name, data, as_text)
        except _ReadAgainError as again:
            as_text.add(again.place)


@lru_cache
def shipped_table(name: str) -> Table:
    """The table in resources/data/`name`.csv.gz, read once: several seeds' splits of it are asked one after another."""
    return read_table(resource(f"data/{name}.csv.gz"))


class _ReadAgainError(Exception):
    """The column at `place` is to be read as text from its beginning."""

    def __init__(self, place: int) -> None:
        self.place = place


def _table(name: str, data: bytes, as_text: set[int]) -> Table:
    rows = _rows(name, data)
    [first], [line] = next(rows, ([[]], [0]))
    if not first:
        raise DataError(f"{name} is empty; a table has a row of names and then one row a sample")
    growing = [GrowingColumn(cell.strip(), is_text=place in as_text) for place, cell in enumerate(first)]
    lines: list[int] = []
    for some, their_lines in rows:
        lines += their_lines
        for place, cells in enumerate(zip(*some, strict=True)):
            try:
                growing[place].add(cells)
            except TurnedToTextError:
                raise _ReadAgainError(place) from None
    titles = [f"column {place}" for place in range(1, len(growing) + 1)]
    header = _has_header(growing)
    if header:
        titles = [" ".join(column.first.split()) or title for column, title in zip(growing, titles, strict=True)]
    else:
        lines.insert(0, line)
    if len(set(titles)) < len(titles):
        [(twice, _)] = Counter(titles).most_common(1)
        raise DataError(f"{name} has two columns called {quoted(twice)}; give each a name of its own")
    columns: dict[str, Column] = {}
    for place, (title, column) in enumerate(zip(titles, growing, strict=True)):
        try:
            columns[title] = column.column(with_first=not header)
        except TurnedToTextError:
            raise _ReadAgainError(place) from None
    return Table(name, columns, np.array(lines, np.int64))


def _content(path: Path) -> bytes:
    """What a text file holds, certain to be UTF-8 and without its mark."""
    name = quoted(path.name)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise DataError(f"no file called {quoted(str(path))}") from None
    except (OSError, EOFError, ValueError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{quoted(str(path))} cannot be read: {reason}") from None
    if len(data) > MOST_BYTES:
        raise DataError(f"{name} is larger than {MOST_BYTES >> 30} GiB of text; take fewer rows or columns")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"{name} line {line} is not UTF-8 text; save the file as UTF-8") from None
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise DataError(f"{name} line {line} holds a NUL; that is no text file")
    return data


def _rows(name: str, data: bytes) -> Iterator[Rows]:
    """The rows that hold anything: the first one by itself, then many at a time. DataError where one is broken."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    delimiter = max(DELIMITERS, key=text.readline().count)
    text.seek(0)
    reader = csv.reader(text, delimiter=delimiter, strict=True, skipinitialspace=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    width = ended = 0
    try:
        for row in reader:
            begun, ended = ended + 1, reader.line_num
            if not any(map(str.strip, row)):
                continue
            if width and len(row) != width:
                raise DataError(f"{name} line {begun} has {len(row)} values, but the first row has {width}")
            rows.append(row)
            lines.append(ended)
            if not width or len(rows) == ROWS_AT_ONCE:
                yield rows, lines
                rows, lines, width = [], [], len(row)
    except csv.Error as error:
        # A quote that is never closed takes in all that follows, so the row is named by the line on which it begins.
        raise DataError(f"{name} line {ended + 1} is not CSV: {error}") from None
    if rows:
        yield rows, lines


def _has_header(columns: list[GrowingColumn]) -> bool:
    if any(
        column.holds_numbers and column.known and not is_number(column.first) and not is_missing(column.first)
        for column in columns
    ):
        return True
    return all(not is_number(column.first) and not column.holds(column.first) for column in columns)
