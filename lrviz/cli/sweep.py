"""`lrviz sweep`: many learning rates and several seeds, read as final result against learning rate."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from lrviz.cli.loading import load
from lrviz.cli.options import add_picture, add_question, question_from
from lrviz.cli.outputs import add_outputs, check_outputs, is_drawing, print_result, write_outputs
from lrviz.cli.parser import Parser, UsageError, whole
from lrviz.cli.progress import Progress

if TYPE_CHECKING:
    from lrviz.core.experiment import Experiment
    from lrviz.core.knobs import KnobValue
    from lrviz.core.sweep import Knob, SweepQuestion, SweepTable
    from lrviz.engine.sweep import Pool

FROM, TO, RATES = 1e-5, 10.0, 25  # quarter decades
SEEDS = 5
STOPPED = 130  # as a shell says of a program that Ctrl-C ended


def main(command: str, arguments: list[str]) -> int:
    """Sweep what the arguments ask for."""
    found = _parser(command).parse(arguments)
    outputs = list(found.outputs or ())
    check_outputs(outputs)
    if found.step is not None:
        raise UsageError("--step is for a race's picture; a sweep's shows its whole budget")
    question = _question(found)

    load(drawing=is_drawing(outputs))
    table = _swept(question, found)
    if not table.complete:
        return _stopped(table, kept=not found.no_store)
    print_result(_text(table, as_json=found.json))
    write_outputs(outputs, partial(_bytes, table, found))
    return 0


def _parser(command: str) -> Parser:
    parser = Parser(
        prog=f"lrviz {command}",
        usage=f"lrviz {command} [FILE] [OPTIONS]",
        description="Final result against learning rate, over seeds. One that was stopped goes on from what it had.",
    )
    add_question(parser)
    group = parser.add_argument_group(
        "the sweep", f"--lr names its rates; else there are {RATES} from {FROM:g} to {TO:g}"
    )
    group.add_argument("--seeds", metavar="N", type=whole, help=f"how many, from --seed on ({SEEDS})")
    group.add_argument(
        "--vary",
        metavar="NAME=V1,V2,...",
        help="a second axis, by the names of --set: momentum=0,0.5,0.9, batch_size=16,64, model.hidden=8,32,128",
    )
    group.add_argument(
        "--refine", metavar="N", type=whole, default=0, help="how often to put rates in between where it matters (0)"
    )
    group.add_argument("--workers", metavar="N", type=whole, default=1, help="processes on this machine (1)")
    group.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler to send the runs to, tcp://HOST:8786")
    group.add_argument("--no-store", action="store_true", help="neither use nor keep what is finished")
    add_outputs(parser)
    add_picture(parser)
    return parser


def _question(found: argparse.Namespace) -> SweepQuestion:
    from lrviz.cli.question import experiment_from_options
    from lrviz.core.experiment import Run
    from lrviz.core.sweep import SweepQuestion, rates_between
    from lrviz.export.reading import experiment_from_file

    if found.workers < 1:
        raise UsageError(f"--workers is {found.workers}; it is 1 or more")
    if found.cluster is not None and found.workers > 1:
        raise UsageError("--workers and --cluster both say who computes; give one of them")
    if not 0 <= found.refine <= 10:
        raise UsageError(f"--refine is {found.refine}; it goes from 0 to 10")
    file = None if found.file is None else experiment_from_file(found.file)
    experiment = experiment_from_options(question_from(found), file)
    lrs = tuple(sorted(set(found.lrs))) if found.lrs else rates_between(FROM, TO, RATES)
    experiment = replace(experiment, runs=tuple(map(Run, lrs)))
    seeds = seeds_of(experiment) if found.seeds is None else found.seeds
    return SweepQuestion(
        experiment=experiment,
        lrs=lrs,
        seeds=tuple(range(experiment.seed, experiment.seed + seeds)),
        knob=None if found.vary is None else _knob(experiment, found.vary),
        refinements=found.refine,
    )


def seeds_of(experiment: Experiment) -> int:
    """One is enough where nothing is drawn."""
    from lrviz.core.experiment import OnExpression, OnModel

    match experiment.problem:
        case OnModel():
            return SEEDS
        case OnExpression(noise=noise):
            return SEEDS if noise else 1
        case on_surface:
            return SEEDS if on_surface.surface.parameters.get("noise") else 1


def _knob(experiment: Experiment, text: str) -> Knob:
    from lrviz.core.knobs import find_knob
    from lrviz.core.sweep import Knob

    name, equals, values = text.partition("=")
    if not equals or not values.strip():
        raise UsageError(f"--vary {text} has no values; it is written --vary optimizer.momentum=0,0.5,0.9")
    kind = find_knob(experiment, name.strip())

    def value_of(word: str) -> KnobValue:
        value = kind.parameter.parse(word)
        assert isinstance(value, int | float | tuple)
        return value[0] if isinstance(value, tuple) and len(value) == 1 else value

    return Knob(kind.name, tuple(sorted(set(map(value_of, values.split(","))))))


def _swept(question: SweepQuestion, found: argparse.Namespace) -> SweepTable:
    """The complete table; after Ctrl-C the last one, with all that was finished by then."""
    from lrviz.engine.sweep import sweep
    from lrviz.engine.sweep_store import SweepStore

    last = None
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(None if found.quiet else sys.stderr))
        store = None if found.no_store else SweepStore()
        tables = stack.enter_context(closing(sweep(question, store=store, pool=_pool(found, stack))))
        try:
            for table in tables:
                last = table or last
                progress.tell(partial(_line, last))
        except KeyboardInterrupt:
            if last is None:
                raise
    assert last is not None, "a sweep has a table at once"
    return last


def _line(table: SweepTable | None, _seconds: float) -> str:
    if table is None:
        return "beginning"
    left = "" if table.seconds_left is None else f", {table.seconds_left:.0f} s left"
    return f"{int(table.done.sum()):,} of {table.done.size:,} runs{left}"


def _pool(found: argparse.Namespace, stack: ExitStack) -> Pool | None:
    if found.cluster is not None:
        from lrviz.engine.sweep_cluster import ClusterPool

        return stack.enter_context(ClusterPool(found.cluster))
    if found.workers > 1:
        from lrviz.engine.sweep_pool import LocalPool

        return stack.enter_context(LocalPool(found.workers))
    return None


def _stopped(table: SweepTable, *, kept: bool) -> int:
    done = f"{int(table.done.sum()):,} of {table.done.size:,} runs are finished"
    kept_line = f"{done} and kept: the same command goes on from there" if kept else f"{done}, and nothing was kept"
    print(f"lrviz: stopped; {kept_line}", file=sys.stderr)
    return STOPPED


def _text(table: SweepTable, *, as_json: bool) -> str:
    if as_json:
        from lrviz.export.sweep_results import sweep_to_json

        return sweep_to_json(table)
    from lrviz.cli.sweep_report import sweep_report

    return sweep_report(table)


def _bytes(table: SweepTable, found: argparse.Namespace, ending: str) -> bytes:
    if ending == ".png":
        from lrviz.export.picture import png_from_image
        from lrviz.export.sweep_picture import sweep_picture
        from lrviz.views.theme import THEMES

        width, height = found.size
        image = sweep_picture(table, width, height, found.scale, THEMES[found.theme])
        return png_from_image(image, table.question.experiment)
    from lrviz.export.sweep_results import sweep_to_csv, sweep_to_json

    return sweep_to_json(table).encode() + b"\n" if ending == ".json" else sweep_to_csv(table)
