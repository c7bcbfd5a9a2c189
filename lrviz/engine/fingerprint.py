"""A short hash of the question, the learning rates apart: runs with the same one differ in nothing else."""

from __future__ import annotations

import hashlib

import msgspec

from lrviz.core.experiment import Experiment, Run
from lrviz.core.problem import Problem

DIGITS = 6


def fingerprint(experiment: Experiment, problem: Problem) -> str:
    """Six hexadecimal digits over start, data, order of the batches and every setting but the learning rates.

    A change on the way counts with its step and its optimizer.
    """
    runs = {msgspec.json.encode(_settings(experiment, run), order="sorted") for run in experiment.runs}
    common = msgspec.json.encode((experiment.problem, experiment.steps, experiment.seed), order="sorted")
    text = b"\n".join([common, *sorted(runs), problem.digest()])
    return hashlib.sha256(text).hexdigest()[:DIGITS]


def _settings(experiment: Experiment, run: Run) -> tuple[object, ...]:
    changes = [(change.step, change.optimizer) for change in run.changes]
    return experiment.optimizer_of(run), experiment.schedule_of(run), changes
