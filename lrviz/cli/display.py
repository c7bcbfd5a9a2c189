"""Whether a window can open here, asked before Qt is: where it can't, Qt ends the process with a page of text."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from pathlib import Path


def why_no_window() -> str | None:
    """One line on why no window can open here, or None where one can.

    Qt's rules: QT_QPA_PLATFORM names platforms to try in turn, otherwise a set DISPLAY and a set WAYLAND_DISPLAY do;
    one that works is enough. Each is tried as Qt would: its plugin is loaded, and its server asked.
    """
    if sys.platform in ("win32", "darwin"):
        return None
    platforms = _platforms()
    if not platforms:
        return "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    reasons = [_why_not(platform) for platform in platforms]
    return None if None in reasons else reasons[0]


def _platforms() -> list[str]:
    named = os.environ.get("QT_QPA_PLATFORM", "")
    if named:
        return [name.partition(":")[0] for name in named.split(";")]
    by_variable = {"DISPLAY": "xcb", "WAYLAND_DISPLAY": "wayland"}
    return [platform for variable, platform in by_variable.items() if os.environ.get(variable)]


def _why_not(platform: str) -> str | None:
    try:
        from PySide6.QtCore import QLibraryInfo

        folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
        plugins = sorted(folder.glob(f"libq{platform}*.so")) if re.fullmatch(r"[\w-]+", platform) else []
        if folder.is_dir() and not plugins:
            return f"Qt has no platform called {platform!r}, which QT_QPA_PLATFORM names"
        for plugin in plugins[:1]:
            ctypes.CDLL(str(plugin))  # fails with the name of the library that it misses
        if platform == "xcb":
            return None if _x_server_answers() else f"the display {os.environ.get('DISPLAY', '')!r} does not answer"
        if platform.startswith("wayland"):
            return None if _wayland_answers() else "the Wayland display does not answer"
    except (ImportError, OSError) as error:
        return f"Qt cannot open a window here: {' '.join(str(error).split())}"
    return None


def _x_server_answers() -> bool:
    """Connect as libxcb does, authority included, and part again."""
    library = ctypes.CDLL("libxcb.so.1")
    connection = _connection(library.xcb_connect, None, None)
    failed = library.xcb_connection_has_error(connection)
    library.xcb_disconnect(connection)
    return not failed


def _wayland_answers() -> bool:
    library = ctypes.CDLL("libwayland-client.so.0")
    connection = _connection(library.wl_display_connect, None)
    if connection.value is None:
        return False
    library.wl_display_disconnect(connection)
    return True


def _connection(connect: ctypes._NamedFuncPointer, *arguments: None) -> ctypes.c_void_p:
    """Call a C function that gives a pointer."""
    connect.restype = ctypes.c_void_p
    return ctypes.c_void_p(connect(*arguments))
