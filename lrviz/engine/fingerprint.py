"""A short hash of the question, the learning rates apart: runs with the same one differ in nothing else."""

from __future__ import annotations

import hashlib

import msgspec

from lrviz.core.experiment import Experiment
from lrviz.core.problem import Problem

DIGITS = 6


def fingerprint(experiment: Experiment, problem: Problem) -> str:
    """Six hexadecimal digits over start, data, order of the batches and every setting but the learning rates."""
    optimizers = {msgspec.json.encode(experiment.optimizer_of(run), order="sorted") for run in experiment.runs}
    settings = (experiment.problem, experiment.schedule, experiment.steps, experiment.seed)
    text = b"\n".join([msgspec.json.encode(settings, order="sorted"), *sorted(optimizers), problem.digest()])
    return hashlib.sha256(text).hexdigest()[:DIGITS]
