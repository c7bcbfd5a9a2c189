"""Files that are replaced whole or not at all, also where the disk is full or the machine stops."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` into the file at `path`. OSError; what stood there before then stands there still.

    The bytes go to a temporary file in the same folder, on to the disk, and only then take the old file's place.
    """
    target = Path(os.path.realpath(path))  # a link stays a link; the file behind it is replaced
    temporary = target.with_name(f".lrviz-{secrets.token_hex(8)}")
    mode = target.stat().st_mode & 0o777 if target.exists() else None
    try:
        _write_through(temporary, data, mode)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


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
