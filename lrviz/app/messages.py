"""What the window says in words: what goes on, in the status line, and what went wrong, in the notice."""

from __future__ import annotations

from PySide6.QtCore import QObject

from lrviz.app.frame import Frame
from lrviz.core import catalog
from lrviz.core.errors import LrvizError
from lrviz.runtime.worker import Failure
from lrviz.views.numbers import count


class Messages(QObject):
    """Finds the words; the frame shows them."""

    def __init__(self, frame: Frame, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame = frame

    def tell_progress(self, published: int, steps: int, seconds: float) -> None:
        """How many rows of a race of `steps` steps are published, after so many seconds."""
        if published > steps:
            self._frame.statusline.show_activity(self.tr("measuring the landscape…"))
        else:
            self._frame.statusline.show_progress(published, steps, seconds)

    def tell_reading(self, name: str) -> None:
        """That a data set of the catalog is being read."""
        title = catalog.datasets.find(name).title
        self._frame.statusline.show_activity(self.tr("reading {data}…").format(data=title))

    def tell_copied(self, width: int, height: int) -> None:
        """That a picture of so many pixels is on the clipboard."""
        text = self.tr("copied, {width} × {height} pixels").format(width=count(width), height=count(height))
        self._frame.statusline.show_activity(text)

    def tell_rest(self) -> None:
        """That nothing goes on any more."""
        self._frame.statusline.show_activity("")

    def tell_failure(self, failure: Failure) -> None:
        """A mistake in the question in one line; one in lrviz with all that is known of it."""
        if isinstance(failure.error, LrvizError):
            self._frame.notice.tell(str(failure.error))
        else:
            line = self.tr("Something went wrong in lrviz: {error}. The next run starts afresh.")
            error = f"{type(failure.error).__name__}: {failure.error}"
            self._frame.notice.tell(line.format(error=error), failure.details)
