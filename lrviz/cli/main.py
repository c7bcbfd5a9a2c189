"""Which command is meant, and how it ends: 0 done, 2 the question is wrong, 1 the program failed."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from lrviz import __version__
from lrviz.cli.parser import Parser, UsageError
from lrviz.core.errors import LrvizError
from lrviz.core.registry import alternatives
from lrviz.export.files import WriteError

PROGRAM_FAILED, QUESTION_WRONG = 1, 2
INTERRUPTED = 130  # as a shell says of a program that Ctrl-C ended
READER_GONE = 141  # … and of one that wrote to a closed pipe

_COMMANDS = {
    "run": ("lrviz.cli.run", "run an experiment to its end without a window"),
    "sweep": ("lrviz.cli.sweep", "final result against learning rate, over seeds"),
    "find": ("lrviz.cli.find", "learning-rate range test with every suggestion rule"),
    "check": ("lrviz.cli.check", "put the claims about 0.001 to the test"),
    "export": ("lrviz.cli.run", "draw an experiment to a file"),
    "list": ("lrviz.cli.listing", "what there is: surfaces, optimizers, schedules, datasets, models, claims"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments, the process's own by default, and give its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without "²" gets something, not an exception
    try:
        status = _run(list(sys.argv[1:] if argv is None else argv))
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except LrvizError as error:
        return _say(str(error), QUESTION_WRONG)
    except WriteError as error:
        return _say(str(error), PROGRAM_FAILED)
    except KeyboardInterrupt:
        return _say("stopped", INTERRUPTED)
    except BrokenPipeError:
        _forget_stdout()
        return READER_GONE
    except Exception as error:
        if os.environ.get("LRVIZ_TRACEBACK"):
            raise
        if isinstance(error, OSError):
            _forget_stdout()
        return _say(
            f"the program failed: {type(error).__name__}: {error} (LRVIZ_TRACEBACK=1 shows where)", PROGRAM_FAILED
        )


def _run(arguments: list[str]) -> int:
    word = arguments[0] if arguments and not arguments[0].startswith("-") else None
    try:
        if word in _COMMANDS:
            module, _ = _COMMANDS[word]
            status: int = importlib.import_module(module).main(word, arguments[1:])
            return status
        if word is not None and _is_no_file(word):
            raise UsageError(f"no command or file called {word!r}; {alternatives(word, list(_COMMANDS))}")
        return _window(arguments)
    except SystemExit:  # argparse has shown the help that was asked for
        return 0


def _window(arguments: list[str]) -> int:
    commands = (f"  {name:<8}{does}" for name, (_, does) in _COMMANDS.items())
    parser = Parser(
        prog="lrviz",
        usage="lrviz [FILE]\n       lrviz COMMAND ...",
        description="Shows what a learning rate does: the same descent, side by side, at every rate.",
        epilog="\n".join(("commands:", *commands, "", "`lrviz COMMAND --help` shows a command's options.")),
    )
    parser.add_argument("--version", action="version", version=f"lrviz {__version__}", help="show the version and stop")
    parser.add_argument("file", metavar="FILE", nargs="?", help="open the window on an experiment, or a picture of one")
    options = parser.parse(arguments)
    from lrviz.cli.window import open_window

    return open_window(options.file)


def _is_no_file(word: str) -> bool:
    """Whether a word that should be a command or a file looks like a mistyped command."""
    return "." not in word and os.sep not in word and not os.path.exists(word)


def _say(line: str, status: int) -> int:
    print("lrviz:", " ".join(line.split()), file=sys.stderr)
    return status


def _forget_stdout() -> None:
    """Send what is still buffered nowhere: Python would fail on it once more at exit."""
    with suppress(OSError, AttributeError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
