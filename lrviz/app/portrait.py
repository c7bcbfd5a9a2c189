"""The window as a picture, without a display: for README, and to look at what a change did.

python -m lrviz.app.portrait window.png [EXPERIMENT.json] [--size 1280x800] [--theme dark] [--at 0.4] [--scale 1]
    [--view fate] [--arrows] [--slow-motion]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from lrviz.app.main import race_when_ready
from lrviz.app.window import Window
from lrviz.core.experiment import Experiment
from lrviz.core.openings import opening
from lrviz.core.viewstate import VIEWS, ViewState
from lrviz.export.files import write_file
from lrviz.export.picture import offscreen_application, png_from_image
from lrviz.export.reading import experiment_from_file

PATIENCE_SECONDS = 300.0


def portrait(experiment: Experiment, size: tuple[int, int], state: ViewState, at: float, scale: int) -> bytes:
    """PNG of the window once `experiment` has been raced, on the step that is `at` (0 to 1) of its length."""
    app = offscreen_application()
    window = Window(experiment, race_when_ready, state)
    window.resize(*size)
    window.show()
    window.session.start()
    end = time.monotonic() + PATIENCE_SECONDS
    while window.session.running and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)
    window.player.seek(round(at * window.player.steps))
    while window.explorer.asking and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)
    app.processEvents()
    image = window.pictures.subjects()["window"].draw(scale)
    window.close()
    return png_from_image(image, experiment)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Draw the window into a PNG.")
    parser.add_argument("out", type=Path)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--at", type=float, default=1.0)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--view", choices=VIEWS, default="panels")
    parser.add_argument("--arrows", action="store_true")
    parser.add_argument("--slow-motion", action="store_true")
    options = parser.parse_args(arguments)
    experiment = experiment_from_file(options.file) if options.file else opening()
    width, height = map(int, options.size.split("x"))
    state = ViewState(theme=options.theme, view=options.view, arrows=options.arrows, slow_motion=options.slow_motion)
    write_file(options.out, portrait(experiment, (width, height), state, options.at, options.scale))


if __name__ == "__main__":
    main(sys.argv[1:])
