"""Reading NPZ files: arrays as they were saved, and one line for each way in which a file can lie."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lrviz.core.errors import DataError
from lrviz.core.npz import read_npz

WANTED = (("x",), ("y", "labels"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own.npz"


def npy(array: Any) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asanyarray(array), allow_pickle=True)
    return out.getvalue()


def header(descr: str, shape: str, *, by_columns: bool = False) -> bytes:
    """The beginning of an .npy file that says what it is told to say."""
    text = f"{{'descr': {descr}, 'fortran_order': {by_columns}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def packed(file: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return file


def refusal(file: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_npz(file, WANTED)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    return str(caught.value)


@given(
    x=arrays.arrays(
        st.one_of(arrays.floating_dtypes(endianness="?"), arrays.integer_dtypes(endianness="?"), st.just(np.bool_)),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
        elements={"allow_nan": False, "allow_infinity": False},
    ),
    by_columns=st.booleans(),
    small=st.booleans(),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arrays_come_back_as_they_were_saved(file: Path, x: Any, by_columns: bool, small: bool) -> None:
    x = np.asfortranarray(x).reshape(x.shape, order="F") if by_columns else x
    (np.savez_compressed if small else np.savez)(file, X=x, labels=np.arange(3))
    inputs, targets = read_npz(file, WANTED)
    assert inputs.dtype == x.dtype
    assert inputs.shape == x.shape
    assert (inputs == x).all()
    assert targets.tolist() == [0, 1, 2]


GOOD = npy(np.arange(4.0))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"x": GOOD}, "has no array called y or labels; it has 'x'"),
        ({}, "has no array called x; it has nothing"),
        ({"x": GOOD, "y": GOOD, "labels": GOOD}, "has 'y' and 'labels'; keep one of them"),
        (
            {"x": npy(np.array([1, None], object)), "y": GOOD},
            "array 'x' holds Python objects, which are never unpickled",
        ),
        ({"x": npy(np.array(["a"])), "y": GOOD}, "array 'x' holds numbers of the kind \"'<U1'\"; it takes booleans"),
        ({"x": npy(np.array([1j])), "y": GOOD}, "array 'x' holds numbers of the kind \"'<c16'\""),
        ({"x": npy(np.zeros(2, "f4,i4")), "y": GOOD}, "array 'x' holds"),
        ({"x": GOOD, "y": npy([1, np.nan])}, "array 'y' is nan at [1]; numbers are finite"),
        ({"x": npy([[1, 2], [3, np.inf]]), "y": GOOD}, "array 'x' is inf at [1, 1]"),
        ({"x": header("'<f8'", "(100000000000,)"), "y": GOOD}, "says that it is 100,000,000,000; 268,435,456 numbers"),
        ({"x": header("'<f8'", "(99999, 99999)"), "y": GOOD}, "says that it is 99,999 × 99,999"),
        ({"x": header("'<f8'", "(1000,)"), "y": GOOD}, "says that it holds 8,000 bytes, but holds 0"),
        ({"x": GOOD + b"more", "y": GOOD}, "says that it holds 32 bytes, but holds 36"),
        ({"x": header("'<f8'", "(-1,)"), "y": GOOD}, "array 'x' has a header that cannot be read"),
        ({"x": header("'|O'", "(3,)"), "y": GOOD}, "holds Python objects"),
        ({"x": header("'<f8'", "(True,)") + b"1" * 8, "y": GOOD}, "has a header that cannot"),
        ({"x": header("'zz'", "(3,)"), "y": GOOD}, "holds numbers of the kind"),
        ({"x": header("__import__('os')", "(3,)"), "y": GOOD}, "holds numbers of the kind"),
        ({"x": header("'<f8'", "(" * 300 + ")" * 300), "y": GOOD}, "has a header that cannot"),
        ({"x": b"\x93NUMPY\x03\x00\x02\x00{}", "y": GOOD}, "has a header that cannot"),
        ({"x": b"\x93NUMPY\x09\x07", "y": GOOD}, "has a header that cannot"),
        ({"x": b"", "y": GOOD}, "array 'x' is no array"),
        ({"x": pickle.dumps([1, 2]), "y": GOOD}, "array 'x' is no array"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_one_line_that_names_the_array_and_the_fault(
    file: Path, members: dict[str, bytes], said: str
) -> None:
    refused = refusal(packed(file, **members))
    assert refused.startswith("'own.npz' ")
    assert said in refused


def test_no_archive_is_one_line(tmp_path: Path) -> None:
    for content, said in [(b"", "is no NPZ file"), (GOOD, "is no NPZ file"), (b"a,b\n1,2\n", "is no NPZ file")]:
        file = tmp_path / "own.npz"
        file.write_bytes(content)
        assert said in refusal(file)
    assert "no file called" in refusal(tmp_path / "none.npz")
    assert "cannot be read" in refusal(tmp_path)
    assert "cannot be read" in refusal(Path("nul\0.npz"))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4), st.none() | st.integers(0, 10**6))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damage_is_arrays_or_one_line(file: Path, damage: list[tuple[int, int]], end: int | None) -> None:
    np.savez_compressed(file, x=np.arange(12.0).reshape(4, 3), y=np.arange(4))
    content = bytearray(file.read_bytes())
    for place, byte in damage:
        content[place % len(content)] = byte
    file.write_bytes(content[: None if end is None else end % len(content)])
    said = ""
    try:
        for array in read_npz(file, WANTED):
            assert np.isfinite(array).all()
    except DataError as error:
        said = str(error)
    assert "\n" not in said


@given(st.binary(max_size=60), st.integers(0, 128))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_header_is_an_array_or_one_line(file: Path, noise: bytes, place: int) -> None:
    packed(file, x=GOOD[:place] + noise + GOOD[place + len(noise) :], y=GOOD)
    said = ""
    try:
        read_npz(file, WANTED)
    except DataError as error:
        said = str(error)
    assert "\n" not in said
