"""torch's global random numbers: modules draw from them, and there is one sequence for all threads of a process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import torch

_one_at_a_time = threading.RLock()


@contextlib.contextmanager
def own_draws(seed: int | None = None) -> Iterator[None]:
    """What is drawn within begins at `seed`, if there is one, and leaves the sequence as it was. Other threads wait."""
    with _one_at_a_time, torch.random.fork_rng(devices=[]):
        if seed is not None:
            torch.manual_seed(seed)
        yield
