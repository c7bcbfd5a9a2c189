"""Finished groups of sweeps on disk: a sweep that was stopped, or killed, goes on from what it had."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np
import platformdirs
import torch

from lrviz import __version__
from lrviz.core import catalog
from lrviz.core.epochs import file_state
from lrviz.core.experiment import OnModel
from lrviz.core.experiment_file import experiment_to_fields
from lrviz.core.whole_files import replace_file
from lrviz.engine.sweep_group import GroupResult, SweepGroup

MOST_BYTES = 200 * 2**20
ENDING = ".npz"
DIVERGED, MARKS, METRIC = "diverged", "marks", "metric."


def versions() -> tuple[str, str]:
    """lrviz' and torch's: numbers of others may differ in their last bits, or more."""
    return __version__, str(torch.__version__)


def group_key(group: SweepGroup) -> str | None:
    """What a group's numbers follow from, as a hash; None for one with parts that only this process knows."""
    problem, state = group.experiment.problem, None
    if isinstance(problem, OnModel):
        if catalog.models.lends(problem.model.name) or catalog.datasets.lends(problem.data.name):
            return None
        state = file_state(problem.data)
    text = msgspec.json.encode(
        (experiment_to_fields(group.experiment), group.marks, state, versions()), order="deterministic"
    )
    return hashlib.sha256(text).hexdigest()


class SweepStore:
    """A folder with a file for each finished group. What can't be read there is as if it were not there.

    What has not been used for longest goes once it is larger than `most_bytes`, but nothing that this object has saved
    or loaded.
    """

    def __init__(self, folder: Path | None = None, most_bytes: int = MOST_BYTES) -> None:
        self.folder = default_folder() if folder is None else folder
        self._most_bytes = most_bytes
        self._used: set[str] = set()
        self._since_trimmed = most_bytes  # bytes; the first save has a look

    def load(self, group: SweepGroup) -> GroupResult | None:
        """The group's whole result, if it is here."""
        key = group_key(group)
        if key is None:
            return None
        path = self._path(key)
        try:
            result = _result_from(path.read_bytes(), group)
            os.utime(path)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            return None
        self._used.add(key)
        return result

    def save(self, group: SweepGroup, result: GroupResult) -> bool:
        """Put a whole result where it survives this process. False where that can't be: it is only kept for later."""
        key = group_key(group)
        if key is None:
            return False
        data = _bytes_of(result)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_file(self._path(key), data)
        except OSError:
            return False
        self._used.add(key)
        self._since_trimmed += len(data)
        if self._since_trimmed >= self._most_bytes // 100:
            self._trim()
        return True

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{ENDING}"

    def _trim(self) -> None:
        self._since_trimmed = 0
        found = []
        for path in self.folder.glob(f"*{ENDING}"):
            with suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime, state.st_size, path))
        excess = sum(size for _, size, _ in found) - self._most_bytes
        for _, size, path in sorted(found):
            if excess <= 0:
                return
            if path.stem not in self._used:
                with suppress(OSError):
                    path.unlink()
                    excess -= size


def default_folder() -> Path:
    """Where sweeps are kept unless said otherwise."""
    return platformdirs.user_cache_path("lrviz") / "sweeps"


def _bytes_of(result: GroupResult) -> bytes:
    arrays = {MARKS: result.marks, DIVERGED: result.diverged}
    arrays |= {METRIC + name: values for name, values in result.metrics.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _result_from(data: bytes, group: SweepGroup) -> GroupResult:
    """ValueError and its like for anything but a whole result of the group."""
    shape = len(group.lrs), len(group.marks)
    expected = 8 * (shape[0] * shape[1] + shape[0] + shape[1]) + 4096
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if any(info.file_size > expected for info in archive.infolist()):  # nothing is unpacked before it is checked
            raise ValueError("an array is larger than any of this group's")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        marks, diverged = arrays[MARKS], arrays[DIVERGED]
        metrics = {name.removeprefix(METRIC): arrays[name] for name in arrays.files if name.startswith(METRIC)}
    right = marks.shape == shape[1:] and diverged.shape == shape[:1] and metrics
    if not right or any(values.shape != shape or values.dtype != np.float64 for values in metrics.values()):
        raise ValueError("not this group's arrays")
    return GroupResult(marks, metrics, diverged, len(marks))
