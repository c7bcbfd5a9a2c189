"""Progress: rewritten on a terminal, sparse elsewhere."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import count
from typing import TextIO

from lrviz.cli.progress import Progress
from tests.export.scenes import surface_scene


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(stream: TextIO, seconds_a_scene: float, scenes: int = 4) -> str:
    """What progress writes for as many scenes, at a clock that advances by `seconds_a_scene` between them."""
    ticks = count()
    with Progress(stream, lambda: next(ticks) * seconds_a_scene) as progress:
        for _ in range(scenes):
            progress.show(replace(surface_scene(), verdicts=None))
    assert isinstance(stream, io.StringIO)
    return stream.getvalue()


def test_a_terminal_s_line_is_rewritten_and_left_empty() -> None:
    line = "\r\x1b[Ktraining 100 %, 0 s left"
    assert written(Terminal(), 0.15) == line * 4 + "\r\x1b[K"
    assert written(Terminal(), 0.06) == line * 2 + "\r\x1b[K"


def test_elsewhere_a_line_comes_every_few_seconds() -> None:
    assert written(io.StringIO(), 3.0) == "lrviz: training 100 %, 0 s left\n" * 2
    assert written(io.StringIO(), 0.1) == ""


def test_after_the_verdicts_only_the_landscape_is_left() -> None:
    stream = Terminal()
    with Progress(stream, count(step=1).__next__) as progress:
        progress.show(surface_scene())
    assert "drawing the landscape" in stream.getvalue()


def test_no_stream_gets_nothing() -> None:
    with Progress(None) as progress:
        progress.show(surface_scene())
