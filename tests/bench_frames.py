"""What a frame costs: the board against the same scene in pyqtgraph, drawn as carefully as pyqtgraph allows.

    python tests/bench_frames.py

Prints milliseconds a frame (median and 95th percentile) for 4, 8 and 16 panels of 1600 × 1000 px together, each with a
heat map, isolines, a trail of 10,000 steps and its head, and what a rebuild costs after a resize.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainterPath
from PySide6.QtWidgets import QApplication, QGraphicsPathItem, QWidget

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
FRAMES = range(1_000, 1_240)  # before a trail grows so dense that it is drawn thin
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
    return Scene(experiment, "", 2, None, recorder.traces, Plane.of_surface(), landscape, ((1.0, 1.0),))


class PyqtgraphGrid:
    """The same panels in pyqtgraph: no antialiasing, pens of width 1, one path for all isolines of a panel."""

    def __init__(self, scene: Scene) -> None:
        self.widget = pg.GraphicsLayoutWidget()
        assert scene.landscape is not None
        high = heights(scene.landscape.loss)
        pixels = ramp_rgb(LIGHT)[np.rint(high * 255).astype(int)]
        lines = isolines(high, ISOLINES)
        self._panels = [self._panel(scene, run, pixels, lines) for run in range(len(scene.traces))]

    def _panel(
        self, scene: Scene, run: int, pixels: NDArray[np.uint8], lines: QPainterPath
    ) -> tuple[Any, Any, NDArray[np.float64]]:
        columns = int(np.ceil(np.sqrt(len(scene.traces))))
        x0, x1, y0, y1 = BOUNDS
        view = self.widget.addViewBox(run // columns, run % columns)
        view.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0)
        image = pg.ImageItem(pixels, axisOrder="row-major", autoLevels=False)
        image.setRect(x0, y0, x1 - x0, y1 - y0)
        isoline = QGraphicsPathItem(lines)
        isoline.setPen(pg.mkPen(LIGHT.isoline, width=1))
        isoline.setTransform(pg.QtGui.QTransform(x1 - x0, 0, 0, y1 - y0, x0, y0))
        color = QColor(LIGHT.runs[run % 8])
        trail = pg.PlotCurveItem(pen=pg.mkPen(color, width=1), antialias=False)
        head = pg.ScatterPlotItem(size=10, brush=color, pen=None)
        for item in (image, isoline, trail, head):
            view.addItem(item)
        return trail, head, np.asarray(scene.traces[run].theta)

    def show_step(self, step: int) -> None:
        for trail, head, theta in self._panels:
            trail.setData(theta[: step + 1, 0], theta[: step + 1, 1])
            head.setData(theta[step : step + 1, 0], theta[step : step + 1, 1])


def frame_times(widget: QWidget, show_step: Callable[[int], None]) -> NDArray[np.float64]:
    """(F,) milliseconds from asking for a step until it has been painted, after the first, which builds it all."""
    return np.fromiter(_frames(widget, show_step), float)[1:]


def _frames(widget: QWidget, show_step: Callable[[int], None]) -> Iterator[float]:
    widget.resize(*SIZE)
    widget.show()
    QApplication.processEvents()
    for step in FRAMES:
        began = time.perf_counter()
        show_step(step)
        QApplication.processEvents()
        yield (time.perf_counter() - began) * 1000
    widget.close()


def rebuild_time(scene: Scene) -> float:
    """Milliseconds from a new size until the whole board stands again at step 10,000."""
    board = Board()
    board.resize(*SIZE)
    board.show_scene(scene)
    board.show_step(ROWS - 1)
    board.show()
    QApplication.processEvents()
    began = time.perf_counter()
    board.resize(SIZE[0] - 9, SIZE[1] - 9)
    QApplication.processEvents()
    taken = (time.perf_counter() - began) * 1000
    board.close()
    return taken


def main() -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(LIGHT)
    print(" panels  board: median    p95  pyqtgraph: median    p95  ratio  rebuild")
    for panels in PANELS:
        scene = noisy_scene(panels)
        board = Board()
        board.show_scene(scene)
        ours = frame_times(board, board.show_step)
        grid = PyqtgraphGrid(scene)
        theirs = frame_times(grid.widget, grid.show_step)
        ratio = np.median(theirs) / np.median(ours)
        print(
            f"{panels:>7} {np.median(ours):>11.2f} ms {np.quantile(ours, 0.95):>6.2f} {np.median(theirs):>15.2f} ms "
            f"{np.quantile(theirs, 0.95):>6.2f} {ratio:>5.0f}× {rebuild_time(scene):>5.0f} ms",
            flush=True,
        )


if __name__ == "__main__":
    main()
