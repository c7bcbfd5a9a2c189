"""How smooth the window stays while it trains: frames a second, and how late a 5 ms timer of its thread comes.

    python tests/bench_window.py [--runs 8] [--seconds 8] [--size 1600x1000] [--platform offscreen]

Last, 16 panels of a noisy surface race of 10,000 steps, which is over in seconds, while it is played to its end.

A frame is one that shows another step. Heads move at a model's snapshots, of which a race keeps some 300, so they move
ten times as often in the shorter race. Run it on a machine that does nothing else; `--platform xcb` needs a display,
for example Xvfb's.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from lrviz.app.main import SWITCH_SECONDS, race_when_ready
from lrviz.app.window import Window
from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnSurface, Run, choose
from lrviz.core.openings import first_question, opening
from lrviz.core.runs import with_another_run
from lrviz.core.viewstate import ViewState
from lrviz.runtime.player import Player

TIMER_MS = 5
SURFACE_RUNS, SURFACE_STEPS = 16, 10_000
LENGTHS = (200_000, 20_000)  # more than is trained while it is watched; the shorter, the more often a head moves


class FrameCount(QObject):
    """Counts the frames that show another step: the player's ticks, each painted before the next can come."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.count = 0
        self._step = player.step
        player.ticked.connect(self._tick)

    def _tick(self, step: int, rows: int) -> None:
        self.count += step != self._step
        self._step = step


class Lateness(QObject):
    """How many milliseconds late a 5 ms timer of the window's thread comes, each time that it is set anew."""

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._set = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TIMER_MS)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._come)

    def start(self) -> None:
        self._set = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _come(self) -> None:
        self.late_ms.append(max(0.0, 1000 * (time.perf_counter() - self._set) - TIMER_MS))
        self.start()


def digits_at(runs: int, steps: int = 200_000) -> Experiment:
    experiment = replace(opening(), steps=steps)
    while len(experiment.runs) < runs:
        experiment = with_another_run(experiment)
    return experiment


def surface_race() -> Experiment:
    """Noisy descents down Rosenbrock's valley, which never rest: all panels have something to draw at every step."""
    problem = OnSurface(choose(catalog.surfaces, "rosenbrock", noise=40.0), (-1.2, 1.0))
    runs = tuple(Run(0.0002 + 0.00005 * run) for run in range(SURFACE_RUNS))
    return replace(first_question(problem), runs=runs, steps=SURFACE_STEPS)


def wait(app: QApplication, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        app.processEvents()
        time.sleep(0.0005)


def measure(app: QApplication, experiment: Experiment, size: tuple[int, int], seconds: float) -> dict[str, float]:
    """Frames a second, the timer's lateness, and steps trained a second, while `experiment` trains and plays."""
    window = Window(experiment, race_when_ready, ViewState(theme="light", speed=1.0))
    window.resize(*size)
    window.show()
    window.session.start()
    on_surface = isinstance(experiment.problem, OnSurface)
    while window.scene is None or window.scene.rows < 200 or (on_surface and window.session.running):
        wait(app, 0.05)
    window.player.seek(0)
    window.player.play()
    wait(app, 1.0)
    frames, lateness = FrameCount(window.player), Lateness()
    shown = window.player.step
    trained, began, computed = window.scene.rows, time.perf_counter(), time.thread_time()
    lateness.start()
    QTimer.singleShot(round(1000 * seconds), app.quit)
    app.exec()
    passed, computed = time.perf_counter() - began, time.thread_time() - computed
    lateness.stop()
    assert window.player.playing, "the race ended while it was watched: give it more steps"
    p50, p95, most = np.percentile(lateness.late_ms, [50, 95, 100])
    result = {
        "frames/s": frames.count / passed,
        "CPU ms/frame": 1000 * computed / max(frames.count, 1),
        "timer p50 ms": float(p50),
        "timer p95 ms": float(p95),
        "timer max ms": float(most),
        "steps shown/s": (window.player.step - shown) / passed,
        "steps trained/s": (window.scene.rows - trained) / passed,
    }
    window.close()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--steps", type=int, nargs="+", default=LENGTHS)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--size", default="1600x1000")
    parser.add_argument("--platform", default="offscreen")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    sys.setswitchinterval(SWITCH_SECONDS)
    app = QApplication(["bench_window"])
    width, height = map(int, options.size.split("x"))
    for steps in options.steps:
        result = measure(app, digits_at(options.runs, steps), (width, height), options.seconds)
        print(f"{options.runs} panels playing, digits training {steps:,} steps, {options.size}, {options.platform}:")
        print("  " + "   ".join(f"{name} {value:,.1f}" for name, value in result.items()))
    result = measure(app, surface_race(), (width, height), min(options.seconds, 8))
    print(f"{SURFACE_RUNS} panels playing a surface's {SURFACE_STEPS:,} steps, {options.size}, {options.platform}:")
    print("  " + "   ".join(f"{name} {value:,.1f}" for name, value in result.items() if "trained" not in name))


if __name__ == "__main__":
    main()
