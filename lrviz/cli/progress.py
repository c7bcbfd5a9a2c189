"""How far a race has come, on standard error: one line rewritten on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from lrviz.core.scene import Scene

TERMINAL_SECONDS = 0.1
LOG_SECONDS = 5.0


class Progress:
    """Shows scenes as they come; as a context manager it leaves a terminal's line empty behind itself."""

    def __init__(self, stream: TextIO | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream  # None: nothing is shown
        self._clock = clock
        self._terminal = stream is not None and stream.isatty()
        self._begun = self._shown = clock()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._stream is not None and self._terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def show(self, scene: Scene) -> None:
        self.tell(lambda seconds: _line(scene, seconds))

    def tell(self, line: Callable[[float], str]) -> None:
        """Show the line of so many seconds, if it is time for one."""
        now = self._clock()
        if self._stream is None or now - self._shown < (TERMINAL_SECONDS if self._terminal else LOG_SECONDS):
            return
        self._shown = now
        told = line(now - self._begun)
        self._stream.write(f"\r\x1b[K{told}" if self._terminal else f"lrviz: {told}\n")
        self._stream.flush()


def _line(scene: Scene, seconds: float) -> str:
    if scene.verdicts is not None:
        return "drawing the landscape"
    done = max(scene.rows - 1, 0) / scene.steps
    left = f", {seconds / done - seconds:.0f} s left" if done > 0 else ""
    return f"training {100 * done:.0f} %{left}"
