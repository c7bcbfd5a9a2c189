"""What the engine asks of a problem. Implementations live in lrviz.engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from lrviz.core.pauses import Paused


class Problem(Protocol):
    """A loss of K flat parameter vectors at once. Rows are independent: row k's results depend on theta[k] alone."""

    @property
    def parameters(self) -> int:
        """P."""
        ...

    @property
    def steps_per_epoch(self) -> int | None:
        """None where there are no batches."""
        ...

    @property
    def metric_names(self) -> tuple[str, ...]:
        """What `metrics` measures; empty where nothing but the loss is."""
        ...

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers that have weights, by the module's own names; empty where there are none."""
        ...

    @property
    def metrics_cost(self) -> float:
        """What one call of `metrics` costs, in steps."""
        ...

    @property
    def gradient_rows(self) -> int:
        """How many rows one call of `gradients` should be given at most, so that it takes some tens of milliseconds.

        0 where one row takes longer.
        """
        ...

    @property
    def note(self) -> str:
        """One line on how it is computed that the person should know, or nothing."""
        ...

    def start(self, runs: int) -> Tensor:
        """(K, P): the same start in every row, in the problem's dtype."""
        ...

    def loss(self, theta: Tensor, step: int, /) -> Tensor:
        """(K,) the losses at (K, P), differentiable; on the batch of `step` where there are batches."""
        ...

    def gradients(self, theta: Tensor, step: int, /) -> tuple[Tensor, Tensor]:
        """Losses (K,) and gradients (K, P) at theta (K, P), good until the next call."""
        ...

    def gradients_in_pieces(self, theta: Tensor, step: int, /) -> Paused[tuple[Tensor, Tensor]]:
        """`gradients` of any number of rows, with a pause whenever some tens of milliseconds' work is done."""
        ...

    def metrics(self, theta: Tensor, /) -> dict[str, Tensor]:
        """(K,) for each of metric_names, on the whole training and test parts."""
        ...

    def digest(self) -> bytes:
        """What the fingerprint hashes of the start, the data and the order of the batches."""
        ...


class Gradients(Protocol):
    """Writes the gradient on a step's batch into its place, and returns losses (K,), with pauses as a problem does."""

    def __call__(self, step: int, /) -> Paused[Tensor]: ...


@runtime_checkable
class ProblemInBlocks(Problem, Protocol):
    """A problem that is computed fastest where theta is cut between columns and the numbers of a block lie together."""

    @property
    def widths(self) -> tuple[int, ...]:
        """How many columns each block has."""
        ...

    def gradients_in(self, theta: Sequence[Tensor], gradient: Sequence[Tensor], /) -> Gradients:
        """Theta's as it is whenever they are asked for; the blocks of both are (K, width) each and stay in place."""
        ...
