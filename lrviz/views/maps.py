"""Maps of one landscape with the trails of runs on them: what the board and the overlay have in common."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QRegion, QWheelEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.catalog import Bounds
from lrviz.core.experiment import OnModel
from lrviz.core.landscape import Landscape
from lrviz.core.scene import Scene
from lrviz.views.canvas import Canvas
from lrviz.views.fresh_ink import FreshInk
from lrviz.views.ground import Ground
from lrviz.views.guard import guarded
from lrviz.views.leaving import Leaving
from lrviz.views.map_hand import MapHand
from lrviz.views.marks import paint_change, paint_start, places_of_changes
from lrviz.views.spot import Spot, spot_of
from lrviz.views.stretched import Stretched
from lrviz.views.theme import GRID
from lrviz.views.trail import Trail
from lrviz.views.way import Way
from lrviz.views.zoom import FARTHEST, Window

TRAIL_WIDTHS = ((45 * GRID, 2.5), (20 * GRID, 2.0), (0, 1.5))  # px: from which width of a map, and how wide
REST_MS = 120  # without another window, after which trails are stroked anew and a close-up is asked for


class Maps(Canvas):
    """Keeps ground, trails and windows. A subclass says where each run's map stands.

    A window that changes shows at once, with the old ink stretched; after a short rest one map after the other is
    stroked anew, so that no frame has to wait for all of them.
    """

    start_moved = Signal(float, float, bool)  # x, y on the plane; final
    windows_changed = Signal(object)  # tuple[Bounds | None, ...], as `windows`
    closeup_wanted = Signal(object)  # Bounds, of a surface: a landscape of them would be sharper than what is known

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.linked = True  # whether all maps show the same window
        self.windows: tuple[Window, ...] = ()  # what each map shows of the plane; None, or none here: all of it
        self._home: Bounds | None = None  # the whole of the last landscape that was known
        self._spots: tuple[Spot, ...] = ()  # one a run; empty while no landscape is known
        self._ground: Ground | None = None
        self._trails: list[Trail] = []  # one a run; empty while no landscape is known
        self._leavings: list[Leaving] = []  # one a run, of a surface: a model's plane has no edge that means something
        self._inked: dict[int, QRect] = {}  # where each run was inked since the heads were placed last
        self._stretched: dict[int, Stretched] = {}  # by map: old ink that stands in for what is to be stroked anew
        self._fresh: FreshInk | None = None  # of the map that is being stroked anew
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._sharpen)
        self._hand = MapHand(self)
        self._hand.start_moved.connect(self.start_moved)
        self._hand.window_wished.connect(self._grant_window)

    # What a subclass says

    def lay_out(self) -> None:
        """Find where everything stands at the present scene, size, theme and windows; call `stand`."""
        raise AssertionError("maps are laid out")

    # What the window calls

    def show_windows(self, windows: Sequence[Window]) -> None:
        """Show these parts of the plane, one a map; what is not named shows all of it."""
        self.windows = tuple(windows)
        self.lay_out()

    def show_whole(self) -> None:
        """All maps show all of the landscape again."""
        self.show_windows(())
        self.windows_changed.emit(self.windows)

    def set_linked(self, linked: bool) -> None:
        """All maps at the same window, the one that was looked at last; or each at its own."""
        self.linked = linked
        if linked and len(set(self.windows)) > 1:
            self._grant_window(self._hand.map, self._window(self._hand.map))

    def show_closeup(self, landscape: Landscape) -> None:
        """A landscape of one of the windows that `closeup_wanted` has asked for."""
        if self._ground is not None and any(spot.frame.bounds == landscape.bounds for spot in self._spots):
            self._ground.add(landscape)
            self.invalidate_still()

    @property
    def sharp(self) -> bool:
        """Whether every trail is stroked for the window in which it is shown."""
        return not self._stretched

    def take_in(self) -> None:
        """Take in the points that have been published since; the next step shown goes as far as they do."""
        for trail, spot in zip(self._trails, self._spots, strict=True):
            if spot.map in self._stretched:
                trail.place()
            else:
                trail.grow()
        for leaving in self._leavings:
            leaving.follow()

    def inkable_step(self) -> int:
        return max((int(trail.way.steps[-1]) for trail in self._trails if len(trail.way.steps)), default=-1)

    # Windows

    def _window(self, number: int) -> Window:
        return self.windows[number] if number < len(self.windows) else None

    def _grant_window(self, number: int, window: Window) -> None:
        count = 1 + max((spot.map for spot in self._spots), default=number)
        windows = [window if self.linked or other == number else self._window(other) for other in range(count)]
        if tuple(windows) != self.windows:
            self.show_windows(windows)
            self.windows_changed.emit(self.windows)

    def keep_windows(self, scene: Scene) -> None:
        """Windows mean something only within the landscape that they were chosen for."""
        if scene.landscape is None:
            return
        before, self._home = self._home, scene.landscape.bounds
        if before not in (None, self._home) and any(self.windows):
            self.windows = ()
            self.windows_changed.emit(self.windows)

    # Where things stand

    def stand(self, scene: Scene, spots: Sequence[Spot]) -> None:
        """Fit ground, trails and ink to where each run's map stands; all that fits already is kept."""
        before, self._spots = self._spots, tuple(spots)
        ways = [trail.way for trail in self._trails]
        if scene.landscape is not None and (self._ground is None or not self._ground.shows(scene.landscape)):
            self._ground = Ground(scene.landscape)
        problem = scene.experiment.problem
        start = None if isinstance(problem, OnModel) or not spots else problem.start
        home = None if scene.landscape is None else scene.landscape.bounds
        self._hand.show(home, start, FARTHEST if start is not None else 1.0)
        self._fit_trails(scene)
        if [(spot.map, spot.rect) for spot in before] != [(spot.map, spot.rect) for spot in spots]:
            self.invalidate()
        elif ways != [trail.way for trail in self._trails]:
            self.invalidate_ink()
        if home is None or start is None:
            self._leavings = []
        elif ways != [trail.way for trail in self._trails]:
            self._leavings = [Leaving(trail.way, home) for trail in self._trails]
        looked = {was.map for was, now in zip(before, spots, strict=False) if was.frame != now.frame}
        if looked:
            self._still = None
            self._stretch(looked, before)
        self.take_in()

    def _fit_trails(self, scene: Scene) -> None:
        """One trail a trace, kept as long as trace, plane and frame are."""
        before, self._trails = self._trails, []
        if self._spots:
            plane = scene.plane if isinstance(scene.experiment.problem, OnModel) else None
            known = {id(trail.way.trace): trail for trail in before if trail.way.plane is plane}
            for trace, spot in zip(scene.traces, self._spots, strict=True):
                trail = known.get(id(trace))
                if trail is None or trail.frame != spot.frame:
                    trail = Trail(trail.way if trail is not None else Way(trace, plane), spot.frame)
                    trail.place()
                self._trails.append(trail)

    def _way(self, run: int) -> Way | None:
        """Where a run's points are; None while no landscape is known."""
        return self._trails[run].way if self._trails else None

    def ground_picture(self, spot: Spot, ratio: float) -> QImage:
        assert self._ground is not None
        assert self.scene is not None
        return self._ground.picture(spot.frame, ratio, self.theme, self.scene.minima)

    # Ink

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        """Ink and heads of a map are painted again as one rectangle: moved_region tells of both."""
        for run, spot in enumerate(self._spots):
            if first < 0 or spot.map not in self._stretched:
                area = self._ink_run(painter, run, first, last)
                if not area.isEmpty():
                    self._inked[run] = self._inked.get(run, QRect()).united(area)
        return QRegion()

    def _ink_run(self, painter: QPainter, run: int, first: int, last: int) -> QRect:
        """Stroke what the steps first < t <= last add to a run's trail. Returns where, in px of the canvas."""
        assert self.scene is not None
        trail, rect = self._trails[run], self._spots[run].rect
        stretches = trail.stretches(first, last)
        painted = QRectF()
        if len(stretches):
            corner = rect.x(), rect.y()
            painted = trail.paint(painter, self.theme, run, stretches, trail_width(rect.width()), corner)
        start = trail.last_place(0) if first < 0 else None
        changed = self.scene.experiment.runs[run].changes
        changes = places_of_changes(changed, trail.way, first, last) if changed else []
        if start is not None or changes:
            painter.setClipRect(rect)
            if start is not None:
                painted |= paint_start(painter, self.theme, trail.pixel(start) + rect.topLeft())
            for place in changes:
                painted |= paint_change(painter, self.theme, run, trail.pixel(place) + rect.topLeft())
        return painted.toAlignedRect() & rect if not painted.isEmpty() else QRect()

    def wipe_ink(self) -> None:
        super().wipe_ink()
        self._forget_stretched()

    def invalidate_ink(self) -> None:
        super().invalidate_ink()
        self._forget_stretched()

    def _forget_stretched(self) -> None:
        """All trails are stroked from their beginnings, for the windows of now."""
        self._stretched, self._fresh = {}, None

    def _stretch(self, looked: set[int], before: Sequence[Spot]) -> None:
        """Show the old ink of these maps as their windows would have it, for the time being."""
        self._rest.start(REST_MS)
        self._fresh = None
        if self._ink is not None:
            with QPainter(self._ink) as painter:
                for number in looked:
                    was, now = spot_of(before, number), spot_of(self._spots, number)
                    assert was is not None
                    assert now is not None
                    if number not in self._stretched:
                        self._stretched[number] = Stretched.of(self._ink, was.rect, was.frame)
                    self._stretched[number].paint(painter, now.rect, now.frame)
            self.moved_region()
        self.update()

    def _sharpen(self) -> None:
        """Stroke one run more of what is stretched."""
        self._ask_for_closeups()
        if self._ink is None or not self._stretched:
            return
        if self._fresh is None:
            number = next(iter(self._stretched))
            runs = [run for run, spot in enumerate(self._spots) if spot.map == number]
            rect = self._spots[runs[0]].rect
            self._fresh = FreshInk(number, rect, runs, self._inked_step, self._ink.devicePixelRatio())
        fresh = self._fresh
        fresh.stroke_next(self._ink_run)
        if not fresh.runs_left:
            with QPainter(self._ink) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                fresh.put(painter)
                for run in fresh.runs:
                    self._ink_run(painter, run, fresh.step, self._inked_step)
            del self._stretched[fresh.map]
            self._fresh = None
            self.update(fresh.rect)
        self._rest.start(0)

    def _ask_for_closeups(self) -> None:
        """Of a surface, where the windows have come to rest: a model's landscape takes too long."""
        if self._ground is None or self._hand.start is None:
            return
        windows: set[Bounds] = {spot.frame.bounds for spot in self._spots}
        self._ground.keep(windows)
        for window in windows:
            if self._ground.asks(window):
                self.closeup_wanted.emit(window)

    # The hand

    def show_cursor(self, on_map: bool, otherwise: Qt.CursorShape | None = None) -> None:
        """Say by the pointer's shape what a press would do."""
        if self._hand.holds:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif on_map and self._hand.takes_start:
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif otherwise is not None:
            self.setCursor(otherwise)
        else:
            self.unsetCursor()

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self._hand.wheel(self._spots, event):
            super().wheelEvent(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hand.key(self._spots, event):
            super().keyPressEvent(event)


@lru_cache(maxsize=64)
def trail_width(map_width: int) -> float:
    return next(width for least, width in TRAIL_WIDTHS if map_width >= least)
