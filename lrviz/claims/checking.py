"""The claims put to the test: what they need is measured once for all, and each is judged as soon as it can be."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING

from lrviz.claims._conclusion import conclusion
from lrviz.claims._engine import seconds_for, swept, walked
from lrviz.claims._measured import Judgment, Measured, Need, Walk
from lrviz.claims._statistics import FEWEST_SEEDS
from lrviz.core import catalog
from lrviz.core.catalog import Claim
from lrviz.core.claim import ClaimFinding, ClaimsReport, Extent, verdict_of
from lrviz.core.errors import ExperimentError
from lrviz.core.pauses import Paused
from lrviz.core.sweep import Rows, SweepQuestion, SweepTable

if TYPE_CHECKING:
    from lrviz.engine.sweep import Pool
    from lrviz.engine.sweep_store import SweepStore

SEEDS = tuple(range(FEWEST_SEEDS))
REPORT_SECONDS = 0.5  # between two reports that only say how far it is


def check(
    names: Sequence[str] = (),
    extent: Extent = "quick",
    seeds: tuple[int, ...] = SEEDS,
    store: SweepStore | None = None,
    pool: Pool | None = None,
) -> Generator[ClaimsReport | None, None, None]:
    """A report once it is known how long it will take, one as each claim is decided, and the last complete.

    `names` are claims of the catalog, all of them where there are none. None comes in between, so that it can be
    stopped by closing it; what `store` has is not run again. UnknownPartError, ExperimentError.
    """
    claims = asked(names)
    _check_seeds(seeds)
    work = _Work(claims, extent, seeds)
    yield from work.estimate()
    yield work.report()
    for claim in claims:
        for need in dict.fromkeys(claim.needs(extent, seeds)):
            if isinstance(need, Walk):
                yield from work.walk(need)
            else:
                yield from work.sweep(need, store, pool)
        work.judge(claim)
        yield work.report()


def expected_seconds(
    names: Sequence[str] = (), extent: Extent = "quick", seeds: tuple[int, ...] = SEEDS
) -> Paused[float]:
    """How long a check is going to take here, from a few timed steps of each of its experiments."""
    work = _Work(asked(names), extent, seeds)
    yield from work.estimate()
    return sum(work.costs.values())


def asked(names: Iterable[str] = ()) -> tuple[Claim, ...]:
    """The claims of these names, all where there are none, as the text says them. UnknownPartError."""
    chosen = {name: catalog.claims.find(name) for name in names} or {claim.name: claim for claim in catalog.claims}
    return tuple(sorted(chosen.values(), key=lambda claim: (claim.place, claim.name)))


class _Work:
    """What has been measured and judged so far, and how much there is still to do."""

    def __init__(self, claims: tuple[Claim, ...], extent: Extent, seeds: tuple[int, ...]) -> None:
        self._claims = claims
        self._extent = extent
        self._seeds = seeds
        self._needs: list[Need] = list(dict.fromkeys(need for claim in claims for need in claim.needs(extent, seeds)))
        self._tables: dict[SweepQuestion, SweepTable] = {}
        self._lengths: dict[Walk, Rows] = {}
        self._findings: list[ClaimFinding] = []
        self.costs: dict[Need, float] = {}  # seconds
        self._under_way = 0.0  # seconds' worth of the need under way
        self._begun = self._told = time.monotonic()

    def estimate(self) -> Paused[None]:
        for need in self._needs:
            self.costs[need] = seconds_for(need)
            yield
        self._begun = self._told = time.monotonic()

    def walk(self, need: Walk) -> Paused[None]:
        if need not in self._lengths:
            self._lengths[need] = yield from walked(need)

    def sweep(
        self, need: SweepQuestion, store: SweepStore | None, pool: Pool | None
    ) -> Generator[ClaimsReport | None, None, None]:
        if need in self._tables:
            return
        last = None
        for table in swept(need, store, pool):
            if table is not None:
                last, self._under_way = table, self.costs[need] * table.share_done
            yield self.report() if time.monotonic() - self._told >= REPORT_SECONDS else None
        assert last is not None
        assert last.complete
        self._tables[need], self._under_way = last, 0.0

    def judge(self, claim: Claim) -> None:
        judged: Judgment = claim.factory(Measured(self._extent, self._seeds, self._tables, self._lengths))
        verdict = verdict_of(judged.evidence)
        self._findings.append(
            ClaimFinding(claim.name, claim.title, claim.teaches, verdict, judged.reason, judged.evidence, claim.method)
        )

    def report(self) -> ClaimsReport:
        self._told = time.monotonic()
        complete = len(self._findings) == len(self._claims)
        known: tuple[Need, ...] = (*self._tables, *self._lengths)
        done = sum(self.costs[need] for need in known) + self._under_way
        whole = sum(self.costs.values())
        share = 1.0 if complete else min(done / whole, 1.0)
        return ClaimsReport(
            extent=self._extent,
            seeds=self._seeds,
            findings=tuple(self._findings),
            names=tuple(claim.name for claim in self._claims),
            share_done=share,
            seconds_left=(1 - share) * self._pace(share, whole),
            conclusion=conclusion(self._findings) if complete else "",
            complete=complete,
        )

    def _pace(self, share: float, whole: float) -> float:
        """How long all of it takes: as estimated at first, and more and more as it turns out."""
        if share == 0:
            return whole
        return (1 - share) * whole + share * (self._told - self._begun) / share


def _check_seeds(seeds: tuple[int, ...]) -> None:
    if len(set(seeds)) < FEWEST_SEEDS or len(set(seeds)) < len(seeds):
        raise ExperimentError(f"a check of {len(set(seeds))} different seeds; it takes {FEWEST_SEEDS} at least")
