"""Arrays as NPZ files hold them. Nothing is unpickled, and no size is believed before it has been checked."""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.errors import DataError, one_line, quoted

MOST_NUMBERS = 2**28  # in one array: 2 GiB once they have 64 bits
ENDING = ".npy"
MAGIC = b"\x93NUMPY"
LONGEST_HEADER = 10_000
HEADER = re.compile(
    r"\{['\"]descr['\"]: (.+), ['\"]fortran_order['\"]: (True|False), "
    r"['\"]shape['\"]: \(((?:\d{1,18}(?:, ?|(?=\))))*)\),? ?\}\s*"
)
PLAIN = re.compile(r"[\"'][<>|=]?(?:b1|[iu][1248]|f[248])[\"']")


@dataclass(frozen=True)
class _Array:
    """What a member of the archive says that it holds."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    by_columns: bool

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def read_npz(path: Path, wanted: tuple[tuple[str, ...], ...]) -> list[NDArray[Any]]:
    """One array of finite numbers for each of `wanted`: the one that has one of these names, in any case.

    Arrays of booleans, integers and floats of up to 2 GiB are read, as they are. DataError, one line, for any other
    file or array.
    """
    name = quoted(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [_member(name, archive, names) for names in wanted]
            return [_array(name, archive, member) for member in members]
    except FileNotFoundError:
        raise DataError(f"no file called {quoted(str(path))}") from None
    except zipfile.BadZipFile as error:
        raise DataError(f"{name} is no NPZ file, or a broken one: {one_line(error)}") from None
    except DataError:
        raise
    except (OSError, EOFError, ValueError, RuntimeError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or one_line(error)
        raise DataError(f"{quoted(str(path))} cannot be read: {reason}") from None


def _member(name: str, archive: zipfile.ZipFile, names: tuple[str, ...]) -> zipfile.ZipInfo:
    members = {info.filename.removesuffix(ENDING): info for info in archive.infolist()}
    found = [member for member in members if member.lower() in names]
    if len(found) == 1:
        return members[found[0]]
    if found:
        raise DataError(f"{name} has {' and '.join(map(quoted, found))}; keep one of them")
    has = ", ".join(map(quoted, list(members)[:8])) or "nothing"
    raise DataError(f"{name} has no array called {' or '.join(names)}; it has {has}")


def _array(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    where = f"{name} array {quoted(member.filename.removesuffix(ENDING))}"
    with archive.open(member) as file:
        array = _header(where, file)
        if math.prod(array.shape) > MOST_NUMBERS:
            size = " × ".join(f"{length:,}" for length in array.shape)
            raise DataError(f"{where} says that it is {size}; {MOST_NUMBERS:,} numbers are the most")
        held = member.file_size - file.tell()
        if held != array.bytes:
            raise DataError(f"{where} says that it holds {array.bytes:,} bytes, but holds {held:,}; save it again")
        content = file.read(array.bytes)
    if len(content) != array.bytes:
        raise DataError(f"{where} ends after {len(content):,} of {array.bytes:,} bytes; save it again")
    numbers = np.frombuffer(content, array.dtype).reshape(array.shape, order="F" if array.by_columns else "C")
    infinite = ~np.isfinite(numbers)
    if infinite.any():
        place = np.unravel_index(int(infinite.argmax()), array.shape)
        raise DataError(f"{where} is {numbers[place]} at {_index(place)}; numbers are finite")
    return numbers


def _header(where: str, file: IO[bytes]) -> _Array:
    """What an .npy file says of itself (numpy.lib.format), read by the one form in which headers are written.

    NumPy's own reader takes any Python literal, and answers an odd one with a dozen kinds of exceptions.
    """
    magic = file.read(8)
    if len(magic) < 8 or not magic.startswith(MAGIC):
        raise DataError(f"{where} is no array as NumPy saves them")
    size = int.from_bytes(file.read(2 if magic[6] == 1 else 4), "little")
    found = HEADER.fullmatch(file.read(min(size, LONGEST_HEADER)).decode("latin-1"))
    if found is None:
        raise DataError(f"{where} has a header that cannot be read; save it again")
    descr, by_columns, lengths = found.groups()
    if PLAIN.fullmatch(descr) is None:
        what = "Python objects, which are never unpickled" if "O" in descr else f"numbers of the kind {quoted(descr)}"
        raise DataError(f"{where} holds {what}; it takes booleans, integers and floats of up to 64 bits")
    shape = tuple(int(length) for length in lengths.split(",") if length.strip())
    return _Array(shape, np.dtype(descr.strip("'\"")), by_columns == "True")


def _index(place: tuple[Any, ...]) -> str:
    return f"[{', '.join(str(int(part)) for part in place)}]"
