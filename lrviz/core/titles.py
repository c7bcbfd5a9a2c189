"""What an experiment is called: one line that names the problem, the model and the optimizer."""

from __future__ import annotations

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnExpression, OnModel, OnSurface, ProblemSpec


def experiment_title(experiment: Experiment) -> str:
    """For example "Digits · MLP 64-32 · Adam", or "Rosenbrock · SGD, Adam · Cosine" where runs have their own."""
    optimizers = [catalog.optimizers.find(experiment.optimizer_of(run).name).title for run in experiment.runs]
    schedules = [experiment.schedule_of(run).name for run in experiment.runs]
    parts = [problem_title(experiment.problem), ", ".join(dict.fromkeys(optimizers))]
    if set(schedules) != {"constant"}:
        parts.append(", ".join(catalog.schedules.find(name).title for name in dict.fromkeys(schedules)))
    return " · ".join(parts)


def problem_title(problem: ProblemSpec) -> str:
    match problem:
        case OnSurface(surface=surface):
            return catalog.surfaces.find(surface.name).title
        case OnExpression(expression=expression):
            return expression
        case OnModel(model=model, data=data):
            shape = "".join(f" {'-'.join(map(str, v))}" for v in model.parameters.values() if isinstance(v, tuple))
            return f"{catalog.datasets.find(data.name).title} · {catalog.models.find(model.name).title}{shape}"
