"""`lrviz find`: a learning-rate range test over several seeds, and what every rule reads from it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from lrviz.cli.find_report import find_report
from lrviz.cli.loading import load
from lrviz.cli.options import add_picture, add_question, question_from
from lrviz.cli.outputs import add_outputs, check_outputs, is_drawing, print_result, write_outputs
from lrviz.cli.parser import Parser, UsageError, rate, whole
from lrviz.cli.progress import Progress
from lrviz.cli.sweep import FROM, RATES, TO, seeds_of
from lrviz.export.find_results import FindResult, find_to_csv, find_to_json

if TYPE_CHECKING:
    from lrviz.core.range_test import RangeQuestion, RangeTest
    from lrviz.core.sweep import SweepTable

PREFIX = "find."  # of --set: what is the range test's own


def main(command: str, arguments: list[str]) -> int:
    """Run the range test that the arguments ask for, then print and write what was found."""
    found = _parser(command).parse(arguments)
    outputs = list(found.outputs or ())
    check_outputs(outputs)
    question = _question(found)

    load(drawing=is_drawing(outputs))
    progress = Progress(None if found.quiet else sys.stderr)
    with progress:
        result = FindResult(_tested(question, progress), _swept(question, progress) if found.sweep else None)
    print_result(find_to_json(result) if found.json else find_report(result))
    write_outputs(outputs, partial(_bytes, result, found))
    return 0


def _parser(command: str) -> Parser:
    parser = Parser(
        prog=f"lrviz {command}",
        usage=f"lrviz {command} [FILE] [OPTIONS]",
        description="A learning-rate range test: the rate rises with every update, from several seeds' starts.\n"
        "--steps is its length (200); --set find.first=1e-6 and find.last=10 are its rates.",
    )
    add_question(parser)
    parser.add_argument("--seeds", metavar="N", type=whole, help="how many seeds, from --seed on (5)")
    parser.add_argument(
        "--sweep", action="store_true", help="also sweep, and say how far each rule is from the rates that train best"
    )
    add_outputs(parser)
    add_picture(parser)
    return parser


def _question(found: argparse.Namespace) -> RangeQuestion:
    from lrviz.cli.question import experiment_from_options
    from lrviz.core.range_test import FIRST_RATE, LAST_RATE, STEPS, RangeQuestion
    from lrviz.export.reading import experiment_from_file

    options = question_from(found)
    if options.lrs:
        raise UsageError("--lr is for run; a range test goes through all rates, from find.first to find.last (--set)")
    if options.epochs is not None:
        raise UsageError("--epochs is for run; a range test's length is --steps, for example --steps 200")
    own, rest = _own_settings(options.settings)
    file = None if found.file is None else experiment_from_file(found.file)
    experiment = experiment_from_options(replace(options, settings=rest, steps=None), file)
    seeds = seeds_of(experiment) if found.seeds is None else found.seeds
    return RangeQuestion(
        experiment,
        own.get("first", FIRST_RATE),
        own.get("last", LAST_RATE),
        STEPS if options.steps is None else options.steps,
        tuple(range(experiment.seed, experiment.seed + seeds)),
    )


def _own_settings(settings: Iterable[str]) -> tuple[dict[str, float], tuple[str, ...]]:
    """find.first and find.last as numbers, and the settings of everything else."""
    own: dict[str, float] = {}
    rest = []
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not name.strip().startswith(PREFIX):
            rest.append(setting)
            continue
        parameter = name.strip().removeprefix(PREFIX)
        if parameter not in ("first", "last"):
            raise UsageError(f"--set {name}: a range test has find.first and find.last")
        if not equals:
            raise UsageError(f"--set {setting} has no value; it is written --set {PREFIX}{parameter}=1e-6")
        try:
            own[parameter] = rate(text)
        except argparse.ArgumentTypeError as error:
            raise UsageError(f"--set {name}: {error}") from None
    return own, tuple(rest)


def _tested(question: RangeQuestion, progress: Progress) -> RangeTest:
    from lrviz.engine.process import spread
    from lrviz.engine.range_test import range_test

    last = None
    for test in spread(range_test(question)):
        last = test or last
        progress.tell(partial(_line_of_test, last))
    assert last is not None, "a range test has a value at once"
    return last


def _swept(question: RangeQuestion, progress: Progress) -> SweepTable:
    """A sweep of the same experiment over the same seeds, kept like that of `lrviz sweep`."""
    from lrviz.core.sweep import SweepQuestion, rates_between
    from lrviz.engine.sweep import sweep
    from lrviz.engine.sweep_store import SweepStore

    last = None
    asked = SweepQuestion(question.experiment, rates_between(FROM, TO, RATES), question.seeds)
    with closing(sweep(asked, store=SweepStore())) as tables:
        for table in tables:
            last = table or last
            progress.tell(partial(_line_of_sweep, last))
    assert last is not None, "a sweep has a table at once"
    return last


def _line_of_test(test: RangeTest | None, _seconds: float) -> str:
    return "beginning" if test is None else f"testing {100 * int(test.steps.max()) // test.question.steps} %"


def _line_of_sweep(table: SweepTable | None, _seconds: float) -> str:
    return "beginning to sweep" if table is None else f"sweeping {100 * table.share_done:.0f} %"


def _bytes(result: FindResult, found: argparse.Namespace, ending: str) -> bytes:
    if ending == ".png":
        from lrviz.export.find_picture import find_picture
        from lrviz.export.picture import png_from_image
        from lrviz.views.theme import THEMES

        width, height = found.size
        image = find_picture(result.test, result.table, width, height, found.scale, THEMES[found.theme])
        return png_from_image(image, result.test.question.experiment)
    return find_to_csv(result.test) if ending == ".csv" else find_to_json(result).encode() + b"\n"
