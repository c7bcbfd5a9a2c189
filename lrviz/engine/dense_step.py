"""One step of a dense network for K rows, or its losses, written down once: a list of calls in fixed places.

A small network's step is some thirty calls of a few microseconds each. Asking for views, for fresh memory and for the
calls themselves anew at every step would cost a third of its time. What can be NumPy's is, on the same memory: its
sums and products start sooner than torch's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.engine.dense_layers import Layer, Numbers, Room

LOG2_OF_E = 1 / math.log(2)

Call = Callable[[], object]
Array = NDArray[Any]


class DenseStep:
    """Losses and gradients of K rows on B samples: the same for all of them, or B of its own for each.

    `numbers` are the rows' views into theta, and `into` those into their gradient, which a step replaces or, if it
    `adds`, adds to; each lies together in memory, as blocks do. `share` is what a sample counts. Classes are fitted by
    cross-entropy with `likelihood`, else by the squared error, as numbers are.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        numbers: Sequence[Numbers],
        into: Sequence[Numbers],
        room: Room,
        *,
        shared: bool,
        share: float,
        likelihood: bool,
        adds: bool = False,
    ) -> None:
        self._layers, self._numbers, self._into, self._room, self._adds = layers, numbers, into, room, adds
        rows, _, samples = room.linear[-1].shape
        shape = (samples, layers[0].inputs)
        self._shown = torch.empty(shape if shared else (rows, *shape), dtype=room.linear[-1].dtype)
        self._inputs = self._shown.numpy()
        self._ones = torch.ones(samples, 1, dtype=self._shown.dtype)
        self._loss = _loss_of(room, shared, share, likelihood)
        forward = _forward(layers, numbers, room, self._shown, self._loss.scale)
        self._calls = [*forward, *self._loss.value_calls, *self._loss.slope_calls, *self._backward()]

    def __call__(self, inputs: Tensor, targets: Tensor) -> Array:
        """(K,) the losses, each times `share`; inputs are (B, D) or (K, B, D), targets (B,) or (K, B).

        Good until the next step in the same room, and so is what it leaves in the gradient.
        """
        np.copyto(self._inputs, inputs.numpy())
        self._loss.expect(targets.numpy())
        for call in self._calls:
            call()
        return self._loss.value

    def _backward(self) -> list[Call]:
        calls: list[Call] = []
        delta = self._room.linear[-1]
        for i in range(len(self._layers) - 1, -1, -1):
            into = self._into[i]
            if i:
                calls.append(self._product(delta, self._room.bent[i - 1].mT, into.weight))
            elif self._shown.dim() == 3:
                calls.append(self._product(delta, self._shown, into.weight))
            else:  # what all rows see makes one product of theirs
                calls.append(self._product(delta.flatten(0, 1), self._shown, into.weight.flatten(0, 1)))
            calls.append(self._product(delta.flatten(0, 1), self._ones, into.bias.flatten(0, 1)))  # sooner than a sum
            below = self._layers[i - 1].bend if i else None
            if below is not None:
                before = delta
                delta = self._room.deltas[i - 1]
                calls.append(partial(torch.bmm, self._numbers[i].weight.mT, before, out=delta))
                calls.append(partial(below.back, delta, self._room.linear[i - 1], self._room.bent[i - 1]))
        return calls

    def _product(self, left: Tensor, right: Tensor, into: Tensor) -> Call:
        """Of two matrices, or of K times two."""
        if self._adds:
            return partial(torch.addmm if left.dim() == 2 else torch.baddbmm, into, left, right, out=into)
        return partial(torch.mm if left.dim() == 2 else torch.bmm, left, right, out=into)


