"""Qt's own methods, overridden in Python: an exception in one is reported, and never leaves it."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

Widget = TypeVar("Widget")
Given = ParamSpec("Given")


def guarded(
    handler: Callable[Concatenate[Widget, Given], None],
) -> Callable[Concatenate[Widget, Given], None]:
    """Hand what an event handler raises to sys.excepthook, as Qt for Python does with a slot's exceptions.

    One that leaves a handler while Python waits in a Qt call, as a resize does, takes the whole program down
    (PySide6 6.10.3 on CPython 3.11).
    """

    @functools.wraps(handler)
    def safe(self: Widget, /, *args: Given.args, **kwargs: Given.kwargs) -> None:
        try:
            handler(self, *args, **kwargs)
        except Exception:
            sys.excepthook(*sys.exc_info())

    return safe
