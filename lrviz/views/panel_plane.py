"""What is written in a model's panel of the plane that it shows: what its axes are, and how far it can be trusted."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QRectF

from lrviz.views.panel_labels import INSET, LOWEST, PAD, Label
from lrviz.views.panel_view import SPARE, Letters, View
from lrviz.views.plane_words import Beside, axes_text, beside_texts

AXES = 0.6  # of a map's width that the names of its axes may cover
LEAST = 56  # px: lower maps have no true loss beside the plane's


def beside_label(view: View, run: int, said: Beside, above: Label | None) -> Label | None:
    """A model's true loss beside the plane's, in the map's upper left corner or below what stands there."""
    letters, area = view.fonts.small, view.map_areas[run]
    if area.height() < LEAST:
        return None
    room = area.width() - 2 * INSET - 2 * PAD
    text = next((text for text in beside_texts(said) if letters.width(text) <= room), None)
    return (
        None if text is None else _kept(text, letters, area.left() + INSET, _below(view, run, above), view.theme.text)
    )


def axes_label(view: View, run: int, above: Label | None) -> Label | None:
    """What a model's axes are, in the first map, since all maps show the same plane; only where most of it stays free.

    On the left below what stands there: descents go from the lower left to the upper right where that can be chosen.
    """
    area, letters = view.map_areas[run], view.fonts.small
    if run > 0 or view.scene.plane is None or area.height() < LOWEST:
        return None
    label = _kept(axes_text(view.scene), letters, area.left() + INSET, _below(view, run, above), view.theme.text)
    return label if label.rect.width() <= AXES * area.width() else None


def _below(view: View, run: int, above: Label | None) -> float:
    return view.map_areas[run].top() + INSET if above is None else above.rect.bottom() + INSET / 2


@lru_cache(maxsize=512)
def _kept(text: str, letters: Letters, left: float, top: float, color: str) -> Label:
    """The same object for the same text at the same place: what hasn't changed is not painted again."""
    lines = text.split("\n")
    width = math.ceil(max(map(letters.width, lines)) + 2 * PAD)
    height = math.ceil(len(lines) * letters.height + PAD / 2)
    rect = QRectF(math.floor(left), math.floor(top), width, height)
    return Label(text, rect, rect.toAlignedRect().marginsAdded(SPARE), letters, color)
