"""lrviz shows what a learning rate does."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lrviz.door import Found, Race, compare, find, show

__all__ = ["Found", "Race", "__version__", "compare", "find", "show"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """The Python door, and torch behind it, only once somebody comes through."""
    if name in ("Found", "Race", "compare", "find", "show"):
        return getattr(importlib.import_module("lrviz.door"), name)
    raise AttributeError(f"module 'lrviz' has no attribute {name!r}")
