"""Tables as CSV files hold them: columns of text, before anyone knows what the text means."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from lrviz.core.errors import DataError, quoted

MISSING = frozenset({"", "na", "n/a", "nan", "null", "?"})  # how files write that a value is not known
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Table:
    """Columns by name, each with one text a row."""

    name: str  # the file's name, quoted
    columns: dict[str, tuple[str, ...]]
    lines: tuple[int, ...]  # the file's line on which each row ends, from 1


def read_table(path: Path) -> Table:
    """The table in a CSV file (UTF-8; commas, semicolons or tabs; plain or .gz). DataError, one line, otherwise.

    The first row is a header when it stands as text above a column of numbers, or when none of its values is a
    number and none comes again in its own column. Columns without a name are called "column 1", "column 2" ….
    """
    name = quoted(path.name)
    rows, lines = _rows(name, _text(path))
    if not rows:
        raise DataError(f"{name} is empty; a table has a row of names and then one row a sample")
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(rows[0]):
            raise DataError(f"{name} line {line} has {len(row)} values, but the first row has {len(rows[0])}")
    columns = list(zip(*rows, strict=True))
    titles = [f"column {place}" for place in range(1, len(columns) + 1)]
    if _has_header(columns):
        titles = [column[0] or title for column, title in zip(columns, titles, strict=True)]
        columns = [column[1:] for column in columns]
        lines = lines[1:]
    if len(set(titles)) < len(titles):
        twice = max(titles, key=titles.count)
        raise DataError(f"{name} has two columns called {quoted(twice)}; give each a name of its own")
    return Table(name, dict(zip(titles, columns, strict=True)), tuple(lines))


def number(text: str) -> float | None:
    """The number that a cell writes, None where it writes none. Python's own 1_000 is no number in a table."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def is_missing(text: str) -> bool:
    return text.casefold() in MISSING


def _text(path: Path) -> str:
    name = quoted(path.name)
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
    except FileNotFoundError:
        raise DataError(f"no file called {quoted(str(path))}") from None
    except (OSError, EOFError, ValueError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{quoted(str(path))} cannot be read: {reason}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"{name} line {line} is not UTF-8 text; save the file as UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{name} line {line} holds a NUL; that is no text file")
    return text


def _rows(name: str, text: str) -> tuple[list[list[str]], list[int]]:
    """The rows that hold anything, each run of blanks in their values as one space, and the line on which each ends."""
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if any(values := [" ".join(value.split()) for value in row]):
                rows.append(values)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise DataError(f"{name} line {reader.line_num} is not CSV: {error}") from None
    return rows, lines


def _has_header(columns: list[tuple[str, ...]]) -> bool:
    names = [column[0] for column in columns]
    if any(_is_name(column[0]) and _all_numbers(column[1:]) for column in columns):
        return True
    return all(map(_is_text, names)) and all(
        name not in column[1:] for name, column in zip(names, columns, strict=True)
    )


def _is_text(value: str) -> bool:
    return number(value) is None


def _is_name(value: str) -> bool:
    return _is_text(value) and not is_missing(value)


def _all_numbers(values: tuple[str, ...]) -> bool:
    known = [value for value in values if not is_missing(value)]
    return bool(known) and not any(map(_is_text, known))
