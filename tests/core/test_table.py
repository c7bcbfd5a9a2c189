"""Reading CSV files: what is a header, and one line for each way in which a file can be broken."""

from __future__ import annotations

import csv
import gzip
import io
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrviz.core.column import MISSING, Column
from lrviz.core.errors import DataError
from lrviz.core.table import Table, read_table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "t.csv"


def read(file: Path, text: str | bytes) -> Table:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_table(file)


Values = list[float] | list[str]


def values(column: Column) -> Values:
    """What a column holds, row by row."""
    if column.kinds is None:
        return [float(value) for value in column.values]
    return [column.kinds[place] for place in column.values]


def contents(table: Table) -> dict[str, Values]:
    return {name: values(column) for name, column in table.columns.items()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a,b\n1,2\n3,4\n", ["a", "b"]),
        ("1,2\n3,4\n", ["column 1", "column 2"]),
        ("size,kind\n1,red\n2,red\n", ["size", "kind"]),
        ("1,red\n2,blue\n", ["column 1", "column 2"]),
        ("red,round\nblue,flat\nred,flat\n", ["column 1", "column 2"]),  # red comes again: no name
        ("colour,shape\nblue,flat\nred,flat\n", ["colour", "shape"]),
        ("0,1,y\n5,6,7\n8,9,1\n", ["0", "1", "y"]),  # y stands above numbers
        (",a,b\n0,1,x\n1,2,y\n", ["column 1", "a", "b"]),  # an index without a name
        ("a,b\n,2\n3,4\n", ["a", "b"]),  # a value is missing below
        ("two  words,b\n1,2\n", ["two words", "b"]),
    ],
)
def test_the_first_row_is_a_header_when_it_reads_like_one(file: Path, text: str, names: list[str]) -> None:
    assert list(read(file, text).columns) == names


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,x\n2,y\n",
        "a;b\n1;x\n2;y\n",
        "a\tb\n1\tx\n2\ty\n",
        "a,b\r\n1,x\r\n2,y\r\n",
        "a,b\r1,x\r2,y\r",
        "\ufeffa,b\n1,x\n2,y\n",
        "a,b\n1,x\n2,y",
        "\n a , b \n\n 1 , x \n,\n2,y\n\n",
        '"a","b"\n"1","x"\n"2","y"\n',
    ],
)
def test_delimiters_line_ends_quotes_marks_and_blank_lines_make_no_difference(file: Path, text: str) -> None:
    assert contents(read(file, text)) == {"a": [1, 2], "b": ["x", "y"]}


def test_rows_know_their_lines(file: Path) -> None:
    assert read(file, 'a,b\n\n1,"two\nlines"\n2,y\n').lines.tolist() == [4, 5]


def test_a_packed_file_is_the_file(tmp_path: Path) -> None:
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert contents(read_table(packed)) == {"a": [1], "b": [2]}


def test_a_column_that_goes_on_with_text_is_text_from_its_first_row(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrviz.core.table.ROWS_AT_ONCE", 2)
    table = read(file, "a,b,c\n007,1,\n1.0,2,\n1,3,\n1.0,4,\nmany,5,x\n")
    assert contents(table) == {
        "a": ["007", "1.0", "1", "1.0", "many"],
        "b": [1, 2, 3, 4, 5],
        "c": ["", "", "", "", "x"],
    }


def test_a_table_without_a_header_keeps_its_first_row_first(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrviz.core.table.ROWS_AT_ONCE", 2)
    table = read(file, "1,red,\n2,blue,\n3,red,\n4,red,\n")
    assert list(contents(table).values())[:2] == [[1, 2, 3, 4], ["red", "blue", "red", "red"]]
    assert table.lines.tolist() == [1, 2, 3, 4]
    assert table.columns["column 3"].gap == (0, "")


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("a,b\n1,2\n3,4\n", None),
        ("a,b\n1,2\nNaN,4\n?,5\n", (1, "NaN")),
        ("a,b\n1,2\n ? ,4\n,5\n", (1, "?")),
        ("a,b\n1,2\n,4\nNaN,5\n", (1, "")),
        ("a,b\nx,2\n,4\nN/A,5\n", (1, "")),
        ("n/a,1\n5,2\n,3\n", (0, "n/a")),
    ],
)
def test_a_column_knows_its_first_missing_value(
    file: Path, monkeypatch: pytest.MonkeyPatch, text: str, gap: tuple[int, str] | None
) -> None:
    monkeypatch.setattr("lrviz.core.table.ROWS_AT_ONCE", 1)
    first, _ = read(file, text).columns.values()
    assert first.gap == gap
    if gap is not None and first.kinds is None:
        assert np.isnan(first.values[gap[0]])


