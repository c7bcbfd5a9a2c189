"""What became of a run, with the numbers that say so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["converged", "oscillating", "crawling", "stuck", "diverged"]


@dataclass(frozen=True)
class Verdict:
    """A word, the reason in one sentence with its figures, and the step at which it was decided."""

    kind: Kind
    reason: str
    step: int


def figure(value: float, digits: int = 3) -> str:
    """A number as a reason writes it: 0.001, 1e-6, −398, 12,000."""
    value += 0.0  # there is no minus zero
    if not math.isfinite(value):
        return {math.inf: "infinite", -math.inf: "minus infinite"}.get(value, "not a number")
    if 100 <= abs(value) < 1e7:
        text = f"{float(f'{value:.{digits - 1}e}'):,.0f}"
    else:
        mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
        text = f"{mantissa}e{int(exponent)}" if exponent else mantissa
    return text.replace("-", "−", 1) if text.startswith("-") else text
