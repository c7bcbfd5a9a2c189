"""What the planes on which a model can be drawn are called, and what each is for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from lrviz.core.landscape import PlaneKind


def plane_title(kind: PlaneKind) -> str:
    """A plane's name, short enough for a menu or a picker."""
    return {
        "start": _tr("Downhill from the start"),
        "paths": _tr("Along the paths"),
        "random": _tr("Around the best end"),
        "finals": _tr("Through start and two ends"),
    }[kind]


def plane_hint(kind: PlaneKind) -> str:
    """What can be seen on a plane, and what can't."""
    return {
        "start": _tr(
            "The way downhill from the start, and a random direction. Known before the race, not fitted to it."
        ),
        "paths": _tr("The two directions in which all paths together vary most: where the descents show best."),
        "random": _tr(
            "Two random directions from the best run's end, normalised filter by filter: how wide the valley is that "
            "it found. Paths hardly show here."
        ),
        "finals": _tr(
            "Start, best end and another end lie on it exactly: whether two rates found the same valley, and what lies "
            "between."
        ),
    }[kind]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Planes", text)
