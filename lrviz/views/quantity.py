"""One number a run and step that a chart can show, and what has to be known to show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from lrviz.core.scene import Scene
from lrviz.views.numbers import percent, steady

DECADES_BELOW = 12.0

Readings = tuple[NDArray[np.int64], NDArray[np.float64]]  # (n,) rising steps and (n,) what was read at them
Reader = Callable[[Scene, int, int], Readings]  # of a scene and a run: what is known of the steps after the given one


@dataclass(frozen=True)
class Quantity:
    """One number a run and step. `title` is in English; `titled` gives it in the person's language."""

    key: str
    title: str  # "{layer}" stands for the layer
    read: Reader
    unit: str = ""  # "%": values are fractions of 1
    noisy: bool = False  # whether it jumps from batch to batch, so that a smooth line helps
    bounds: tuple[float, float] | None = None  # the whole scale, where that is known
    lower_is_better: bool = True  # decides to which side "not a number" falls
    late: bool = False  # whether a step's reading is known only once the next row is there
    mark: float | None = None  # a value that means something: a line is drawn at it
    limit: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None  # of learning rates: a value that means
    #   something for a run at that rate; each run has its own line
    decades: float = DECADES_BELOW  # how far below its beginning a log scale reaches: what is less counts as 0
    signed: bool = False  # whether it is above or below 0 by its nature, so that no log scale suits it
    best: bool = False  # whether a run's best reading so far tells something beside its last
    captions: tuple[str, ...] = ()  # what has to be said of it, in English too, the longest first
    layer: str = ""  # the layer of a model, under its module's own name, where it is one's

    def captioned(self) -> tuple[str, ...]:
        return tuple(QCoreApplication.translate("Quantity", caption) for caption in self.captions)

    def titled(self) -> str:
        return QCoreApplication.translate("Quantity", self.title).replace("{layer}", self.layer)

    def text(self, value: float) -> str:
        """A value as people read it, of steady width."""
        return percent(value) if self.unit == "%" else steady(value)

    @property
    def scalable(self) -> bool:
        """Whether a person can choose between a logarithmic scale and a linear one."""
        return self.bounds is None and not self.signed
