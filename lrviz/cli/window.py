"""`lrviz [FILE]`: the window, or one line where there is no display for it."""

from __future__ import annotations

import sys
from pathlib import Path

from lrviz.cli.display import why_no_window
from lrviz.cli.fit import load_torch_before_qt, why_qt_is_unfit
from lrviz.export.reading import experiment_from_file


def open_window(file: str | None) -> int:
    """Open the window on a file's experiment, or on the opening one, and wait until it is closed."""
    path = None if file is None else Path(file)
    if path is not None:
        experiment_from_file(path)  # a broken file is told here, and no window flashes up
    unfit = why_qt_is_unfit()
    if unfit is not None:
        print(f"lrviz: {unfit}", file=sys.stderr)
        return 1
    reason = why_no_window()
    if reason is not None:
        print(f"lrviz: {reason}; `lrviz run -o picture.png` draws a picture without one", file=sys.stderr)
        return 1
    load_torch_before_qt()
    from lrviz.app.main import run_window

    return run_window(path)
