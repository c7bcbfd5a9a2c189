"""Writing files so that a failure, a full disk included, leaves the old file as it was."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from lrviz.core.errors import LrvizError


class DestinationError(LrvizError):
    """A file cannot be written there, which can be said before there is anything to write."""


class WriteError(Exception):
    """Writing a file failed. The file that stood there before stands there still."""


def check_destination(path: Path) -> None:
    """Refuse, with one line, a path at which nothing could be written: no such folder, not a file, read-only."""
    folder = path.parent
    if not folder.is_dir():
        raise DestinationError(f"cannot write {path}: there is no folder {folder}")
    if path.exists() and not path.is_file():
        raise DestinationError(f"cannot write {path}: it is not a file")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise DestinationError(f"cannot write {path}: it is read-only; choose another place")


def write_file(path: Path, data: bytes) -> None:
    """Put `data` into the file at `path`, whole or not at all. WriteError, one line, where that fails.

    The bytes go to a temporary file in the same folder, on to the disk, and only then take the old file's place.
    """
    target = Path(os.path.realpath(path))  # a link stays a link; the file behind it is replaced
    temporary = target.with_name(f".lrviz-{secrets.token_hex(8)}")
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else None
        try:
            _write_through(temporary, data, mode)
            os.replace(temporary, target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror or error}") from error


def _write_through(path: Path, data: bytes, mode: int | None) -> None:
    """Write a new file and wait until the disk has it, since a full disk may say so only then."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if mode is not None:
        os.chmod(path, mode)
