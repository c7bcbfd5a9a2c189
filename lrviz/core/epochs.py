"""Steps and epochs: an epoch is one pass through the training part, in batches."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from lrviz.core import catalog
from lrviz.core.dataset import Data
from lrviz.core.experiment import Choice, OnModel


def load_data(choice: Choice, seed: int) -> Data:
    """The data set that was chosen, read once for the same choice and seed. DataError where a file is broken."""
    return _load(choice.name, msgspec.json.encode(choice.parameters), seed)


def steps_per_epoch(problem: OnModel, seed: int) -> int:
    """Batches in one pass: the training part's size over the batch size, rounded up; 1 where the batch is all."""
    samples = len(load_data(problem.data, seed).train_targets)
    return -(-samples // problem.batch_size) if 0 < problem.batch_size < samples else 1


@lru_cache(maxsize=4)
def _load(name: str, parameters: bytes, seed: int) -> Data:
    part = catalog.datasets.find(name)
    data = part.factory(seed, **part.settings(msgspec.json.decode(parameters)))
    assert isinstance(data, Data)
    return data
