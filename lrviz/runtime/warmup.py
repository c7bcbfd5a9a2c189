"""Loading torch beside an open window."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import sys
from pathlib import Path

# In the order in which they need each other.
_LIBRARIES = ("libgomp*", "libc10", "libtorch_cpu", "libtorch", "libshm", "libtorch_python")


def load_torch() -> None:
    """Import torch and what its first optimizer imports; one compute thread, since the window needs the other core.

    The shared libraries are opened first through ctypes, which lets go of the interpreter's lock while import
    does not: so the window stalls for tens of milliseconds instead of half a second.
    """
    if sys.platform == "linux" and "torch" not in sys.modules:
        _open_libraries()
    import torch

    from lrviz.engine.process import settle

    settle()
    weight = torch.nn.Parameter(torch.zeros(1))
    torch.optim.Adam([weight], lr=1.0).step()


def _open_libraries() -> None:
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return
    folder = Path(found.origin).parent / "lib"
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes = [ctypes.c_char_p, ctypes.c_int]
    dlopen.restype = ctypes.c_void_p
    for name in _LIBRARIES:
        for path in folder.glob(f"{name}.so*"):
            with contextlib.suppress(OSError):
                dlopen(os.fsencode(path), os.RTLD_NOW)
