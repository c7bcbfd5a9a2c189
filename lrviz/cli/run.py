"""`lrviz run` and `lrviz export`: an experiment to its end without a window, then printed and written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.cli.options import add_picture, add_question, check_outputs, question_from
from lrviz.cli.parser import Parser, UsageError
from lrviz.cli.progress import Progress

if TYPE_CHECKING:
    from lrviz.core.experiment import Experiment
    from lrviz.core.scene import Scene


def main(command: str, arguments: list[str]) -> int:
    """Run what the arguments ask for; `export` only draws."""
    found = _parser(command).parse(arguments)
    outputs = list(found.outputs or ())
    if command == "export" and found.file is None:
        raise UsageError("export needs a FILE to draw: an experiment, a result or a picture of one")
    if command == "export" and not outputs:
        raise UsageError("export needs a place to draw to: -o picture.png")
    check_outputs(outputs)
    experiment = _experiment(found)
    if found.step is not None and not 0 <= found.step <= experiment.steps:
        raise UsageError(f"--step is {found.step}; this experiment has the steps 0 to {experiment.steps}")
    drawing = any(path.suffix.lower() == ".png" for path in outputs)
    load(drawing=drawing)
    scene = race_to_end(experiment, Progress(None if found.quiet else sys.stderr), drawing=drawing)
    if command == "run":
        _print(scene, as_json=found.json)
    _write(scene, outputs, found)
    return 0


def race_to_end(experiment: Experiment, progress: Progress, *, drawing: bool) -> Scene:
    """The last scene of the experiment's race; where nothing is drawn, the first with verdicts, without landscapes."""
    from lrviz.engine.race import race

    last = None
    with progress:
        for scene in race(experiment):
            progress.show(scene)
            last = scene
            if scene.verdicts is not None and not drawing:
                break
    assert last is not None, "a race has at least one scene"
    return last


def _parser(command: str) -> Parser:
    if command == "run":
        description = "Run an experiment to its end without a window. Without arguments: the opening experiment."
    else:
        description = "Draw the experiment that a file holds."
    parser = Parser(prog=f"lrviz {command}", usage=f"lrviz {command} [FILE] [OPTIONS]", description=description)
    add_question(parser)
    group = parser.add_argument_group("what comes out")
    group.add_argument(
        "-o",
        metavar="FILE",
        dest="outputs",
        action="append",
        type=Path,
        help="write a .png, .csv or .json, again for more",
    )
    if command == "run":
        group.add_argument("--json", action="store_true", help="print the whole result as JSON")
    group.add_argument("--quiet", action="store_true", help="say nothing of the progress")
    add_picture(parser)
    return parser


def _experiment(found: argparse.Namespace) -> Experiment:
    from lrviz.cli.question import experiment_from_options
    from lrviz.export.reading import experiment_from_file

    file = None if found.file is None else experiment_from_file(found.file)
    return experiment_from_options(question_from(found), file)


def load(*, drawing: bool) -> None:
    """Load what is heavy, before the training, so that a machine that cannot draw says so at once.

    torch comes before Qt, as Windows needs it (pytorch#166628), and on one thread: with two, networks of this size are
    slower, ten times and more as soon as anything else runs.
    """
    import torch

    torch.set_num_threads(1)
    if drawing:
        from lrviz.export.picture import offscreen_application

        offscreen_application()


def _print(scene: Scene, *, as_json: bool) -> None:
    if as_json:
        from lrviz.export.results import result_to_json

        print(result_to_json(scene))
    else:
        from lrviz.cli.report import report

        print(report(scene))
    sys.stdout.flush()  # the result is out, whatever becomes of the files


def _write(scene: Scene, outputs: list[Path], found: argparse.Namespace) -> None:
    from lrviz.export.files import write_file

    for path in outputs:
        write_file(path, _bytes(scene, path.suffix.lower(), found))


def _bytes(scene: Scene, ending: str, found: argparse.Namespace) -> bytes:
    match ending:
        case ".json":
            from lrviz.export.results import result_to_json

            return result_to_json(scene).encode() + b"\n"
        case ".csv":
            from lrviz.export.tables import scene_to_csv

            return scene_to_csv(scene)
        case _:
            from lrviz.export.picture import picture, png_from_image
            from lrviz.views.theme import THEMES

            step = scene.rows - 1 if found.step is None else found.step
            width, height = found.size
            image = picture(scene, step, width, height, found.scale, THEMES[found.theme])
            return png_from_image(image, scene.experiment)
