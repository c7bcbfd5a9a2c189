"""A fate map as colours: a hue for each minimum, paler the longer it took, and a pattern for each other end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from lrviz.core.fate import UNKNOWN, FateMap, Outcome, OutcomeKind
from lrviz.views.color import oklab_from_rgb, rgb_from_hex, rgb_from_oklab
from lrviz.views.theme import Theme

HUES = (0, 1, 2, 4, 3, 6, 7)  # of the theme's runs: all but black and white
STRONG, PALE = 0.8, 0.22  # how much of its hue an area has, reached at once and after all steps
PATTERNS: dict[OutcomeKind, Qt.BrushStyle] = {
    "diverged": Qt.BrushStyle.BDiagPattern,
    "oscillating": Qt.BrushStyle.Dense7Pattern,
    "stuck": Qt.BrushStyle.DiagCrossPattern,
}


@dataclass(frozen=True)
class Swatch:
    """An outcome's two colours, and the pattern over them where it has one."""

    strong: QColor
    pale: QColor
    pattern: Qt.BrushStyle | None
    ink: QColor  # of the pattern

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, self.strong)
        if self.pattern is not None:
            painter.fillRect(rect, QBrush(self.ink, self.pattern))


def swatch(theme: Theme, outcome: Outcome, number: int) -> Swatch:
    """The looks of an outcome; `number` is that of its hue, where it has a place."""
    strong, pale = _ends(theme, outcome.kind, number)
    light = theme.name == "light"
    ink = QColor(theme.quiet if outcome.kind != "diverged" else "#9a9a97" if light else "#50565e")
    return Swatch(_color(strong), _color(pale), PATTERNS.get(outcome.kind), ink)


@lru_cache
def numbered(outcomes: tuple[Outcome, ...]) -> list[int]:
    """For each outcome the number of its hue: the one whose nearest place among those before is farthest away."""
    places = np.array([outcome.place or (0.0, 0.0) for outcome in outcomes])
    numbers = np.full(len(outcomes), -1)
    for code, outcome in enumerate(outcomes):
        if outcome.place is not None:
            before = np.flatnonzero(numbers >= 0)
            nearest = np.full(len(HUES), np.inf)
            np.minimum.at(nearest, numbers[before], np.hypot(*(places[before] - places[code]).T))
            numbers[code] = nearest.argmax()
    return [int(number) for number in numbers.clip(0)]


def map_image(found: FateMap, theme: Theme) -> QImage:
    """(W, H) px, one a cell, the last row on top."""
    part = np.log1p(found.steps) / math.log1p(found.question.steps)
    part = np.clip(part, 0, 1)[..., None]
    shown = np.empty((*found.fate.shape, 3))
    shown[:] = oklab_from_rgb(rgb_from_hex(theme.field))
    for code, number in zip(range(len(found.outcomes)), numbered(found.outcomes), strict=True):
        here = found.fate == code
        if here.any():
            strong, pale = _ends(theme, found.outcomes[code].kind, number)
            shown[here] = strong + (pale - strong) * part[here]
    pixels = np.rint(np.clip(rgb_from_oklab(shown[::-1]), 0, 1) * 255).astype(np.uint32)
    words = np.ascontiguousarray(
        (255 << 24) | (pixels[..., 0] << 16) | (pixels[..., 1] << 8) | pixels[..., 2], np.uint32
    )
    rows, columns = words.shape
    return QImage(words.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def paint_map(painter: QPainter, rect: QRectF, found: FateMap, theme: Theme) -> None:
    """The whole map, patterns included, in `rect`."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(rect, map_image(found, theme))
    ratio = painter.device().devicePixelRatioF()
    for code, outcome in enumerate(found.outcomes):
        pattern = PATTERNS.get(outcome.kind)
        here = found.fate == code
        if pattern is not None and here.any():
            layer = QImage((rect.size() * ratio).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
            layer.setDevicePixelRatio(ratio)
            layer.fill(Qt.GlobalColor.transparent)
            area = QRectF(0, 0, rect.width(), rect.height())
            with QPainter(layer) as inner:
                inner.fillRect(area, QBrush(swatch(theme, outcome, 0).ink, pattern))
                inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
                inner.drawImage(area, _mask(here))
            painter.drawImage(rect.topLeft(), layer)


def shares(found: FateMap) -> list[tuple[int, float]]:
    """(code, part of the map) of the outcomes that occur, the most frequent minimum first, then what has no place."""
    known = found.fate[found.fate != UNKNOWN]
    counts = np.bincount(known, minlength=len(found.outcomes)) / max(1, found.fate.size)
    present = [code for code in range(len(counts)) if counts[code] > 0]
    present.sort(key=lambda code: (found.outcomes[code].place is None, -counts[code]))
    return [(code, float(counts[code])) for code in present]


def _ends(theme: Theme, kind: OutcomeKind, number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """An outcome's colours in OKLab, reached at once and after all steps."""
    ground = oklab_from_rgb(rgb_from_hex(theme.field))
    if kind in ("minimum", "rest"):
        hue = oklab_from_rgb(rgb_from_hex(theme.runs[HUES[number]]))
        return ground + (hue - ground) * STRONG, ground + (hue - ground) * PALE
    light = theme.name == "light"
    dark, faint = ("#4d4d4a", "#6e6e6a") if light else ("#050607", "#15181b")
    plain = {
        "diverged": (dark, faint),
        "oscillating": (("#c9c3ac", "#c9c3ac") if light else ("#4b4733", "#4b4733")),
        "crawling": (("#e4e4e0", "#e4e4e0") if light else ("#30353b", "#30353b")),
        "stuck": (("#d7cfd9", "#d7cfd9") if light else ("#453c49", "#453c49")),
        "floor": ((theme.runs[2], theme.runs[2])),
    }[kind]
    strong, pale = (oklab_from_rgb(rgb_from_hex(color)) for color in plain)
    return strong, pale


def _color(lab: NDArray[np.float64]) -> QColor:
    red, green, blue = np.clip(rgb_from_oklab(lab), 0, 1).tolist()
    return QColor.fromRgbF(red, green, blue)


def _mask(here: NDArray[np.bool_]) -> QImage:
    """Opaque where something holds, clear elsewhere, the last row on top."""
    alpha = np.ascontiguousarray(np.where(here[::-1], np.uint8(255), np.uint8(0)))
    rows, columns = alpha.shape
    return QImage(alpha.data, columns, rows, columns, QImage.Format.Format_Alpha8).copy()
