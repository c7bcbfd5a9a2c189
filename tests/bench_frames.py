"""What a frame costs: panels and chart as the window draws them, against the same scene in pyqtgraph.

    python tests/bench_frames.py

Both sides draw 1600 × 1000 px: for each run a heat map with isolines, a trail and its head, and under them one chart
with the loss curves of all runs, at steps near 10,000. Ours is the window's own stage, with the turns that charts and
figures take while a race plays, and once more with everything drawn at every frame.

pyqtgraph is used as carefully as it allows: no antialiasing, pens of width 1, all isolines of a panel as one path,
ranges that stand still, and no search for points that are not finite. Curves thinned to the extremes of each pixel
column (setDownsampling) and clipped to the view are the second figure, since a careful person would try that too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QGraphicsPathItem, QMainWindow, QWidget

from lrviz.app.actions import Actions
from lrviz.app.frame import Frame
from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnSurface, Run, choose
from lrviz.core.landscape import Landscape, Plane
from lrviz.core.scene import Scene
from lrviz.core.trace import Recorder
from lrviz.views.board import Board
from lrviz.views.relief import heights, isolines
from lrviz.views.theme import LIGHT, apply_theme, ramp_rgb

SIZE = (1600, 1000)
ROWS = 10_000
FRAMES, FEWER = range(9_500, 9_780), range(9_500, 9_560)  # ours, pyqtgraph's
WARM = 7  # frames that are not counted, since the first builds it all
PANELS = (4, 8, 16)
ISOLINES = 12
BOUNDS = (-2.0, 2.0, -1.0, 3.0)


def rosenbrock(x: Any, y: Any) -> Any:
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def noisy_scene(runs: int) -> Scene:
    """Descents down Rosenbrock's valley with a gradient so noisy that the trails never rest."""
    rates = tuple(0.0002 + 0.0001 * run for run in range(runs))
    rng = np.random.default_rng(0)
    recorder = Recorder(rates, ROWS - 1, 2, range(ROWS))
    lr = np.array(rates)[:, None]
    theta = np.tile((-1.2, 1.0), (runs, 1))
    for _ in range(ROWS):
        recorder.snapshot(theta)
        recorder.append(rosenbrock(*theta.T)[:, None], lr)
        x, y = theta.T
        slope = np.stack([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)], 1)
        theta = np.clip(theta - lr * (slope + rng.normal(0, 40, theta.shape)), -1.9, 2.9)
    x, y = np.meshgrid(np.linspace(*BOUNDS[:2], 201), np.linspace(*BOUNDS[2:], 201))
    problem = OnSurface(choose(catalog.surfaces, "rosenbrock"), (-1.2, 1.0))
    sgd, constant = choose(catalog.optimizers, "sgd"), choose(catalog.schedules, "constant")
    experiment = Experiment(problem, sgd, constant, tuple(map(Run, rates)), ROWS - 1)
    landscape = Landscape(BOUNDS, rosenbrock(x, y))
    return Scene(experiment, "", 2, None, recorder.traces, Plane.of_surface(), landscape, minima=((1.0, 1.0),))


def our_stage(scene: Scene) -> Frame:
    """The window's stage with nothing beside it: panels, one chart, and the transport."""
    frame = Frame(Actions(QMainWindow()))
    for part in (frame.topbar, frame.controls, frame.statusline, frame.charts[1]):
        part.hide()
    for view in frame.steps_shown:
        view.show_scene(scene)
    return frame


