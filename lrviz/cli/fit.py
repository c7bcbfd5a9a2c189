"""Whether Python, Qt and torch go together here, asked before any of them can take the program down."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
import sys

Version = tuple[int, ...]


def why_qt_is_unfit() -> str | None:
    """One line on why the installed Qt for Python can't be used with this Python, or None where it can."""
    found = importlib.metadata.version("PySide6-Essentials")
    return _why_unfit(sys.version_info[:2], tuple(int(part) for part in re.findall(r"\d+", found)[:3]))


def load_torch_before_qt() -> None:
    """On Windows torch 2.9 and later fail to load once Qt has (pytorch issue 166628), so there torch comes first."""
    if sys.platform == "win32":
        importlib.import_module("torch")


def _why_unfit(python: Version, pyside: Version) -> str | None:
    shown = ".".join(map(str, pyside))
    if pyside[:2] >= (6, 11):
        # From 6.12 on, CPython 3.11 loses a reference to True with each signal, and aborts after some minutes.
        return f"PySide6 {shown} is newer than what lrviz works with; pip install 'PySide6-Essentials<6.11'"
    if pyside < (6, 8, 3):
        return f"PySide6 {shown} is older than what lrviz works with; pip install 'PySide6-Essentials>=6.8.3,<6.11'"
    if python < (3, 11):
        return f"Python {'.'.join(map(str, python))} is older than what lrviz works with; it needs 3.11 or newer"
    return None
