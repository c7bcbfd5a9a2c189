"""What comes out of a command: -o FILE, --json and --quiet, and the files written from a result."""

from __future__ import annotations

import sys
from argparse import _ArgumentGroup
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from lrviz.cli.parser import Parser, UsageError

FORMATS = (".png", ".csv", ".json")


def add_outputs(parser: Parser, endings: Iterable[str] = FORMATS, *, printed: bool = True) -> _ArgumentGroup:
    """The options; `printed` where the result may be printed as JSON."""
    *others, last = endings
    group = parser.add_argument_group("what comes out")
    wanted = f"write a {', '.join(others)} or {last}, again for more"
    group.add_argument("-o", metavar="FILE", dest="outputs", action="append", type=Path, help=wanted)
    if printed:
        group.add_argument("--json", action="store_true", help="print the whole result as JSON")
    group.add_argument("--quiet", action="store_true", help="say nothing of the progress")
    return group


def check_outputs(
    paths: Iterable[Path], endings: Collection[str] = FORMATS, what: str = "a file that lrviz writes"
) -> None:
    """Refuse, before anything runs, a file whose ending names no format or that cannot be written."""
    from lrviz.export.files import check_destination

    for path in paths:
        if path.suffix.lower() not in endings:
            ending = f"the ending {path.suffix!r}" if path.suffix else "no ending"
            raise UsageError(f"{path} has {ending}; {what} ends in {', '.join(endings)}")
        check_destination(path)


def is_drawing(paths: Iterable[Path]) -> bool:
    """Whether one of the files is a picture."""
    return any(path.suffix.lower() == ".png" for path in paths)


def print_result(text: str) -> None:
    """To standard output, whole: the result is out then, whatever becomes of the files."""
    print(text)
    sys.stdout.flush()


def write_outputs(paths: Iterable[Path], data: Callable[[str], bytes]) -> None:
    """Write each file with what `data` gives for its ending, in lower case. WriteError."""
    from lrviz.export.files import write_file

    for path in paths:
        write_file(path, data(path.suffix.lower()))
