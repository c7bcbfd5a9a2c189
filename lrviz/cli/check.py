"""`lrviz check`: the claims about 0.001, each put to the test by experiments that are run here and now."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING

from lrviz.cli.loading import load
from lrviz.cli.outputs import add_outputs, check_outputs, print_result, write_outputs
from lrviz.cli.parser import Parser, UsageError, whole
from lrviz.cli.progress import Progress
from lrviz.export.claims_page import PAGES, SIGNS, basis, page_json

if TYPE_CHECKING:
    from lrviz.core.claim import ClaimFinding, ClaimsReport, Extent
    from lrviz.engine.sweep import Pool

WIDTH = 100  # columns of the printed report
INDENT = "    "
LONG = 90  # seconds, from which on a time is said in minutes


def main(command: str, arguments: list[str]) -> int:
    """Check what the arguments ask for."""
    found = _parser(command).parse(arguments)
    outputs = list(found.outputs or ())
    check_outputs(outputs, PAGES, "the page of a check")
    if found.workers < 1:
        raise UsageError(f"--workers is {found.workers}; it is 1 or more")
    from lrviz.claims.checking import SEEDS, asked
    from lrviz.core.sweep import MAX_SEEDS

    if not len(SEEDS) <= found.seeds <= MAX_SEEDS:
        raise UsageError(f"--seeds is {found.seeds}; a check takes {len(SEEDS)} to {MAX_SEEDS}")
    asked(found.claims)  # a wrong name is said before torch is loaded
    report = _checked(found)
    print_result(page_json(report).rstrip("\n") if found.json else "\n".join(_lines(report)))
    write_outputs(outputs, lambda ending: PAGES[ending](report).encode())
    return 0


def _parser(command: str) -> Parser:
    parser = Parser(
        prog=f"lrviz {command}",
        usage=f"lrviz {command} [CLAIM ...] [OPTIONS]",
        description="Put the claims about a learning rate of 0.001 to the test: supported, depends or refuted.",
    )
    parser.add_argument("claims", metavar="CLAIM", nargs="*", help="`lrviz list claims`; all of them if none is named")
    group = parser.add_argument_group("how")
    group.add_argument("--full", action="store_true", help="more models, data, optimizers, rates and budgets")
    group.add_argument("--seed", metavar="N", type=whole, default=0, help="the first seed (0)")
    group.add_argument("--seeds", metavar="N", type=whole, default=5, help="how many, from --seed on (5)")
    group.add_argument(
        "--workers", metavar="N", type=whole, default=_workers(), help="processes (2 where there are as many cores)"
    )
    group.add_argument("--no-store", action="store_true", help="neither use nor keep sweeps that are finished")
    add_outputs(parser, PAGES)
    return parser


def _workers() -> int:
    return min(2, os.cpu_count() or 1)


def _checked(found: argparse.Namespace) -> ClaimsReport:
    from lrviz.claims.checking import check

    load(drawing=False)
    from lrviz.engine.process import THREADS
    from lrviz.engine.sweep_store import SweepStore

    extent: Extent = "full" if found.full else "quick"
    seeds = tuple(range(found.seed, found.seed + found.seeds))
    store = None if found.no_store else SweepStore()
    last = None
    with ExitStack() as stack:
        stream = None if found.quiet else sys.stderr
        progress = stack.enter_context(Progress(stream))
        pool = _pool(found.workers, stack)
        for report in stack.enter_context(closing(check(found.claims, extent, seeds, store, pool))):
            if last is None and report is not None and extent == "full" and stream is not None:
                took = _span((report.seconds_left or 0) / max(found.workers, THREADS))
                print(f"lrviz: the full check takes about {took} here, less what is known from before", file=stream)
            last = report or last
            progress.tell(partial(_progress, last))
    assert last is not None
    return last


def _pool(workers: int, stack: ExitStack) -> Pool | None:
    if workers == 1:
        return None
    from lrviz.engine.sweep_pool import LocalPool

    return stack.enter_context(LocalPool(workers))


def _progress(report: ClaimsReport | None, _seconds: float) -> str:
    if report is None:
        return "finding out how long it takes"
    left = "" if report.seconds_left is None else f", {_span(report.seconds_left)} left"
    return f"{len(report.findings)} of {len(report.names)} claims decided, {100 * report.share_done:.0f} %{left}"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < LONG else f"{seconds / 60:.0f} min"


def _lines(report: ClaimsReport) -> list[str]:
    lines = [basis(report), ""]
    for finding in report.findings:
        lines += [*_described(finding), ""]
    return [*lines, *textwrap.wrap(report.conclusion, WIDTH)]


def _described(finding: ClaimFinding) -> list[str]:
    marks = [one.agrees for one in finding.evidence]
    tally = ", ".join(f"{marks.count(mark)} {SIGNS[mark]}" for mark in SIGNS if mark in marks)
    wrapped = textwrap.wrap(finding.reason, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    return [f"{finding.verdict:<10} {finding.title} ({finding.name}; {tally})", *wrapped]
