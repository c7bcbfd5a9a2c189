"""What became of a run, with the numbers that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["converged", "oscillating", "crawling", "stuck", "diverged"]


@dataclass(frozen=True)
class Verdict:
    """A word, the reason in one sentence with its figures, and the step at which it was decided."""

    kind: Kind
    reason: str
    step: int
