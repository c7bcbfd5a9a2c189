"""The sentences that a check ends on, put together from what its findings say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from lrviz.claims._settings import LOW
from lrviz.claims._words import by_optimizer, names, some
from lrviz.claims.many_cases import BEST, EPOCHS
from lrviz.claims.overfitting import BY_ITSELF, FALL
from lrviz.core.claim import HALF, MOST, ClaimFinding, ClaimVerdict, Evidence

FAR = 10.0  # times too small


def conclusion(findings: Sequence[ClaimFinding]) -> str:
    """What is to be kept of 0.001; of other claims alone, how many there are of each verdict."""
    by_name = {finding.name: finding for finding in findings}
    sentences = []
    if "many_cases" in by_name:
        sentences += _first_guess(by_name["many_cases"].evidence)
    if "overfitting" in by_name:
        sentences.append(_protection(by_name["overfitting"].evidence))
    return " ".join(sentences or [_counted(findings)])


def _first_guess(evidence: tuple[Evidence, ...]) -> list[str]:
    longest = max(one.figures[EPOCHS] for one in evidence)
    good, small = [], []
    for title, of_optimizer in by_optimizer(evidence).items():
        long = [one for one in of_optimizer if one.figures[EPOCHS] == longest]
        factor = float(np.median([one.figures[BEST] for one in long])) / LOW
        if _share(long) >= HALF:
            fewer = [one for one in of_optimizer if one.figures[EPOCHS] < longest]
            good.append(
                f"{title} (as good as the best rate in {_of(long)} settings; with fewer epochs in {_of(fewer)})"
            )
        elif factor >= FAR:
            small.append(f"{title} (whose best rate is about {some(factor)} times as large)")
    sentences = [
        f"With {longest:g} epochs on normalised inputs, 0.001 is a sensible first guess for {names(good)}."
        if good
        else f"With {longest:g} epochs on normalised inputs, 0.001 is no sensible first guess for any optimizer here."
    ]
    worse = sum(one.agrees is False for one in evidence)
    if worse > (1 - MOST) * len(evidence):
        sentences.append(
            f"It is not the best rate in general: in {worse} of {len(evidence)} settings another one is more than a "
            "point better."
        )
    else:
        sentences.append(f"It is about as good as the best rate in general, in {_of(evidence)} settings.")
    if small:
        sentences.append(f"It is far too small for {names(small)}.")
    return sentences


def _protection(evidence: tuple[Evidence, ...]) -> str:
    alone = [one for one in evidence if one.setting.endswith(BY_ITSELF)]
    falls = [-one.effect for one in alone if one.effect < -FALL]
    if not falls:
        return "By itself it kept the test accuracy from falling on data with wrong labels."
    return (
        f"By itself it is no protection against overfitting: with wrong labels the test accuracy at 0.001 still falls, "
        f"by {names([f'{fall:.1f}' for fall in falls])} points from its best epoch to its last."
    )


def _counted(findings: Iterable[ClaimFinding]) -> str:
    said: dict[ClaimVerdict, str] = {
        "supported": "supported",
        "depends": "depending on the setting",
        "refuted": "refuted",
    }
    found = [finding.verdict for finding in findings]
    counts = [f"{found.count(verdict)} {word}" for verdict, word in said.items() if verdict in found]
    return f"Of {len(found)} claims: {names(counts)}." if len(found) > 1 else f"One claim: {counts[0][2:]}."


def _share(evidence: Sequence[Evidence]) -> float:
    return sum(one.agrees is True for one in evidence) / len(evidence)


def _of(evidence: Sequence[Evidence]) -> str:
    return f"{sum(one.agrees is True for one in evidence)} of {len(evidence)}"
