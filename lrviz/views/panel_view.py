"""A scene laid out: which panel stands where, in which letters, and which part of the landscape its map shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, islice, repeat
from typing import Any

from PySide6.QtCore import QMargins, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from lrviz.core import catalog
from lrviz.core.catalog import Bounds
from lrviz.core.experiment import Experiment, OnExpression, OnModel, OnSurface, Run
from lrviz.core.scene import Scene
from lrviz.views import numbers
from lrviz.views.panel_badge import longest_word
from lrviz.views.panel_layout import Grid, Room, Shape, arrange
from lrviz.views.theme import BODY, GRID, SMALL, TITLE, Theme, font
from lrviz.views.way import Frame
from lrviz.views.zoom import Window

MAX_PANELS = 16  # more are drawn, but not asked for
SPARE = QMargins(1, 1, 1, 2)  # px by which letters may hang out of their line
MENU = 3.5 * GRID  # px at the end of a title line
FREE = Shape(ideal=(0.9, 1.7), limits=(0.6, 2.4))  # a model's plane has no proportions that a person knows
LONGEST = 3.0  # width / height of a surface that keeps its proportions; longer ones would leave too little of a map
USUAL_RATE = 0.00056  # as wide as a slider's rates get: grids don't change while one is dragged


@dataclass(frozen=True)
class Letters:
    """A font with its measures at hand, since asking for them takes longer than drawing a word."""

    font: QFont
    height: float
    drop: float  # from the middle of a line to the letters' baseline
    usual: float  # the width of a letter, most of them being narrower
    metrics: QFontMetricsF = field(compare=False)

    @classmethod
    def of(cls, font: QFont) -> Letters:
        metrics = QFontMetricsF(font)
        drop = (metrics.ascent() - metrics.descent()) / 2
        return cls(font, metrics.height(), drop, 2 * metrics.averageCharWidth(), metrics)

    def width(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    def fit(self, text: str, width: float) -> bool:
        """Whether `width` takes the text; measured only where its letters could be too wide."""
        return len(text) * self.usual <= width or self.width(text) <= width

    def baseline(self, line: QRectF) -> float:
        """On whole pixels, so that a line of text stands still."""
        return round(line.center().y() + self.drop)


@dataclass(frozen=True)
class Fonts:
    """The letters of a board."""

    title: Letters
    body: Letters
    small: Letters


@lru_cache(maxsize=2)
def fonts(small: bool) -> Fonts:
    """The board's fonts; `small` ones where there is little room. Kept, since asking the system is slow."""
    return Fonts(
        title=Letters.of(font(BODY if small else TITLE, bold=True, tabular=True)),
        body=Letters.of(font(SMALL if small else BODY, tabular=True)),
        small=Letters.of(font(SMALL, tabular=True)),
    )


@dataclass(frozen=True, eq=False)
class View:
    """All that stands still of a board. `frames`, one a run, is empty while no landscape is known."""

    scene: Scene
    theme: Theme
    grid: Grid
    frames: tuple[Frame, ...]
    editable: bool

    @property
    def fonts(self) -> Fonts:
        return fonts(self.grid.lines.small)

    @property
    def swatch(self) -> int:
        """Px before a title for the run's line and marker; for the marker alone where there is little room."""
        return swatch(self.grid.lines.small)

    @property
    def on_model(self) -> bool:
        return isinstance(self.scene.experiment.problem, OnModel)

    def map(self, run: int) -> QRect:
        return self.grid.map(run)

    def title_text(self, run: int) -> str:
        """A run's rate, and those that it is changed to: "0.1 → 0.01"."""
        return title_text(self.scene.experiment.runs[run])

    def earlier_text(self, run: int) -> str:
        """What of a title stands before its last rate, which is the one that is edited: "0.1 → "."""
        return self.title_text(run).removesuffix(numbers.exact(self.scene.experiment.runs[run].rates[-1]))

    def title_end(self, run: int) -> float:
        """Where the title's letters leave off, in px."""
        width = self.fonts.title.width(self.title_text(run))
        return self.grid.title(run).x() + self.swatch + width

    def optimizer(self, run: int) -> str:
        """What a run is minimised by, where that is its own."""
        return optimizer_text(self.scene.experiment, run)

    def optimizer_shown(self, run: int) -> tuple[str, QRectF]:
        """The same cut to the room between title and menu, and that room."""
        name, rest = self.optimizer(run), QRectF(self.grid.title(run))
        rest.setLeft(self.title_end(run) + GRID)
        rest.setRight(rest.right() - (MENU if self.editable else 0))
        metrics = QFontMetricsF(self.fonts.small.font)
        return metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(rest.width(), 0)), rest

    @cached_property
    def map_areas(self) -> tuple[QRectF, ...]:
        return tuple(QRectF(self.map(run)) for run in range(len(self.scene.traces)))

    @cached_property
    def map_rects(self) -> tuple[QRect, ...]:
        """Where each map may paint."""
        return tuple(self.map(run).marginsAdded(SPARE) for run in range(len(self.scene.traces)))

    def window(self, run: int) -> Bounds | None:
        """What a run's map shows of the plane; None where it shows all of the landscape."""
        landscape = self.scene.landscape
        home = landscape is None or not self.frames or self.frames[run].bounds == landscape.bounds
        return None if home else self.frames[run].bounds

    @cached_property
    def figure_labels(self) -> dict[tuple[int, int, bool], Any]:
        """Labels kept by panel_labels.figure_label."""
        return {}

    @cached_property
    def badge_places(self) -> tuple[tuple[QRectF, QRect], ...]:
        """For each panel the rectangle of its badge, and where that may paint."""
        rects = [self._badge_rect(run) for run in range(len(self.scene.traces))]
        return tuple((rect, rect.toAlignedRect().marginsAdded(SPARE)) for rect in rects)

    def _badge_rect(self, run: int) -> QRectF:
        """The room for the badge: its own line, or what title, optimizer and menu leave of theirs."""
        line = QRectF(self.grid.badge_line(run))
        if not line.isEmpty():
            return line
        rect = QRectF(self.grid.title(run))
        name = self.optimizer(run)
        used = self.fonts.small.width(name) + GRID if name else 0
        rect.setLeft(self.title_end(run) + used + 1.5 * GRID)
        rect.setRight(rect.right() - (MENU if self.editable else 0))
        return rect


