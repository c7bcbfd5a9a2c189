"""Data: a training part and a test part, as plain arrays that nobody changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lrviz.core.errors import DataError, quoted

LABEL_NOISE_STREAM = 1  # beside the seed: the labels are drawn independently of the split


@dataclass(frozen=True, eq=False)
class Data:
    """What a model is trained and tested on.

    Inputs, and the targets of a regression, are standardised with the training part's mean and deviation: a loss
    of 1 is what the mean alone would get.
    """

    name: str
    train_inputs: NDArray[np.float32]  # (N, D)
    train_targets: NDArray[np.int64] | NDArray[np.float32]  # (N,) classes 0..C-1, or (N,) numbers
    test_inputs: NDArray[np.float32]  # (M, D)
    test_targets: NDArray[np.int64] | NDArray[np.float32]  # (M,)
    classes: tuple[str, ...]  # the class names; empty for regression
    features: tuple[str, ...]  # (D,) names of the inputs
    image_shape: tuple[int, int] | None = None  # (rows, columns) where an input is a picture
    means: NDArray[np.float64] | None = None  # (D,) of the training part's inputs, before they were standardised
    deviations: NDArray[np.float64] | None = None  # (D,) the same

    def __post_init__(self) -> None:
        for array in (self.train_inputs, self.train_targets, self.test_inputs, self.test_targets):
            array.setflags(write=False)

    @property
    def outputs(self) -> int:
        """How many numbers a model answers: one a class, or one."""
        return len(self.classes) or 1


def split_data(
    name: str,
    inputs: NDArray[np.float64],
    targets: NDArray[np.int64] | NDArray[np.float64],
    *,
    features: tuple[str, ...],
    classes: tuple[str, ...] = (),
    test: int,
    seed: int,
    image_shape: tuple[int, int] | None = None,
    together: bool = False,
) -> Data:
    """Data out of `inputs` (N, D) and `targets` (N,): `test` samples drawn by `seed` to test on, others to train on.

    Each class keeps its share in both parts, to within one sample. An input that is NaN becomes its column's median
    in the training part. `together` standardises all inputs with one mean and one deviation, as it suits pixels: a
    border pixel that is lit once in a thousand pictures would else outshine them all. DataError where a column
    cannot be standardised.
    """
    in_test = np.zeros(len(targets), np.bool_)
    in_test[_drawn(targets, len(classes), test, np.random.default_rng(seed))] = True
    inputs = _completed(name, inputs, ~in_test, features)
    if together:
        inputs32 = _standardised(name, inputs.reshape(-1, 1), np.repeat(~in_test, len(features)), ("input",))
        inputs32 = inputs32.reshape(inputs.shape)
    else:
        inputs32 = _standardised(name, inputs, ~in_test, features)
    targets32: NDArray[np.int64] | NDArray[np.float32]
    if classes:
        targets32 = targets.astype(np.int64)
    else:
        targets32 = _standardised(name, targets.astype(np.float64)[:, None], ~in_test, ("target",))[:, 0]
    with np.errstate(all="ignore"):  # constant or huge columns were dealt with
        means, deviations = inputs[~in_test].mean(axis=0), inputs[~in_test].std(axis=0)
    return Data(
        name=name,
        train_inputs=inputs32[~in_test],
        train_targets=targets32[~in_test],
        test_inputs=inputs32[in_test],
        test_targets=targets32[in_test],
        classes=classes,
        features=features,
        image_shape=image_shape,
        means=means,
        deviations=deviations,
    )


def _drawn(targets: NDArray[np.generic], classes: int, test: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """The places of the `test` samples drawn for testing, class by class where there are classes."""
    if not classes:
        return rng.permutation(len(targets))[:test]
    places = [rng.permutation(np.flatnonzero(targets == c)) for c in range(classes)]
    sizes = np.array([len(p) for p in places])
    exact = sizes * test / len(targets)
    counts = np.floor(exact).astype(np.int64)
    # What the rounding down left over goes to the classes that lost most by it, but never a class's only sample.
    lost = np.where(sizes > counts + 1, exact - counts, -1.0)
    counts[np.argsort(-lost, kind="stable")[: test - counts.sum()]] += 1
    return np.concatenate([p[:count] for p, count in zip(places, counts, strict=True)])


def _completed(
    name: str, values: NDArray[np.float64], in_training: NDArray[np.bool_], columns: tuple[str, ...]
) -> NDArray[np.float64]:
    """`values` (N, D) with the median of the training part's known values wherever one is NaN."""
    gaps = np.isnan(values)
    if not gaps.any():
        return values
    values = values.copy()
    for place in np.flatnonzero(gaps.any(axis=0)):
        known = values[in_training & ~gaps[:, place], place]
        if not len(known):
            where = f"{quoted(name)} column {quoted(columns[place])}"
            raise DataError(f"{where} has no value at all to train on; leave the column out")
        values[gaps[:, place], place] = np.median(known)
    return values


def _standardised(
    name: str, values: NDArray[np.float64], in_training: NDArray[np.bool_], columns: tuple[str, ...]
) -> NDArray[np.float32]:
    """`values` (N, D) less the training part's mean, over its deviation; 0 for a column that is constant there."""
    training = values[in_training]
    varies = training.max(axis=0) > training.min(axis=0)
    with np.errstate(all="ignore"):  # numbers that defeat it are refused by name below
        scaled = (values - training.mean(axis=0)) / np.where(varies, training.std(axis=0), 1.0)
        result = np.where(varies, scaled, 0.0).astype(np.float32)
    for column, numbers in zip(columns, result.T, strict=True):
        if not np.isfinite(numbers).all():
            where = f"{quoted(name)} column {quoted(column)}"
            raise DataError(f"{where} holds numbers too large or too small to be standardised; scale it nearer to 1")
    return result


def with_wrong_labels(data: Data, share: float, seed: int) -> Data:
    """`data` with `share` of its training labels wrong: each of them another class, any other as likely.

    The share is exact, to within one label. The seed decides alone; a larger share has a smaller one's wrong labels
    and more. The test labels stay true. DataError where there are no classes.
    """
    if share == 0:
        return data
    if not data.classes:
        raise DataError(f"label_noise is for classes, and the target of {quoted(data.name)} is a quantity; set it to 0")
    rng = np.random.default_rng((seed, LABEL_NOISE_STREAM))
    samples, classes = len(data.train_targets), len(data.classes)
    wrong = rng.permutation(samples)[: round(share * samples)]
    shift = rng.integers(1, classes, samples)  # one for each sample, wrong or not, so that it is the same at any share
    labels = data.train_targets.astype(np.int64)
    labels[wrong] = (labels[wrong] + shift[wrong]) % classes
    return replace(data, train_targets=labels)
