"""What a chart can show of a run: one value each, read from its trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from lrviz.core.trace import Trace
from lrviz.views.numbers import percent, steady

Readings = tuple[NDArray[np.int64], NDArray[np.float64]]  # (T,) rising steps and (T,) what was read at them


@dataclass(frozen=True)
class Quantity:
    """One number a run and step. `title` is in English; `titled` gives it in the person's language."""

    key: str
    title: str
    read: Callable[[Trace], Readings]
    unit: str = ""  # "%": values are fractions of 1
    log: bool = False  # whether its scale is logarithmic unless told
    noisy: bool = False  # whether it jumps from batch to batch, so that a smooth line helps
    bounds: tuple[float, float] | None = None  # the whole scale, where that is known
    lower_is_better: bool = True  # decides to which side "not a number" falls

    def titled(self) -> str:
        return QCoreApplication.translate("Quantity", self.title)

    def text(self, value: float) -> str:
        """A value as people read it, of steady width."""
        return percent(value) if self.unit == "%" else steady(value)


def metric(name: str) -> Callable[[Trace], Readings]:
    """Reads a model's metric at the steps where it was measured; nothing where the problem has no such metric."""

    def read(trace: Trace) -> Readings:
        values = trace.metric(name)
        steps = trace.metric_step  # read last: it may have grown since
        return steps[: len(values)], values

    return read


def _loss(trace: Trace) -> Readings:
    loss = trace.loss
    return trace.step[: len(loss)], loss


LOSS = Quantity("loss", str(QT_TRANSLATE_NOOP("Quantity", "Loss")), _loss, log=True, noisy=True)
ACCURACY = Quantity(
    "test_accuracy",
    str(QT_TRANSLATE_NOOP("Quantity", "Test accuracy")),
    metric("test_accuracy"),
    unit="%",
    bounds=(0.0, 1.0),
    lower_is_better=False,
)
