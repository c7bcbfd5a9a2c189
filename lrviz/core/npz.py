"""Arrays as NPZ files hold them. Nothing is unpickled, and no size is believed before it has been checked."""

from __future__ import annotations

import math
import warnings
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


@dataclass(frozen=True)
class _Array:
    """What a member of the archive says that it holds."""

    name: str
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
        _refuse_senseless(where, array)
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
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what numpy says of old or odd headers; they are read or refused
            version = np.lib.format.read_magic(file)
            read = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }.get(version)
            if read is None:
                raise DataError(f"{where} has version {version[0]}.{version[1]} of the format; save plain numbers")
            shape, by_columns, dtype = read(file)
    except DataError:
        raise
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, OverflowError) as error:
        raise DataError(f"{where} is no array: {quoted(one_line(error))}") from None
    return _Array(where, tuple(shape), dtype, by_columns)


def _refuse_senseless(where: str, array: _Array) -> None:
    if array.dtype.kind not in "biuf":
        what = "Python objects, which are never unpickled" if array.dtype.hasobject else f"{array.dtype}"
        raise DataError(f"{where} holds {what}; it takes plain numbers")
    if any(length < 0 for length in array.shape) or math.prod(array.shape) > MOST_NUMBERS:
        size = " × ".join(f"{length:,}" for length in array.shape)
        raise DataError(f"{where} says that it is {size}; {MOST_NUMBERS:,} numbers are the most")


def _index(place: tuple[Any, ...]) -> str:
    return f"[{', '.join(str(int(part)) for part in place)}]"
