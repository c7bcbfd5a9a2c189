"""The lens's letters: asked of the system once, since asking is slow."""

from __future__ import annotations

from functools import lru_cache

from lrviz.views.panel_view import Letters
from lrviz.views.theme import font


@lru_cache(maxsize=8)
def letters(scale: float, bold: bool = False) -> Letters:
    """Tabular ones of a size."""
    return Letters.of(font(scale, bold=bold, tabular=True))
