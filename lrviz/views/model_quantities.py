"""What can be shown of a model's runs: metrics as they were measured, and what follows from two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QT_TRANSLATE_NOOP

from lrviz.core.scene import Scene
from lrviz.views.quantity import Quantity, Reader, Readings

UPDATE_RATIO = "update_ratio."  # what a metric of a layer begins with
Values = NDArray[np.float64]


def quantities_from_metrics(names: Iterable[str]) -> tuple[Quantity, ...]:
    """What the metrics of these names allow, in the order in which it is read: losses, accuracies and their gap, then
    how the runs move, then the curvature they move in. A metric that nobody foresaw comes last, under its own name."""
    names = tuple(names)
    known = [quantity for needs, quantity in _KNOWN if needs <= set(names)]
    if ACCURACY_GAP in known:
        known = [quantity for quantity in known if quantity is not LOSS_GAP]
    ratios = [_ratio(name) for name in names if name.startswith(UPDATE_RATIO)]
    before = [quantity for quantity in known if quantity not in _CURVATURE]
    foreseen = {name for needs, _ in _KNOWN for name in needs}
    others = [metric(name, name) for name in names if name not in foreseen and not name.startswith(UPDATE_RATIO)]
    return (*before, *ratios, *(quantity for quantity in known if quantity in _CURVATURE), *others)


def metric(name: str, title: str) -> Quantity:
    """A metric at the steps where it was measured; nothing where the problem has none of that name."""
    return Quantity(name, title, _reader(lambda value: value, name))


def _reader(of: Callable[..., Values], *names: str) -> Reader:
    """Reads what `of` makes of the metrics of those names at the steps where all are known."""

    def read(scene: Scene, run: int, after: int) -> Readings:
        trace = scene.traces[run]
        values = [trace.metric(name) for name in names]
        count = min(map(len, values))
        steps = trace.metric_step[:count]  # read last: it may have grown since
        first = int(steps.searchsorted(after, side="right"))
        with np.errstate(all="ignore"):  # of a run that overflows
            return steps[first:], of(*(value[first:count] for value in values))

    return read


def _measured(quantity: Quantity) -> Quantity:
    """The same where it was measured at all: some steps are passed over, and a layer that is 0 has no ratio."""

    def read(scene: Scene, run: int, after: int) -> Readings:
        steps, values = quantity.read(scene, run, after)
        there = ~np.isnan(values)
        return steps[there], values[there]

    return replace(quantity, read=read)


def _against_rate(name: str) -> Reader:
    """A curvature times half of the rate that each step's update uses: above 1 a step down a bowl overshoots so far
    that the loss rises."""

    def read(scene: Scene, run: int, after: int) -> Readings:
        steps, values = metric(name, name).read(scene, run, after)
        return steps, values * scene.traces[run].rate[steps] / 2

    return read


def _two_over(rates: Values) -> Values:
    """The largest curvature of a bowl in which plain gradient descent at these rates does not diverge."""
    with np.errstate(divide="ignore"):  # a schedule may end at 0, where no bowl is too steep
        return np.asarray(2 / rates)


def _fraction(name: str, title: str) -> Quantity:
    return replace(metric(name, title), unit="%", bounds=(0.0, 1.0), lower_is_better=False)


def _ratio(name: str) -> Quantity:
    layer = name.removeprefix(UPDATE_RATIO)
    return replace(_measured(metric(name, _RATIO_TITLE)), layer=layer, decades=6, captions=_RATIO_CAPTIONS)


_RATIO_TITLE = str(QT_TRANSLATE_NOOP("Quantity", "Update ÷ weight · layer {layer}"))
_RATIO_CAPTIONS = (
    str(QT_TRANSLATE_NOOP("Quantity", "length of a step's update, as a part of the length of the layer's weights")),
    str(QT_TRANSLATE_NOOP("Quantity", "|update| ÷ |weights|")),
)
_PLAIN_CAPTIONS = (
    str(QT_TRANSLATE_NOOP("Quantity", "largest curvature; plain descent is unstable above 2 / rate")),
    str(QT_TRANSLATE_NOOP("Quantity", "unstable above 2 / rate")),
)
_RELATIVE_CAPTIONS = (
    str(QT_TRANSLATE_NOOP("Quantity", "largest curvature × rate / 2; above 1 plain descent is unstable")),
    str(QT_TRANSLATE_NOOP("Quantity", "above 1: unstable")),
)
ACCURACY = replace(_fraction("test_accuracy", str(QT_TRANSLATE_NOOP("Quantity", "Test accuracy"))), best=True)
TEST_LOSS = replace(metric("test_loss", str(QT_TRANSLATE_NOOP("Quantity", "Test loss"))), best=True)
TRAIN_LOSS = replace(
    metric("train_loss", str(QT_TRANSLATE_NOOP("Quantity", "Training loss"))),
    captions=(str(QT_TRANSLATE_NOOP("Quantity", "of the whole training part")),),
)
ACCURACY_GAP = Quantity(
    "accuracy_gap",
    str(QT_TRANSLATE_NOOP("Quantity", "Accuracy gap")),
    _reader(np.subtract, "train_accuracy", "test_accuracy"),
    unit="%",
    signed=True,
    mark=0.0,
    captions=(str(QT_TRANSLATE_NOOP("Quantity", "training − test accuracy")),),
)
LOSS_GAP = Quantity(
    "loss_gap",
    str(QT_TRANSLATE_NOOP("Quantity", "Loss gap")),
    _reader(np.subtract, "test_loss", "train_loss"),
    signed=True,
    mark=0.0,
    captions=(str(QT_TRANSLATE_NOOP("Quantity", "test − training loss")),),
)
GRADIENT_NORM = _measured(metric("gradient_norm", str(QT_TRANSLATE_NOOP("Quantity", "Gradient norm"))))
RELATIVE_SHARPNESS = Quantity(
    "relative_sharpness",
    str(QT_TRANSLATE_NOOP("Quantity", "Sharpness ÷ (2 / rate)")),
    _against_rate("sharpness"),
    mark=1.0,
    captions=_RELATIVE_CAPTIONS,
)
SHARPNESS = replace(
    metric("sharpness", str(QT_TRANSLATE_NOOP("Quantity", "Sharpness"))), limit=_two_over, captions=_PLAIN_CAPTIONS
)
RELATIVE_BATCH_SHARPNESS = Quantity(
    "relative_batch_sharpness",
    str(QT_TRANSLATE_NOOP("Quantity", "Batch sharpness ÷ (2 / rate)")),
    _against_rate("batch_sharpness"),
    mark=1.0,
    captions=_RELATIVE_CAPTIONS,
)
BATCH_SHARPNESS = replace(
    metric("batch_sharpness", str(QT_TRANSLATE_NOOP("Quantity", "Batch sharpness"))),
    limit=_two_over,
    captions=_PLAIN_CAPTIONS,
)
_CURVATURE = tuple(map(_measured, (RELATIVE_SHARPNESS, SHARPNESS, RELATIVE_BATCH_SHARPNESS, BATCH_SHARPNESS)))
_KNOWN: tuple[tuple[set[str], Quantity], ...] = (
    ({"train_loss"}, TRAIN_LOSS),
    ({"test_loss"}, TEST_LOSS),
    ({"train_accuracy"}, _fraction("train_accuracy", str(QT_TRANSLATE_NOOP("Quantity", "Training accuracy")))),
    ({"test_accuracy"}, ACCURACY),
    ({"train_accuracy", "test_accuracy"}, ACCURACY_GAP),
    ({"train_loss", "test_loss"}, LOSS_GAP),
    ({"gradient_norm"}, GRADIENT_NORM),
    *zip(({"sharpness"}, {"sharpness"}, {"batch_sharpness"}, {"batch_sharpness"}), _CURVATURE, strict=True),
)
