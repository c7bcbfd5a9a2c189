"""The rate multiplies the step; how long the step is, gradient and optimizer say too."""

from __future__ import annotations

import numpy as np

from lrviz.claims._measured import Judgment, Measured, Walk
from lrviz.claims._settings import LOW, TENFOLD, model_experiment, small_network
from lrviz.claims._statistics import Effect, ratio_effect
from lrviz.claims._words import rate, some, span
from lrviz.core.catalog import claim
from lrviz.core.claim import RULE, Evidence, Extent
from lrviz.core.sweep import Rows
from lrviz.core.titles import experiment_title

EPOCHS = {"quick": 10, "full": 30}
LRS = {"sgd": (0.01, 0.1), "momentum": (0.01, 0.1), "adam": (LOW, LOW * TENFOLD)}  # both train, ten times apart
COMMON = 0.01  # which all of them have
EQUAL, ALIKE = 1.05, 2.0  # up to so many times is as long, and about as long
UNIT = "times as long a step"
METHOD = (
    "Three things are asked. At the same start, is the first step ten times as long at ten times the rate (to 5 %)? "
    "At one and the same rate, are the last steps about as long as the first (within a factor of 2, by medians over a "
    f"tenth of the steps)? At the same rate, are two optimizers' first steps about as long? {RULE}"
)


def needs(extent: Extent, seeds: tuple[int, ...]) -> tuple[Walk, ...]:
    problem, epochs = small_network(), EPOCHS[extent]
    return tuple(Walk(model_experiment(problem, optimizer, epochs, lrs), seeds) for optimizer, lrs in LRS.items())


@claim("step_size", title="The learning rate is the step size", place=1, needs=needs, method=METHOD)
def step_size(measured: Measured) -> Judgment:
    """The learning rate says how large the steps are that a model takes on its way."""
    walks = needs(measured.extent, measured.seeds)
    scaled = [_tenfold(walk, measured.lengths[walk]) for walk in walks]
    lasting = [_along(walk, measured.lengths[walk]) for walk in walks]
    others = [_optimizers(walks[0], walk, measured) for walk in walks[1:]]
    shrunk = sorted(one.effect for one in lasting)
    unlike = max(others, key=lambda one: one.effect)
    held = sum(one.agrees is True for one in scaled)
    reason = (
        f"Ten times the rate makes the same step ten times as long in {held} of {len(scaled)} settings. But at one and "
        f"the same rate the last steps of a run are {some(shrunk[0])} to {some(shrunk[-1])} times as long as the "
        f"first, and another optimizer's first ones are up to {some(unlike.effect)} times as long: the rate is what a "
        "step is multiplied by, not its length."
    )
    return Judgment((*scaled, *lasting, *others), reason)


def _tenfold(walk: Walk, lengths: Rows) -> Evidence:
    small, large = walk.experiment.lrs
    effect = ratio_effect(lengths[:, 1, 0] / lengths[:, 0, 0])
    wanted = large / small
    agrees = effect.within(wanted / EQUAL, wanted * EQUAL)
    sentence = (
        f"From the same start, the first step at {rate(large)} is {some(effect.mean, 3)} times as long as at "
        f"{rate(small)}."
    )
    return _evidence(walk, f"{experiment_title(walk.experiment)}: ten times the rate", effect, agrees, sentence)


def _along(walk: Walk, lengths: Rows) -> Evidence:
    tenth = max(1, lengths.shape[2] // 10)
    lr = walk.experiment.lrs[1]
    first, last = (np.median(lengths[:, 1, part], axis=1) for part in (slice(0, tenth), slice(-tenth, None)))
    effect = ratio_effect(last / first)
    sentence = (
        f"At {rate(lr)} all the time, the last tenth of the steps is {some(effect.mean)} times as long as the first "
        f"({span(effect)})."
    )
    agrees = effect.within(1 / ALIKE, ALIKE)
    return _evidence(walk, f"{experiment_title(walk.experiment)}: one rate all the time", effect, agrees, sentence)


def _optimizers(one: Walk, other: Walk, measured: Measured) -> Evidence:
    firsts = [measured.lengths[walk][:, walk.experiment.lrs.index(COMMON), 0] for walk in (one, other)]
    effect = ratio_effect(firsts[1] / firsts[0])
    titles = [experiment_title(walk.experiment).rpartition(" · ")[2] for walk in (other, one)]
    setting = f"First steps of {titles[0]} against {titles[1]} at {rate(COMMON)}"
    sentence = (
        f"From the same start and at the same rate {rate(COMMON)}, the first step of {titles[0]} is "
        f"{some(effect.mean)} times as long as that of {titles[1]} ({span(effect)})."
    )
    return _evidence(other, setting, effect, effect.within(1 / ALIKE, ALIKE), sentence)


def _evidence(walk: Walk, setting: str, effect: Effect, agrees: bool | None, sentence: str) -> Evidence:
    figures = {"times as long (geometric mean)": effect.mean, "seeds": float(len(walk.seeds))}
    return Evidence(setting, figures, effect.interval, effect.mean, UNIT, agrees, sentence, experiment=walk.experiment)
