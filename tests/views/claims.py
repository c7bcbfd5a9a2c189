"""Reports of a check made by hand, for tests of what shows them: nothing is trained."""

from __future__ import annotations

import math

from lrviz.core.claim import ClaimFinding, ClaimsReport, ClaimVerdict, Evidence
from lrviz.core.openings import opening
from lrviz.core.sweep import SweepQuestion

CLAIMS: tuple[tuple[str, str, str, ClaimVerdict], ...] = (
    ("step_size", "The learning rate is the step size", "The rate says how far each step goes.", "depends"),
    ("too_high", "Too high overshoots", "A rate that is too high jumps over the minimum.", "supported"),
    ("too_low", "Too low is slow", "A rate that is too low takes very long.", "supported"),
    ("many_cases", "0.001 works well in many cases", "0.001 is a good choice for many models.", "depends"),
    ("small_enough", "Small enough not to overshoot", "At 0.001 the steps don't jump over the minimum.", "supported"),
    ("large_enough", "Large enough to converge quickly", "At 0.001 training is not slow.", "depends"),
    ("overfitting", "Helps against overfitting", "A small rate keeps a model from overfitting.", "refuted"),
    ("high_tests_badly", "At 0.1 it oscillates and tests badly", "The same model at 0.1 does badly.", "depends"),
    ("low_tests_well", "At 0.001 it converges quickly and tests well", "The same model is good.", "supported"),
)
SETTINGS = (
    ("mlp 64-32 on digits, Adam, 10 epochs", 3.1, (1.9, 4.2), True),
    ("mlp 64-32 on digits, SGD with momentum 0.9 and a cosine schedule, 30 epochs", -12.4, (-15.0, -9.8), False),
    ("logistic regression on breast cancer, Adam, 30 epochs", 0.2, (-0.6, 1.1), None),
    ("mlp 64-32 on moons, RMSprop, 5 epochs", 6.0, (2.0, math.inf), True),
)


def evidence(place: int, unit: str = "points of test accuracy") -> Evidence:
    setting, effect, interval, agrees = SETTINGS[place % len(SETTINGS)]
    if unit.startswith("times"):
        effect, interval = 10 ** (effect / 10), (10 ** (interval[0] / 10), 10 ** (interval[1] / 10))
    lrs, seeds = (0.0001, 0.001, 0.01), (0, 1, 2, 3, 4)
    return Evidence(
        setting,
        {"test accuracy at 0.001 (median)": 0.972, "at the best rate, 0.0032 (median)": 0.981, "seeds": 5.0},
        interval,
        effect,
        unit,
        agrees,
        "At 0.001 the median test accuracy is 97.2 %, at the best rate 98.1 %; over seeds the difference is clear.",
        SweepQuestion(opening(), lrs, seeds) if place % 2 == 0 else None,
        opening() if place != 2 else None,
    )


def finding(place: int) -> ClaimFinding:
    name, title, claim, verdict = CLAIMS[place]
    unit = "times as many steps" if name == "too_low" else "points of test accuracy"
    reason = (
        "In 14 of 24 settings 0.001 is within one point of the best rate: in 11 of 12 with Adam, and in 3 of 12 with "
        "plain SGD, where its median test accuracy is 21.4 points lower (95 %: 17.9 to 25.2)."
    )
    method = "Supported where at least three quarters of the settings bear it out, refuted where at most a quarter do."
    return ClaimFinding(name, title, claim, verdict, reason, tuple(evidence(i, unit) for i in range(4)), method)


def report(known: int = len(CLAIMS)) -> ClaimsReport:
    """The first `known` claims decided; complete with all of them."""
    complete = known == len(CLAIMS)
    conclusion = (
        "0.001 is a sensible first guess for Adam on normalised inputs with a moderate budget. It is not the best rate "
        "in general, it is usually far too small for plain SGD, and by itself it is no protection against overfitting."
    )
    names = tuple(name for name, *_ in CLAIMS)
    share = known / len(CLAIMS)
    findings = tuple(map(finding, range(known)))
    left = None if complete else 31.0
    return ClaimsReport("quick", (0, 1, 2, 3, 4), findings, names, share, left, conclusion * complete, complete)
