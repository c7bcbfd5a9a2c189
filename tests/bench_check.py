"""How long the quick check takes, and whether it says the same of three different seeds.

    python tests/bench_check.py [--seeds 0 100 200] [--workers 2]

Every check begins afresh, without what is kept of earlier sweeps; the processes stay.
"""

from __future__ import annotations

import argparse
import sys
import time

import torch

from lrviz.claims.checking import SEEDS, check
from lrviz.core.claim import ClaimsReport
from lrviz.engine.sweep_pool import LocalPool

TARGET = 60  # seconds on two cores


def checked(seed: int, pool: LocalPool | None) -> ClaimsReport:
    seeds = tuple(range(seed, seed + len(SEEDS)))
    *_, report = (report for report in check((), "quick", seeds, pool=pool) if report is not None)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description="How long the quick check takes.")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 100, 200], help="the first seed of each check")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(1)
    found, longest = [], 0.0
    with LocalPool(options.workers) as pool:
        for seed in options.seeds:
            begun = time.perf_counter()
            report = checked(seed, pool if options.workers > 1 else None)
            seconds = time.perf_counter() - begun
            longest = max(longest, seconds)
            found.append({finding.name: finding.verdict for finding in report.findings})
            print(f"seeds from {seed:<6} {seconds:5.1f} s  {', '.join(found[-1].values())}", flush=True)
    same = all(verdicts == found[0] for verdicts in found)
    print(f"{'the same' if same else 'DIFFERENT'} verdicts; at most {longest:.1f} s, target {TARGET} s")
    return 0 if same and longest < TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
