"""Arrays of the person's own: pictures, or numbers that a program has made ready."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data, split_data
from lrviz.core.encoding import FEWEST_ROWS, MOST_CATEGORIES
from lrviz.core.errors import DataError, quoted
from lrviz.core.npz import read_npz
from lrviz.core.signature import Shown

INPUTS = ("x", "inputs", "data")
TARGETS = ("y", "targets", "target", "labels")


@dataset("npz", title="An NPZ file", task=None)
def npz_file(
    seed: int,
    path: Annotated[str, Shown("file", "a NumPy file with an array X of inputs and an array y of targets")] = "",
) -> Data:
    """A NumPy file of one's own, a quarter of its samples for testing: inputs X (or data), targets y (or labels).

    Inputs are (N, D), (N,), or (N, rows, columns), which makes them pictures: those are standardised with one mean and
    one deviation for all pixels. Targets are (N,): whole numbers or booleans are classes, floats are quantities.
    DataError, one line, for a file that cannot be learned from. Nothing in it is ever unpickled.
    """
    if not path:
        raise DataError("no file is named; give path, for example path=pictures.npz")
    file = Path(path).expanduser()
    inputs, targets = read_npz(file, (INPUTS, TARGETS))
    name = quoted(file.name)
    _refuse_misshapen(name, inputs, targets)
    labels, classes = _labels(name, targets.reshape(-1))
    image_shape = (inputs.shape[1], inputs.shape[2]) if inputs.ndim == 3 else None
    return split_data(
        file.name,
        inputs.reshape(len(inputs), -1).astype(np.float64, copy=False),
        labels,
        features=_features(inputs.shape[1:]),
        classes=classes,
        test=len(labels) // 4,
        seed=seed,
        image_shape=image_shape,
        together=image_shape is not None,
    )


def _refuse_misshapen(name: str, inputs: NDArray[Any], targets: NDArray[Any]) -> None:
    if not 1 <= inputs.ndim <= 3 or inputs.size == 0:
        said = f"inputs of shape {_shape(inputs)}"
        raise DataError(f"{name} has {said}; they are samples × numbers, or samples × rows × columns")
    if targets.ndim not in (1, 2) or targets.size != len(targets):
        raise DataError(f"{name} has targets of shape {_shape(targets)}; it takes one number a sample")
    if len(inputs) != len(targets):
        raise DataError(f"{name} has {len(inputs):,} inputs but {len(targets):,} targets; each input has one target")
    if len(inputs) < FEWEST_ROWS:
        raise DataError(f"{name} has {len(inputs)} samples; it takes {FEWEST_ROWS} at least to train and test")


def _labels(name: str, targets: NDArray[Any]) -> tuple[NDArray[np.int64] | NDArray[np.float64], tuple[str, ...]]:
    """The targets as class numbers with the classes' names, or as quantities with no names."""
    if targets.dtype.kind == "f":
        return targets.astype(np.float64, copy=False), ()
    kinds, labels = np.unique(targets, return_inverse=True)
    if len(kinds) < 2:
        raise DataError(f"{name} has the target {kinds[0]} in every sample; a target differs")
    if len(kinds) > MOST_CATEGORIES:
        most = f"{MOST_CATEGORIES} are the most, and quantities are saved as floats"
        raise DataError(f"{name} has whole numbers of {len(kinds)} kinds as targets; {most}")
    return labels.astype(np.int64), tuple(str(kind) for kind in kinds)


def _features(shape: tuple[int, ...]) -> tuple[str, ...]:
    match shape:
        case (rows, columns):
            return tuple(f"pixel_{row}_{column}" for row in range(rows) for column in range(columns))
        case (inputs,):
            return tuple(f"x{place}" for place in range(inputs))
        case _:
            return ("x",)


def _shape(array: NDArray[Any]) -> str:
    return " × ".join(map(str, array.shape)) or "none"