def test_more_text_than_fits_is_refused_packed_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrviz.core.table.MOST_BYTES", 2**10)
    packed, plain = tmp_path / "t.csv.gz", tmp_path / "t.csv"
    packed.write_bytes(gzip.compress(b"1,2\n" * 1000))
    plain.write_bytes(b"1,2\n" * 1000)
    for path in (packed, plain):
        with pytest.raises(DataError, match="larger than"):
            read_table(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("\n \n,,\n", "is empty"),
        ("a,b\n1,2\n3\n", "line 3 has 1 values, but the first row has 2"),
        ("a,b\n1,2,3\n", "line 2 has 3 values"),
        ("a,a\n1,2\n", "two columns called 'a'"),
        (b"a,b\n1,\xe9\n", "line 2 is not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1 is not UTF-8"),
        (b"a,b\n1,\0\n", "line 2 holds a NUL"),
        ('a,b\n1,"2\n', "line 2 is not CSV"),
        ('a,b\n1,2\n3,"4\n5,6\n7,8\n', "line 3 is not CSV: unexpected end of data"),
        ('a,b\n1,2\n3,"4\n' + "5,6\n" * 50_000, "line 3 is not CSV: field larger"),
        ('a,b\n1,"2"x\n', "line 2 is not CSV"),
        ("a,b\n1," + "x" * 200_000, "line 2 is not CSV"),
    ],
)
def test_a_broken_file_is_one_line_that_names_it_and_the_place(file: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read(file, text)
    assert str(caught.value).startswith("'t.csv' ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_such_file_a_folder_and_a_broken_archive_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "t.csv.gz"
    broken.write_bytes(gzip.compress(b"a,b\n1,2\n" * 1000)[:40])
    for path, said in [
        (tmp_path / "none.csv", "no file called"),
        (tmp_path, "cannot be read"),
        (Path("nul\0.csv"), "cannot be read"),
        (Path("x" * 5000), "cannot be read"),
        (broken, "cannot be read"),
    ]:
        with pytest.raises(DataError, match=said) as caught:
            read_table(path)
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows takes no line break in a file's name")
def test_a_line_break_in_a_file_s_name_makes_no_second_line(tmp_path: Path) -> None:
    file = tmp_path / "two\nlines.csv"
    file.write_bytes(b"")
    with pytest.raises(DataError, match=r"two\\nlines"):
        read_table(file)


cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
rows_of_cells = st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width)))


@given(rows=rows_of_cells)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_csv_writer_wrote_is_read_back(file: Path, rows: list[list[str]]) -> None:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(
        [["first", *[f"c{place}" for place in range(1, 4)]][: len(rows[0])] if rows else [], *rows]
    )
    kept = [tuple(map(str.strip, row)) for row in rows if any(map(str.strip, row))]
    if not kept or any(row[0] == "first" for row in kept):
        return
    columns = read(file, lines.getvalue()).columns.values()
    for column, texts in zip(columns, zip(*kept, strict=True), strict=True):
        assert [str(value) for value in values(column)[-len(kept) :]] == written_like(column, texts)


def written_like(column: Column, texts: tuple[str, ...]) -> list[str]:
    """The texts as `values` gives them back: numbers are Python's, what is missing among them nan."""
    if column.kinds is not None:
        return list(texts)
    return [str(float("nan" if text.lower() in MISSING else text)) for text in texts]


@given(data=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_table_or_one_line(file: Path, data: bytes) -> None:
    said = ""
    try:
        table = read(file, data)
        assert all(len(column.values) == len(table.lines) for column in table.columns.values())
    except DataError as error:
        said = str(error)
    assert "\n" not in said
