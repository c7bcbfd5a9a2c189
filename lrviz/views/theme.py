"""Two palettes, light and dark: each run's colour stands at least 3:1 against landscape and background."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette, QPen
from PySide6.QtWidgets import QApplication

from lrviz.views.color import oklab_from_rgb, rgb_from_hex, rgb_from_oklab

GRID = 8  # px: every distance is a multiple of it, or half of it
TITLE, BODY, SMALL = 1.4, 1.0, 0.85  # font sizes, relative to the system's

# Dash and gap lengths in pen widths; with the eight hues they tell sixteen runs apart, also in print.
DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (5, 2.5),
    (1.5, 2),
    (8, 2, 1.5, 2),
    (3, 2),
    (8, 3),
    (5, 2, 1.5, 2, 1.5, 2),
    (2, 4),
)
MARKERS = ("disc", "square", "triangle", "diamond", "ring", "cross", "star", "bar")


@dataclass(frozen=True, eq=False)  # there are two: told apart by which they are, since caches ask at every stroke
class Theme:
    """The colours of one palette, as #rrggbb."""

    name: str
    window: str  # behind everything
    field: str  # entries, lists, charts
    raised: str  # bars, buttons
    line: str  # separators, grids
    text: str  # at least 4.5:1 on window, field and raised
    quiet: str  # secondary text, at least 4.5:1 too
    accent: str  # focus, selection, the one button that matters
    on_accent: str
    warning: str
    runs: tuple[str, ...]  # eight hues after Okabe and Ito, apart for colour-blind eyes too, as runs take them
    halo: str  # around trails, so that they stand off the isolines
    isoline: str
    ramp: tuple[str, ...]  # anchors from low loss to high

    def run_color(self, run: int) -> QColor:
        return QColor(self.runs[run % len(self.runs)])

    def run_pen(self, run: int, width: float) -> QPen:
        """The pen of a run's trail and curve: its colour and its dash pattern, round at the joins."""
        pen = QPen(self.run_color(run), width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        dashes = run_dashes(run)
        if dashes:
            pen.setDashPattern(list(dashes))
        else:
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return pen

    def halo_pen(self, width: float) -> QPen:
        """The pen of what stands around trails and markers; opaque, so that halos on halos don't show."""
        pen = QPen(QColor(self.halo), width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return pen


def run_dashes(run: int) -> tuple[float, ...]:
    """A run's dashes: past eight runs the hues return, each with another pattern."""
    return DASHES[(run + run // len(DASHES)) % len(DASHES)]


def run_marker(run: int) -> str:
    return MARKERS[(run + run // len(MARKERS)) % len(MARKERS)]


LIGHT = Theme(
    name="light",
    window="#f4f4f2",
    field="#ffffff",
    raised="#eaeae7",
    line="#d3d3cf",
    text="#1d1f22",
    quiet="#5a5d62",
    accent="#2457a6",
    on_accent="#ffffff",
    warning="#a33a00",
    runs=("#0063e7", "#9f1e00", "#007e69", "#9a43ad", "#8d6a00", "#212121", "#00677b", "#88133f"),
    halo="#ffffff",
    isoline="#8b9aa5",
    ramp=("#bacfdc", "#d2dee4", "#e6e9e8", "#f6f4ee"),
)
DARK = Theme(
    name="dark",
    window="#17191c",
    field="#1e2125",
    raised="#282c31",
    line="#3a3f46",
    text="#eceef0",
    quiet="#a6acb4",
    accent="#6ea8fe",
    on_accent="#10141a",
    warning="#ff9d6b",
    runs=("#4cbafa", "#ff8a00", "#00e3ac", "#e485bd", "#f8d343", "#f2f2f2", "#64d8e7", "#fa7d7c"),
    halo="#101214",
    isoline="#4f5b67",
    ramp=("#34526a", "#2a3f50", "#242d36", "#1f2226"),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


@lru_cache(maxsize=8)
def ramp_rgb(theme: Theme, levels: int = 256) -> NDArray[np.uint8]:
    """(levels, 3) the theme's ramp through its anchors, in even steps of OKLab, so that equal steps look equal."""
    anchors = oklab_from_rgb(np.array([rgb_from_hex(color) for color in theme.ramp]))
    at = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(anchors, axis=0), axis=1))])
    along = np.linspace(0, at[-1], levels)
    lab = np.stack([np.interp(along, at, channel) for channel in anchors.T], axis=1)
    return np.rint(np.clip(rgb_from_oklab(lab), 0, 1) * 255).astype(np.uint8)


def font(scale: float = BODY, *, bold: bool = False, italic: bool = False, tabular: bool = False) -> QFont:
    """The system's font at one of the three sizes; `tabular` figures all have one width, so numbers don't dance."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    made.setPointSizeF(base_point_size() * scale)
    made.setBold(bold)
    made.setItalic(italic)
    if tabular and hasattr(QFont, "Tag"):
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def base_point_size() -> float:
    """The system's text size, at least one that reads from the last row."""
    return max(10.0, QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF())


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme, for Fusion: a style that takes every colour from it."""
    roles = QPalette.ColorRole
    made = QPalette()
    for role, color in {
        roles.Window: theme.window,
        roles.WindowText: theme.text,
        roles.Base: theme.field,
        roles.AlternateBase: theme.raised,
        roles.Text: theme.text,
        roles.PlaceholderText: theme.quiet,
        roles.Button: theme.raised,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.warning,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.on_accent,
        roles.Accent: theme.accent,
        roles.Link: theme.accent,
        roles.ToolTipBase: theme.field,
        roles.ToolTipText: theme.text,
        roles.Light: theme.field,
        roles.Midlight: theme.raised,
        roles.Mid: theme.line,
        roles.Dark: theme.line,
        roles.Shadow: theme.line,
    }.items():
        made.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.quiet))
    return made


def apply_theme(theme: Theme) -> None:
    """Dress the running application: Fusion, and the palette."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(theme))


def set_letters() -> None:
    """The system's font at a legible size, for all that is made from now on."""
    QApplication.setFont(font())