class PyqtgraphStage:
    """The same in pyqtgraph. `thinned`: whether curves are thinned and clipped to what is seen."""

    def __init__(self, scene: Scene, *, thinned: bool) -> None:
        self.widget = pg.GraphicsLayoutWidget()
        self._thinned = thinned
        self._steps = np.arange(ROWS, dtype=float)
        columns = int(np.ceil(np.sqrt(len(scene.traces))))
        rows = -(-len(scene.traces) // columns)
        self._plot = self.widget.addPlot(rows, 0, 1, columns)
        self._plot.disableAutoRange()
        losses = np.concatenate([trace.loss for trace in scene.traces])
        low, high = np.log10([losses.min(), losses.max()])
        self._plot.setRange(xRange=(0, ROWS), yRange=(low, high), padding=0)
        self.widget.ci.layout.setRowStretchFactor(rows, 2)
        self._panels = [
            self._panel(scene, run, self.widget.addViewBox(run // columns, run % columns))
            for run in range(len(scene.traces))
        ]

    def _panel(self, scene: Scene, run: int, view: Any) -> Sequence[Any]:
        assert scene.landscape is not None
        x0, x1, y0, y1 = BOUNDS
        view.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0)
        high = heights(scene.landscape.loss)
        image = pg.ImageItem(ramp_rgb(LIGHT)[np.rint(high * 255).astype(int)], axisOrder="row-major", autoLevels=False)
        image.setRect(x0, y0, x1 - x0, y1 - y0)
        isoline = QGraphicsPathItem(isolines(high, ISOLINES))
        isoline.setPen(pg.mkPen(LIGHT.isoline, width=1))
        isoline.setTransform(pg.QtGui.QTransform(x1 - x0, 0, 0, y1 - y0, x0, y0))
        color = QColor(LIGHT.runs[run % 8])
        trail = self._line(color)
        head = pg.ScatterPlotItem(size=10, brush=color, pen=None)
        for item in (image, isoline, trail, head):
            view.addItem(item)
        curve = self._curve(color)
        trace = scene.traces[run]
        return trail, head, curve, np.ascontiguousarray(trace.theta.T), np.log10(trace.loss)

    def _line(self, color: QColor) -> Any:
        return pg.PlotCurveItem(pen=pg.mkPen(color, width=1), antialias=False, skipFiniteCheck=True)

    def _curve(self, color: QColor) -> Any:
        if not self._thinned:
            curve = self._line(color)
            self._plot.addItem(curve)
            return curve
        curve = pg.PlotDataItem(pen=pg.mkPen(color, width=1), antialias=False, skipFiniteCheck=True)
        curve.setDownsampling(auto=True, method="peak")
        self._plot.addItem(curve)
        curve.setClipToView(True)  # not before it has a view
        return curve

    def show_step(self, step: int) -> None:
        upto = slice(step + 1)
        for trail, head, curve, theta, loss in self._panels:
            trail.setData(theta[0, upto], theta[1, upto])
            head.setData(theta[0, step : step + 1], theta[1, step : step + 1])
            curve.setData(self._steps[upto], loss[upto])


def frame_times(widget: QWidget, show_step: Callable[[int], None], steps: Sequence[int]) -> NDArray[np.float64]:
    """(F,) milliseconds of its thread from asking for a step until it has been painted, once all of it stands.

    The thread's own time, which other programs don't lengthen.
    """
    return np.fromiter(_frames(widget, show_step, steps), float)[WARM:]


def _frames(widget: QWidget, show_step: Callable[[int], None], steps: Sequence[int]) -> Iterator[float]:
    widget.resize(*SIZE)
    widget.show()
    QApplication.processEvents()
    for step in steps:
        began = time.thread_time()
        show_step(step)
        QApplication.processEvents()
        yield (time.thread_time() - began) * 1000
    widget.close()


def our_times(scene: Scene, *, moving: bool) -> NDArray[np.float64]:
    stage = our_stage(scene)
    return frame_times(stage, lambda step: stage.show_step(step, ROWS, ROWS - 1, moving), FRAMES)


def their_times(scene: Scene, *, thinned: bool) -> NDArray[np.float64]:
    stage = PyqtgraphStage(scene, thinned=thinned)
    return frame_times(stage.widget, stage.show_step, FEWER)


def other_times(scene: Scene) -> tuple[float, float]:
    """Milliseconds from a new size, and from a turn of the wheel, until the board has been painted at step 10,000."""
    board = Board()
    board.resize(*SIZE)
    board.show_scene(scene)
    board.show_step(ROWS - 1)
    board.show()
    QApplication.processEvents()
    begun = time.thread_time()
    board.resize(SIZE[0] - 9, SIZE[1] - 9)
    QApplication.processEvents()
    resized = time.thread_time()
    board.show_windows([(-1.6, 1.6, -0.6, 2.6)] * len(scene.traces))
    QApplication.processEvents()
    zoomed = time.thread_time()
    board.close()
    return (resized - begun) * 1000, (zoomed - resized) * 1000


def main() -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(LIGHT)
    print("ms a frame           ours, in turns      ours, all of it     pyqtgraph   ratio  thinned    new size   zoom")
    print("panels          mean  median    p95      mean    p95          mean                mean")
    for panels in PANELS:
        scene = noisy_scene(panels)
        ours, whole = our_times(scene, moving=True), our_times(scene, moving=False)
        theirs, thinned = their_times(scene, thinned=False), their_times(scene, thinned=True)
        resize, zoom = other_times(scene)
        print(
            f"{panels:>6}   {ours.mean():>11.2f} {np.median(ours):>7.2f} {np.quantile(ours, 0.95):>6.2f} "
            f"{whole.mean():>9.2f} {np.quantile(whole, 0.95):>6.2f} {theirs.mean():>13.2f} "
            f"{theirs.mean() / ours.mean():>6.0f}× {thinned.mean():>8.2f} {resize:>11.0f} {zoom:>6.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
