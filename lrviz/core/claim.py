"""A claim about the learning rate, put to the test: what is asked, what was measured, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lrviz.core.experiment import Experiment
from lrviz.core.sweep import SweepQuestion

ClaimVerdict = Literal["supported", "depends", "refuted"]
Extent = Literal["quick", "full"]
MOST = 0.75  # of the settings, for a claim to be supported
HALF = 0.5  # of them, for one that none bears out to be refuted
RULE = (
    "Supported where at least three quarters of the settings bear it out; refuted where none does and at least half "
    "speak against it; it depends otherwise."
)


@dataclass(frozen=True)
class Evidence:
    """One setting of a claim's experiment and what was measured in it.

    `agrees` is whether this setting by itself bears the claim out; None where its figures don't decide.
    """

    setting: str  # "mlp on digits, Adam, 10 epochs"
    figures: dict[str, float]  # by name with its unit: "test accuracy at 0.001 (median)", "difference (points)"
    interval: tuple[float, float]  # of the effect, 95 %, over seeds
    effect: float  # what the interval is about
    unit: str  # of effect and interval: "points of test accuracy", "times as many steps"
    agrees: bool | None
    sentence: str  # the figures in one sentence
    question: SweepQuestion | None = None  # what was run, to be opened as a sweep
    experiment: Experiment | None = None  # or as a comparison: the runs that show it best


@dataclass(frozen=True)
class ClaimFinding:
    """What became of a claim."""

    name: str
    title: str
    claim: str  # what the text says, in our words
    verdict: ClaimVerdict
    reason: str  # one or two sentences, from the figures
    evidence: tuple[Evidence, ...]
    method: str  # how the verdict follows from the evidence


@dataclass(frozen=True)
class ClaimsReport:
    """All that is known of a check so far."""

    extent: Extent
    seeds: tuple[int, ...]
    findings: tuple[ClaimFinding, ...]
    names: tuple[str, ...]  # all claims that are asked, in their order
    share_done: float  # 0 to 1
    seconds_left: float | None
    conclusion: str  # the sentence that follows from the findings; "" until all are there
    complete: bool = False


def verdict_of(evidence: Sequence[Evidence]) -> ClaimVerdict:
    """What RULE makes of a claim's settings."""
    borne_out = sum(one.agrees is True for one in evidence)
    against = sum(one.agrees is False for one in evidence)
    if borne_out >= MOST * len(evidence):
        return "supported"
    return "refuted" if not borne_out and against >= HALF * len(evidence) else "depends"
