"""Steps and epochs: an epoch is one pass through the training part, in batches."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.dataset import Data, with_wrong_labels
from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Choice, Experiment, OnModel

KEPT = 8  # data sets: as many seeds' splits as are usually asked together


def load_data(choice: Choice, seed: int) -> Data:
    """The data set that was chosen, read once for the same choice and seed. DataError where a file is broken."""
    part = catalog.datasets.find(choice.name)
    settings = part.settings(choice.parameters)
    share = settings.get(catalog.LABEL_NOISE.name, 0.0)
    assert isinstance(share, float)
    return _noisy(choice.name, msgspec.json.encode(part.own_settings(settings)), seed, file_state(choice), share)


def check_suits(model: catalog.Model, data: Data) -> None:
    """ExperimentError where a model can't learn the data, which is known only now for a file of one's own."""
    task = "classification" if data.classes else "regression"
    if task not in model.tasks:
        raise ExperimentError(f"{model.name} is for {' or '.join(model.tasks)}, but {data.name} is for {task}")
    if model.wants == "image" and data.image_shape is None:
        raise ExperimentError(f"{model.name} is for pictures, and {data.name} holds none; digits does")


def steps_per_epoch(problem: OnModel, seed: int) -> int:
    """Batches in one pass: the training part's size over the batch size, rounded up; 1 where the batch is all."""
    samples = len(load_data(problem.data, seed).train_targets)
    return -(-samples // problem.batch_size) if 0 < problem.batch_size < samples else 1


def epoch_steps(experiment: Experiment) -> int | None:
    """Steps an epoch of the experiment has; None for a problem without batches."""
    problem = experiment.problem
    return steps_per_epoch(problem, experiment.seed) if isinstance(problem, OnModel) else None


def with_epochs_of(before: Experiment, after: Experiment) -> Experiment:
    """`after` with as many epochs as `before` had, where both have epochs: people think of a length in epochs."""
    old, new = epoch_steps(before), epoch_steps(after)
    if old is None or new is None or old == new or before.steps != after.steps:
        return after
    return replace(after, steps=max(1, round(before.steps / old * new)))


def file_state(choice: Choice) -> tuple[int, int] | None:
    """When a person's own file was changed last, and its size: a file that changes is read again."""
    path = choice.parameters.get("path")
    try:
        found = Path(str(path)).expanduser().stat() if path else None
    except (OSError, ValueError, RuntimeError):  # reading the file will say in a line what is wrong with it
        return None
    return None if found is None else (found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=KEPT)
def _noisy(name: str, own: bytes, seed: int, state: tuple[int, int] | None, share: float) -> Data:
    return with_wrong_labels(_load(name, own, seed, state), share, seed)


@lru_cache(maxsize=KEPT)
def _load(name: str, own: bytes, seed: int, _state: tuple[int, int] | None) -> Data:
    part = catalog.datasets.find(name)
    data = part.factory(seed, **part.own_settings(part.settings(msgspec.json.decode(own))))
    assert isinstance(data, Data)
    return data
