"""What of the data is drawn beside a model's answers: points, the window that shows them, pictures as they were."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lrviz.core.dataset import Data
from lrviz.core.insight import Studied, window_of

MOST_POINTS = 250  # of a part: more would cover what is drawn under them


def studied(data: Data) -> Studied:
    """What views need of `data`: points where there are one or two inputs, pictures where inputs are pictures."""
    inputs = data.train_inputs.shape[1]
    pictures = pictures_of(data) if data.image_shape is not None else None
    if not (inputs == 2 and data.classes) and not (inputs == 1 and not data.classes):
        return Studied(data.name, data.features, data.classes, pictures=pictures)
    train, train_classes = _points(data.train_inputs, data.train_targets, bool(data.classes))
    test, test_classes = _points(data.test_inputs, data.test_targets, bool(data.classes))
    return Studied(
        data.name,
        data.features,
        data.classes,
        bounds=window_of(*np.concatenate([train, test]).T),
        train_points=train,
        test_points=test,
        train_classes=train_classes,
        test_classes=test_classes,
        pictures=pictures,
    )


def pictures_of(data: Data) -> NDArray[np.uint8]:
    """(M, rows, columns) the test part as it was before it was standardised, from its darkest to its brightest."""
    assert data.image_shape is not None
    inputs: NDArray[np.float64] = data.test_inputs.astype(np.float64)
    if data.means is not None and data.deviations is not None:
        inputs = inputs * data.deviations + data.means
    low, high = inputs.min(), inputs.max()
    scaled = 255 * (inputs - low) / ((high - low) or 1.0)
    pictures: NDArray[np.uint8] = scaled.round().astype(np.uint8)
    return pictures.reshape(-1, *data.image_shape)


def _points(
    inputs: NDArray[np.float32], targets: NDArray[np.int64] | NDArray[np.float32], has_classes: bool
) -> tuple[NDArray[np.float32], NDArray[np.int64] | None]:
    """Points (N, 2), and their classes (N,): all of a part, or as many at even distances as can be told apart."""
    some = np.unique(np.linspace(0, len(inputs) - 1, min(MOST_POINTS, len(inputs))).astype(np.int64))
    if has_classes:
        return inputs[some], targets[some].astype(np.int64)
    return np.column_stack([inputs[some, 0], targets[some]]).astype(np.float32), None
