"""Where the files are that travel with the program: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def resource(name: str) -> Path:
    """The path of resources/`name`, such as "data/digits.csv.gz". FileNotFoundError, one line, if it isn't there."""
    inside = _PACKAGE / "resources"
    folder = inside if inside.is_dir() else _PACKAGE.parent / "resources"
    if not (folder / name).exists():
        raise FileNotFoundError(f"{name} is missing from {folder}; installing lrviz again brings it back")
    return folder / name