class DenseLosses:
    """Losses of K rows on B samples that are the same for all, each summed over them, and how many a row gets right.

    `numbers` are views into theta of all layers, or of all but the first: then its answer before the bend stands in its
    place in the room beforehand.
    """

    def __init__(
        self, layers: Sequence[Layer], numbers: Sequence[Numbers], room: Room, *, likelihood: bool, counts: bool = False
    ) -> None:
        samples = room.linear[-1].shape[2]
        self._shown = torch.empty(samples, layers[0].inputs, dtype=room.linear[-1].dtype)
        self._inputs = self._shown.numpy()
        self._loss = _loss_of(room, shared=True, share=1.0, likelihood=likelihood)
        self._targets = torch.empty(0)
        self._calls = _forward(layers, numbers, room, self._shown, self._loss.scale)
        self._calls += self._loss.counting_calls if counts else self._loss.value_calls

    def __call__(self, inputs: Tensor | None, targets: Tensor) -> tuple[Array, Array]:
        """(K,) and (K,), good until the next call in the same room; inputs are (B, D), targets (B,).

        No inputs where the first layer's answer stands in the room.
        """
        if inputs is not None:
            np.copyto(self._inputs, inputs.numpy())
        if targets is not self._targets:  # a landscape's are the same for thousands of places
            self._loss.expect(targets.numpy())
            self._targets = targets
        for call in self._calls:
            call()
        return self._loss.value, self._loss.right


def _forward(
    layers: Sequence[Layer], numbers: Sequence[Numbers], room: Room, shown: Tensor, scale: float
) -> list[Call]:
    """From what is shown to all rows, (B, D), or to each, (K, B, D); from the first layer's answer where `numbers` has
    none of it.

    The last layer's answer comes out times `scale`.
    """
    calls: list[Call] = []
    last, known = len(layers) - 1, len(layers) - len(numbers)
    given = shown.mT.expand(len(room.linear[0]), -1, -1)
    for i, (layer, place) in enumerate(zip(layers, room.linear, strict=True)):
        times = scale if i == last else 1.0
        if i >= known:
            own = numbers[i - known]
            if i == 0 and shown.dim() == 2 and own.weight.is_contiguous():  # one product for all rows
                weight, bias, place = (rows.flatten(0, 1) for rows in (own.weight, own.bias, place))
                calls.append(partial(torch.addmm, bias, weight, shown.mT, beta=times, alpha=times, out=place))
            else:
                calls.append(partial(torch.baddbmm, own.bias, own.weight, given, beta=times, alpha=times, out=place))
        elif times != 1:
            calls.append(partial(torch.mul, place, times, out=place))
        if layer.bend is not None:
            given = room.bent[i]
            calls.append(partial(layer.bend.into, room.linear[i], given))
    return calls


def _loss_of(room: Room, shared: bool, share: float, likelihood: bool) -> _Loss:
    return (_CrossEntropy if likelihood else _SquaredError)(room.linear[-1], shared, share)


class _Loss(Protocol):
    """What is minimised, of outputs (K, C, B) that the calls use up."""

    scale: float  # what the outputs are multiplied by before they come here
    value_calls: list[Call]  # leave the losses in `value`
    counting_calls: list[Call]  # the same, and how many samples are classified right in `right`
    slope_calls: list[Call]  # after one of them: the derivative with respect to the outputs, in their place
    value: Array  # (K,)
    right: Array  # (K,)

    def expect(self, targets: Array) -> None:
        """The targets (B,) or (K, B) of the step to come."""
        ...


