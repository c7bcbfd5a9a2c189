"""What a claim is judged by: sweeps and lengths of steps, as they were measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lrviz.core.claim import Evidence, Extent
from lrviz.core.experiment import Experiment
from lrviz.core.sweep import Rows, SweepQuestion, SweepTable


@dataclass(frozen=True)
class Walk:
    """Runs of one experiment whose steps are measured, from several seeds: what a claim asks for."""

    experiment: Experiment  # its own seed is not asked
    seeds: tuple[int, ...]


Need = SweepQuestion | Walk


@dataclass(frozen=True)
class Measured:
    """All that was measured so far."""

    extent: Extent
    seeds: tuple[int, ...]
    tables: Mapping[SweepQuestion, SweepTable]  # complete ones
    lengths: Mapping[Walk, Rows]  # (S, K, T) how far each step of each run moved theta; nan once it has overflowed


@dataclass(frozen=True)
class Judgment:
    """What a claim's file makes of the figures; the verdict follows from the evidence by one rule for all."""

    evidence: tuple[Evidence, ...]
    reason: str
