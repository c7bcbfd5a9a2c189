"""The experiment that a file holds: an experiment file, a result of `lrviz run --json`, or a picture of one."""

from __future__ import annotations

from pathlib import Path

from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Experiment
from lrviz.core.experiment_file import experiment_from_fields, experiment_from_json, fields_from_json
from lrviz.export.png_text import SIGNATURE, text_from_png

MOST_BYTES = 64 << 20


def experiment_from_file(path: Path) -> Experiment:
    """The experiment in the file at `path`. ExperimentError, one line, for anything that holds none."""
    try:
        return _experiment_from_bytes(_read(path))
    except ExperimentError as error:
        line = " ".join(str(error).split())  # it may quote what the file says, and that may have lines
        raise ExperimentError(f"{path}: {line}") from None


def _read(path: Path) -> bytes:
    try:
        if not path.exists():
            raise ExperimentError("there is no such file")
        if not path.is_file():
            raise ExperimentError("this is not a file")
        if path.stat().st_size > MOST_BYTES:
            raise ExperimentError(f"this file has more than {MOST_BYTES >> 20} MB; no experiment is that long")
        return path.read_bytes()
    except OSError as error:
        raise ExperimentError(f"cannot be read: {error.strerror or error}") from None


def _experiment_from_bytes(data: bytes) -> Experiment:
    if data.startswith(SIGNATURE):
        return experiment_from_json(text_from_png(data))
    if not data.lstrip().startswith(b"{"):
        raise ExperimentError("this is no experiment file (JSON) and no picture (PNG) that lrviz drew")
    result = fields_from_json(data)
    # A result tells which experiment it is the result of.
    fields = result.get("experiment") if isinstance(result, dict) and "format" not in result else None
    return experiment_from_fields(result if fields is None else fields)
