"""`lrviz run` and `lrviz export`: an experiment to its end without a window, then printed and written."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from lrviz.cli.loading import load
from lrviz.cli.options import add_picture, add_question, question_from
from lrviz.cli.outputs import add_outputs, check_outputs, is_drawing, print_result, write_outputs
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
    drawing = is_drawing(outputs)
    load(drawing=drawing)
    scene = race_to_end(experiment, Progress(None if found.quiet else sys.stderr), drawing=drawing)
    if command == "run":
        print_result(_text(scene, as_json=found.json))
    write_outputs(outputs, partial(_bytes, scene, found))
    return 0


def race_to_end(experiment: Experiment, progress: Progress, *, drawing: bool) -> Scene:
    """The last scene of the experiment's race; where nothing is drawn, the first with verdicts, without landscapes."""
    from lrviz.engine.race import race

    last = None
    with progress:
        for scene in race(experiment, watched=False, on_all_processors=True):
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
    add_outputs(parser, printed=command == "run")
    add_picture(parser)
    return parser


def _experiment(found: argparse.Namespace) -> Experiment:
    from lrviz.cli.question import experiment_from_options
    from lrviz.export.reading import experiment_from_file

    file = None if found.file is None else experiment_from_file(found.file)
    return experiment_from_options(question_from(found), file)


def _text(scene: Scene, *, as_json: bool) -> str:
    if as_json:
        from lrviz.export.results import result_to_json

        return result_to_json(scene)
    from lrviz.cli.report import report

    return report(scene)


def _bytes(scene: Scene, found: argparse.Namespace, ending: str) -> bytes:
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