def swatch(small: bool) -> int:
    return 2 * GRID if small else 4 * GRID


def title_text(run: Run) -> str:
    """A run's rate, and those that it is changed to: "0.1 → 0.01"."""
    return " → ".join(map(numbers.exact, run.rates))


def optimizer_text(experiment: Experiment, run: int) -> str:
    """A run's own optimizer, what it is changed to, and its own schedule; empty where it has the experiment's."""
    own = experiment.runs[run]
    changed = [change.optimizer for change in own.changes if change.optimizer is not None]
    begun = [experiment.optimizer_of(own)] if changed or own.optimizer is not None else []
    names = " → ".join(catalog.optimizers.find(part.name).title for part in (*begun, *changed))
    schedule = catalog.schedules.find(own.schedule.name).title if own.schedule is not None else ""
    return ", ".join(filter(None, (names, schedule)))


def view_of(scene: Scene, size: QSize, theme: Theme, editable: bool, windows: Sequence[Window] = ()) -> View:
    """The scene laid out in `size` px; `editable` with controls, and with room for another run.

    `windows` is what each run's map shows of the plane: all of the landscape unless told.
    """
    count = len(scene.traces)
    more = editable and count < MAX_PANELS
    shape, room = map_shape(scene), _room(scene.experiment, editable)
    grid = arrange(count, size.width(), size.height(), shape, room, editable=editable, more=more)
    frames: tuple[Frame, ...] = ()
    if scene.landscape is not None and scene.plane is not None:
        home, map_size = scene.landscape.bounds, grid.map_size.toTuple()
        frames = tuple(Frame(window or home, *map_size) for window in islice(chain(windows, repeat(None)), count))
    return View(scene, theme, grid, frames, editable)


def map_shape(scene: Scene) -> Shape:
    """A surface keeps its proportions: circles stay round, and a gradient stands upright on the isolines."""
    match scene.experiment.problem:
        case OnModel():
            return FREE
        case OnSurface(surface=surface):
            x0, x1, y0, y1 = catalog.surfaces.find(surface.name).bounds
        case OnExpression(bounds=bounds):
            x0, x1, y0, y1 = bounds
    proportion = (x1 - x0) / (y1 - y0)
    if not 1 / LONGEST <= proportion <= LONGEST:
        return FREE
    return Shape(ideal=(proportion, proportion), limits=(proportion, proportion))


def _room(experiment: Experiment, editable: bool) -> Room:
    """What titles need, with the longest name of a run's own parts where letters are chosen; in the smallest ones it is
    rather cut than that a map is stretched for it."""
    names = [optimizer_text(experiment, run) for run in range(len(experiment.runs))]
    named = max((fonts(True).small.width(name) + GRID for name in names if name), default=0.0)

    def widths(small: bool) -> tuple[float, float]:
        letters = fonts(small)
        texts = (*map(title_text, experiment.runs), numbers.exact(USUAL_RATE))
        title = max(map(letters.title.width, texts))
        badge = letters.body.width(longest_word()) + 2 * GRID
        return title + swatch(small) + (MENU if editable else 0), badge

    (title, badge), (small_title, small_badge) = widths(False), widths(True)
    return Room(
        round(title + named + badge),
        round(title + named),
        round(small_title + named + small_badge),
        math.ceil(small_title),
    )
