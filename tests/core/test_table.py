"""Reading CSV files: what is a header, and one line for each way in which a file can be broken."""

from __future__ import annotations

import csv
import gzip
import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrviz.core.errors import DataError
from lrviz.core.table import Table, read_table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "t.csv"


def read(file: Path, text: str | bytes) -> Table:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_table(file)


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
    assert read(file, text).columns == {"a": ("1", "2"), "b": ("x", "y")}


def test_rows_know_their_lines(file: Path) -> None:
    assert read(file, 'a,b\n\n1,"two\nlines"\n2,y\n').lines == (4, 5)


def test_a_packed_file_is_the_file(tmp_path: Path) -> None:
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert read_table(packed).columns == {"a": ("1",), "b": ("2",)}


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
        ('a,b\n1,"2\n', "is not CSV"),
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
    columns = read(file, lines.getvalue()).columns
    assert list(zip(*columns.values(), strict=True))[-len(kept) :] == kept


@given(data=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_table_or_one_line(file: Path, data: bytes) -> None:
    said = ""
    try:
        table = read(file, data)
        assert all(len(column) == len(table.lines) for column in table.columns.values())
    except DataError as error:
        said = str(error)
    assert "\n" not in said
