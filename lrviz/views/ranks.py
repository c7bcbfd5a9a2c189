"""Which reading of a run was its best so far."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lrviz.views.growing import Growing
from lrviz.views.quantity import Quantity


class Ranks:
    """The best of the readings up to each: looked for once, so that any step can be asked for at no cost."""

    def __init__(self, quantity: Quantity) -> None:
        self._sign = 1.0 if quantity.lower_is_better else -1.0
        self._record, self._holder = math.inf, -1
        self._seen = 0
        self._holders = Growing(np.int64)  # -1: none yet

    def extend(self, values: NDArray[np.float64]) -> None:
        """Look at the next (n,) readings; those that are not finite are nobody's best."""
        holders = []
        for value in (self._sign * values).tolist():
            if math.isfinite(value) and value < self._record:
                self._record, self._holder = value, self._seen
            holders.append(self._holder)
            self._seen += 1
        self._holders.extend(np.array(holders, np.int64))

    def best(self, count: int) -> int | None:
        """The index of the best of the first `count` readings, the earliest of equals; None where none is finite."""
        holder = self._holders.filled.item(count - 1) if count else -1
        return None if holder < 0 else holder
