"""What outlives the program: the view state as JSON in the user's own folder, the window's place through QSettings."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import msgspec
import platformdirs
from PySide6.QtCore import QByteArray, QSettings

from lrviz.core.viewstate import ViewState


def state_path() -> Path:
    return Path(platformdirs.user_config_dir("lrviz", appauthor=False)) / "view.json"


def load_view_state(path: Path) -> ViewState:
    """The state kept at `path`; the defaults where there is none, or where it can't be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ViewState)
    except (OSError, msgspec.MsgspecError):
        return ViewState()


def save_view_state(path: Path, state: ViewState) -> None:
    """Keep the state; a folder that can't be written to is no reason to disturb anyone at the end."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(state))
        os.replace(fresh, path)


def load_geometry() -> QByteArray | None:
    value = QSettings("lrviz", "lrviz").value("geometry")
    return value if isinstance(value, QByteArray) else None


def save_geometry(geometry: QByteArray) -> None:
    QSettings("lrviz", "lrviz").setValue("geometry", geometry)
