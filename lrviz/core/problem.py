"""What the engine asks of a problem. Implementations live in lrviz.engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


class Problem(Protocol):
    """A loss of K flat parameter vectors at once. Rows are independent: row k's results depend on theta[k] alone."""

    parameters: int  # P
    steps_per_epoch: int | None  # None where there are no batches
    metric_names: tuple[str, ...]  # what `metrics` measures

    def start(self, runs: int) -> Tensor:
        """(K, P): the same start in every row, in the problem's dtype."""
        ...

    def loss(self, theta: Tensor, step: int) -> Tensor:
        """(K,) the losses at (K, P), differentiable; on the batch of `step` where there are batches."""
        ...

    def gradients(self, theta: Tensor, step: int) -> tuple[Tensor, Tensor]:
        """Losses (K,) and gradients (K, P) at theta (K, P)."""
        ...

    def metrics(self, theta: Tensor) -> dict[str, Tensor]:
        """(K,) for each of metric_names, on the whole training and test parts."""
        ...

    def digest(self) -> bytes:
        """What the fingerprint hashes of the start, the data and the order of the batches."""
        ...