class _CrossEntropy:
    """Softmax and its logarithm from the same powers of two, which take half the time of e's."""

    scale = LOG2_OF_E

    def __init__(self, outputs: Tensor, shared: bool, share: float) -> None:
        rows, classes, samples = outputs.shape
        values = outputs.numpy()
        top = outputs.new_empty(rows, 1, samples)
        total = torch.empty_like(top)
        sums = total.numpy()[:, 0]
        reached, heights = np.empty((2, rows, samples), values.dtype)
        self.value, self.right = np.empty((2, rows), values.dtype)
        self._values, self._reached, self._targets = values, reached, np.empty(0, np.int64)
        self._hit, self._ones = np.empty_like(reached), np.ones(samples, values.dtype)
        self._samples = samples
        self._first = np.arange(samples) + np.arange(rows)[:, None] * (classes * samples)  # (K, B) of class 0
        self._at = np.empty((rows, samples), np.int64)  # where in the outputs each sample's class stands
        self._shares = np.eye(classes, dtype=values.dtype) * values.dtype.type(-share)  # (C, C)
        # (C, B), or (C, K, B) where each row has its own: what is asked for by class comes class by class.
        self._wanted = np.empty((classes, samples) if shared else (classes, rows, samples), values.dtype)
        wanted = torch.from_numpy(self._wanted if shared else self._wanted.swapaxes(0, 1))
        part, per_bit = values.dtype.type(share), values.dtype.type(1 / LOG2_OF_E)
        below_top: list[Call] = [
            partial(torch.amax, outputs, 1, True, out=top),
            partial(torch.sub, outputs, top, out=outputs),
            partial(values.reshape(-1).take, self._at, None, reached, "clip"),
        ]
        sums_of_powers: list[Call] = [
            partial(torch.exp2, outputs, out=outputs),
            partial(torch.sum, outputs, 1, True, out=total),
            partial(np.log, sums, heights),
            partial(np.multiply, reached, per_bit, reached),
            partial(np.subtract, heights, reached, heights),
            partial(np.add.reduce, heights, 1, None, self.value),
            partial(np.multiply, self.value, part, self.value),
        ]
        self.value_calls = [*below_top, *sums_of_powers]
        self.counting_calls = [*below_top, self._count, *sums_of_powers]
        self.slope_calls: list[Call] = [
            partial(np.divide, part, sums, sums),
            partial(torch.addcmul, wanted, outputs, total, out=outputs),
        ]

    def expect(self, targets: Array) -> None:
        self._targets = targets
        np.add(self._first, targets * self._samples, self._at)
        self._shares.take(targets, 1, self._wanted, "clip")

    def _count(self) -> None:
        # To look for each sample's best class takes as long as the products; as a rule one alone is at the top, at 0.
        at_top = self._values == 0
        if np.count_nonzero(at_top) == self._reached.size:
            np.equal(self._reached, 0, self._hit)
            np.matmul(self._hit, self._ones, self.right)
        else:
            (self._values.argmax(1) == self._targets).sum(1, out=self.right)


class _SquaredError:
    """The mean over the outputs of the squared difference from numbers, or from 1 for the class and 0 for the rest."""

    scale = 1.0

    def __init__(self, outputs: Tensor, shared: bool, share: float) -> None:
        rows, classes, samples = outputs.shape
        off = outputs.numpy()
        squares = np.empty_like(off)
        self.value, self.right = np.zeros((2, rows), off.dtype)
        self._outputs, self._targets = off, np.empty(0, off.dtype)
        self._ones = np.eye(classes, dtype=off.dtype)
        self._wanted = np.empty((classes, samples) if shared else (classes, rows, samples), off.dtype)
        wanted = self._wanted if shared else self._wanted.swapaxes(0, 1)
        mean, twice = off.dtype.type(share / classes), off.dtype.type(2 * share / classes)
        self.value_calls: list[Call] = [
            partial(np.subtract, off, wanted, off),
            partial(np.square, off, squares),
            partial(np.add.reduce, squares.reshape(rows, -1), 1, None, self.value),
            partial(np.multiply, self.value, mean, self.value),
        ]
        self.counting_calls = [self._count, *self.value_calls]
        self.slope_calls: list[Call] = [partial(np.multiply, off, twice, off)]

    def expect(self, targets: Array) -> None:
        self._targets = targets
        if targets.dtype.kind == "f":
            self._wanted[...] = targets
        else:
            np.take(self._ones, targets, 1, self._wanted, "clip")

    def _count(self) -> None:
        (self._outputs.argmax(1) == self._targets).sum(1, out=self.right)
