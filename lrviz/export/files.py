"""Writing files so that a failure, a full disk included, leaves the old file as it was."""

from __future__ import annotations

import os
from pathlib import Path

from lrviz.core.errors import LrvizError
from lrviz.core.whole_files import replace_file


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
    """Put `data` into the file at `path`, whole or not at all. WriteError, one line, where that fails."""
    try:
        replace_file(path, data)
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror or error}") from error
