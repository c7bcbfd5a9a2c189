"""Tables as CSV files hold them: columns of text, before anyone knows what the text means."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Sequence
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
    columns = [tuple(map(str.strip, column)) for column in zip(*rows, strict=True)]
    titles = [f"column {place}" for place in range(1, len(columns) + 1)]
    if _has_header(columns):
        titles = [" ".join(column[0].split()) or title for column, title in zip(columns, titles, strict=True)]
        columns = [column[1:] for column in columns]
        lines = lines[1:]
    if len(set(titles)) < len(titles):
        [(twice, _)] = Counter(titles).most_common(1)
        raise DataError(f"{name} has two columns called {quoted(twice)}; give each a name of its own")
    return Table(name, dict(zip(titles, columns, strict=True)), tuple(lines))


def numbers(texts: Sequence[str]) -> list[float] | None:
    """The numbers that the texts write, None where one writes none. Python's own 1_000 is no number in a table."""
    try:
        values = list(map(float, texts))
    except ValueError:
        return None
    return None if "_" in "".join(texts) else values


def is_missing(text: str) -> bool:
    return text.lower() in MISSING


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
    """The rows that hold anything, and the line on which each ends."""
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if any(map(str.strip, row)):
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise DataError(f"{name} line {reader.line_num} is not CSV: {error}") from None
    return rows, lines


def _has_header(columns: list[tuple[str, ...]]) -> bool:
    names = [column[0] for column in columns]
    if any(map(_stands_above_numbers, columns)):
        return True
    return all(map(_is_text, names)) and all(
        name not in column[1:] for name, column in zip(names, columns, strict=True)
    )


def _stands_above_numbers(column: tuple[str, ...]) -> bool:
    if not _is_text(column[0]) or is_missing(column[0]):
        return False
    known = [text for text in column[1:] if not is_missing(text)]
    return bool(known) and numbers(known) is not None


def _is_text(text: str) -> bool:
    return numbers([text]) is None
