"""What a person hands over as data, in Python, as a data set of the catalog's kind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.dataset import Data
from lrviz.core.errors import DataError, one_line

MOST_CLASSES = 10_000
TEST_EVERY = 4  # a quarter is kept for testing, where no test part is given


@dataclass(frozen=True, eq=False)
class Part:
    """Samples and what they should be answered with."""

    inputs: Tensor  # (N, …) as they were given
    targets: Tensor  # (N,) int64 classes or float32 numbers


@dataclass(frozen=True, eq=False)
class OwnData:
    """A training part, and a test part unless one is to be split off."""

    train: Part
    test: Part | None

    @property
    def sample_shape(self) -> torch.Size:
        return self.train.inputs.shape[1:]

    @property
    def in_classes(self) -> bool:
        return not self.train.targets.is_floating_point()

    @property
    def classes(self) -> int:
        """As many as the highest class says; 0 where the targets are a quantity."""
        parts = [self.train] if self.test is None else [self.train, self.test]
        return max(int(part.targets.max()) for part in parts) + 1 if self.in_classes else 0

    def digest(self, *more: object) -> bytes:
        """The same for the same numbers, in the same shapes and types, and the same `more`."""
        parts = [self.train] if self.test is None else [self.train, self.test]
        tensors = [tensor for part in parts for tensor in (part.inputs, part.targets)]
        digest = hashlib.sha256(repr([more, *((tensor.shape, tensor.dtype) for tensor in tensors)]).encode())
        for tensor in tensors:
            digest.update(tensor.numpy().tobytes())
        return digest.digest()

    def factory(self, name: str, classes: int) -> Callable[[int], Data]:
        """A data set's factory: every input as it is, flat; the seed draws the test part where none was given.

        Data are not standardised: they are the person's own, and so are their scales.
        """
        shape = self.sample_shape
        picture = shape[-2:] if len(shape) == 2 or (len(shape) == 3 and shape[0] == 1) else None
        features = tuple(f"input {place}" for place in range(shape.numel()))

        def own_data(seed: int) -> Data:
            """Data handed over in Python."""
            train, test = (self.train, self.test) if self.test is not None else _split(self.train, seed)
            return Data(
                name=name,
                train_inputs=_flat(train),
                train_targets=train.targets.numpy().copy(),
                test_inputs=_flat(test),
                test_targets=test.targets.numpy().copy(),
                classes=tuple(map(str, range(classes))),
                features=features,
                image_shape=(picture[0], picture[1]) if picture else None,
            )

        return own_data


def own_data_from(data: Any) -> OwnData:
    """Data out of (inputs, targets), of ((inputs, targets), (inputs, targets)) to train and to test on, or of a
    map-style torch Dataset, or two of them.

    Inputs are (N, …), arrays or tensors; targets are (N,) or (N, 1): classes where they are whole numbers, else a
    quantity. DataError, one line, where they are anything else.
    """
    if isinstance(data, tuple | list) and len(data) == 2 and all(map(_is_part, data)):
        train, test = _part(data[0], "training"), _part(data[1], "test")
        if train.inputs.shape[1:] != test.inputs.shape[1:]:
            shapes = f"{_shown(train.inputs.shape[1:])} to train on and {_shown(test.inputs.shape[1:])} to test on"
            raise DataError(f"the inputs have the shapes {shapes}; both parts have the same")
        if train.targets.dtype != test.targets.dtype:
            raise DataError("the targets of one part are whole numbers, those of the other aren't; both are or neither")
        return OwnData(train, test)
    own = OwnData(_part(data, "training"), None)
    if len(own.train.inputs) < 2:
        raise DataError("the data hold 1 sample; one to train on and one to test on are the least")
    return own


def _is_part(value: object) -> bool:
    return isinstance(value, tuple | torch.utils.data.Dataset)


def _part(data: Any, name: str) -> Part:
    if isinstance(data, torch.utils.data.Dataset):
        data = _stacked(data)
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise DataError(f"the {name} data are of type {type(data).__name__}; they are a pair of inputs and targets")
    inputs, targets = _tensor(data[0], "inputs"), _targets(_tensor(data[1], "targets"))
    if inputs.dim() < 1 or len(inputs) != len(targets) or not len(inputs):
        counts = f"{len(inputs) if inputs.dim() else 'no list of'} inputs and {len(targets)} targets"
        raise DataError(f"the {name} data hold {counts}; there is one target for each input, and at least one of them")
    if not inputs.isfinite().all():
        first = int((~inputs.isfinite()).reshape(len(inputs), -1).any(1).nonzero()[0])
        raise DataError(f"sample {first} of the {name} inputs is not finite; leave it out or fill it in")
    return Part(inputs[:, None] if inputs.dim() == 1 else inputs, targets)


def _stacked(dataset: Any) -> tuple[Any, Any]:
    """Every sample of a map-style Dataset."""
    try:
        samples = [dataset[place] for place in range(len(dataset))]
        inputs, targets = zip(*((sample[0], sample[1]) for sample in samples), strict=True)
        return torch.stack([torch.as_tensor(x) for x in inputs]), torch.stack([torch.as_tensor(y) for y in targets])
    except Exception as error:  # it is the person's own code
        said = f"the samples of {type(dataset).__name__} can't be stacked: {one_line(error)}"
        raise DataError(f"{said}; it has a length, and each sample is a tensor and its target") from error


def _tensor(values: Any, name: str) -> Tensor:
    try:
        tensor = values if isinstance(values, Tensor) else torch.as_tensor(np.asarray(values))
    except (TypeError, ValueError) as error:
        raise DataError(f"the {name} are no array of numbers: {one_line(error)}") from None
    if tensor.is_complex():
        raise DataError(f"the {name} are complex; they are real numbers")
    return tensor.detach().cpu().clone()  # what the person does with theirs later on changes nothing


def _targets(targets: Tensor) -> Tensor:
    if targets.dim() == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    if targets.dim() != 1:
        raise DataError(f"the targets are {_shown(targets.shape)}; there is one class or one number a sample, (N,)")
    if targets.is_floating_point():
        if not targets.isfinite().all():
            raise DataError(f"target {int((~targets.isfinite()).nonzero()[0])} is not finite; leave its sample out")
        return targets.float()
    if len(targets) and not 0 <= int(targets.min()) <= int(targets.max()) < MOST_CLASSES:
        span = f"from {int(targets.min()):,} to {int(targets.max()):,}"
        raise DataError(f"the targets go {span}; classes are 0, 1, 2, … below {MOST_CLASSES:,}, a quantity is floats")
    return targets.long()


def _split(part: Part, seed: int) -> tuple[Part, Part]:
    """Every fourth sample to test on, in an order drawn by the seed but sorted by target: each class has its share."""
    order = torch.from_numpy(np.random.default_rng(seed).permutation(len(part.targets)))
    order = order[torch.argsort(part.targets[order], stable=True)]
    in_test = torch.zeros(len(order), dtype=torch.bool)
    in_test[order[TEST_EVERY - 1 :: TEST_EVERY] if len(order) >= TEST_EVERY else order[-1:]] = True
    return Part(part.inputs[~in_test], part.targets[~in_test]), Part(part.inputs[in_test], part.targets[in_test])


def _flat(part: Part) -> NDArray[np.float32]:
    flat: NDArray[np.float32] = part.inputs.float().flatten(1).numpy().copy()
    return flat


def _shown(shape: torch.Size) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
