"""The settings that claims are tried in. Claims that ask for the same sweep share its runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.claim import Extent
from lrviz.core.epochs import epoch_steps
from lrviz.core.experiment import Choice, Experiment, OnModel, OnSurface, ProblemSpec, Run, choose
from lrviz.core.sweep import SweepQuestion, rates_between
from lrviz.core.titles import experiment_title

LOW, HIGH = 0.001, 0.1  # the two rates that the text compares
TENFOLD = 10.0


@dataclass(frozen=True)
class Form:
    """How thoroughly a check is made."""

    lrs: tuple[float, ...]
    budgets: tuple[int, ...]  # epochs at which the grid is read; it is run for as long as the last
    optimizers: tuple[str, ...]
    noisy_epochs: int
    surface_steps: int


FORMS: dict[Extent, Form] = {
    "quick": Form(rates_between(1e-4, 10, 11), (3, 10, 25), ("sgd", "momentum", "adam"), 40, 400),
    "full": Form(
        rates_between(1e-5, 10, 25), (1, 3, 10, 30, 60), ("sgd", "momentum", "rmsprop", "adam", "adamw"), 60, 2000
    ),
}


def grid(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    """Every problem with every optimizer, for the longest of the budgets."""
    form = FORMS[extent]
    return tuple(
        _sweep(problem, optimizer, form.budgets[-1], form.lrs, seeds)
        for problem in _problems(extent)
        for optimizer in form.optimizers
    )


def surfaces(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    """Plain descent on a few surfaces, with a little noise in the gradient so that seeds differ."""
    form = FORMS[extent]
    names = ("stretched_bowl", "rosenbrock", "goldstein_price")
    problems = (OnSurface(_part("surfaces", name, noise=0.01), catalog.surfaces.find(name).start) for name in names)
    return tuple(
        SweepQuestion(_experiment(problem, "sgd", form.surface_steps, form.lrs), form.lrs, seeds)
        for problem in problems
    )


def noisy(extent: Extent, seeds: tuple[int, ...]) -> tuple[SweepQuestion, ...]:
    """Networks large enough to learn wrong labels by heart: a fifth of the training labels is wrong."""
    form = FORMS[extent]
    problems = [_model("mlp", "digits", 64, hidden=(128,)), _model("mlp", "breast_cancer", 32, hidden=(64,))]
    if extent == "full":
        problems.append(_model("mlp", "digits", 64, hidden=(128, 128)))
    lrs = (LOW / TENFOLD, LOW, LOW * TENFOLD)
    return tuple(_sweep(_with_noise(problem), "adam", form.noisy_epochs, lrs, seeds) for problem in problems)


def setting_of(question: SweepQuestion, budget: float | None = None) -> str:
    """ "Digits · MLP 64-32 · Adam, 10 epochs"."""
    title = experiment_title(question.experiment)
    problem = question.experiment.problem
    if not isinstance(problem, OnModel):
        return f"{title}, {question.experiment.steps:g} steps"
    noise = problem.data.parameters.get(catalog.LABEL_NOISE.name)
    wrong = f", {100 * float(noise):g} % wrong labels" if isinstance(noise, float) and noise else ""
    return f"{title}{wrong}" if budget is None else f"{title}{wrong}, {budget:g} epochs"


def comparison(question: SweepQuestion, lrs: Iterable[float], budget: float | None = None) -> Experiment:
    """A few rates of a sweep side by side, from the largest down, as the first seed has them."""
    experiment = question.experiment
    per_epoch = epoch_steps(experiment)
    steps = experiment.steps if budget is None or per_epoch is None else round(budget * per_epoch)
    runs = tuple(Run(lr) for lr in sorted(set(lrs), reverse=True))
    return replace(experiment, runs=runs, steps=steps, seed=question.seeds[0])


def model_experiment(problem: OnModel, optimizer: str, epochs: int, lrs: Iterable[float]) -> Experiment:
    """So many epochs with an optimizer at its defaults."""
    experiment = _experiment(problem, optimizer, 1, lrs)
    return replace(experiment, steps=epochs * (epoch_steps(experiment) or 1))


def small_network() -> OnModel:
    """The one with which single steps are measured."""
    return _model("mlp", "breast_cancer", 32, hidden=(32,))


def _problems(extent: Extent) -> tuple[OnModel, ...]:
    quick = (
        _model("mlp", "digits", 32),
        small_network(),
        _model("logistic", "breast_cancer", 32),
        OnModel(_part("models", "mlp", hidden=(32, 32)), _part("datasets", "moons", samples=900), 32),
    )
    if extent == "quick":
        return quick
    return (
        *quick,
        _model("logistic", "digits", 32),
        _model("cnn", "digits", 32),
        OnModel(_part("models", "mlp", hidden=(64, 64)), _part("datasets", "spirals", samples=900), 32),
    )


def _sweep(
    problem: OnModel, optimizer: str, epochs: int, lrs: tuple[float, ...], seeds: tuple[int, ...]
) -> SweepQuestion:
    return SweepQuestion(model_experiment(problem, optimizer, epochs, lrs), lrs, seeds)


def _experiment(problem: ProblemSpec, optimizer: str, steps: int, lrs: Iterable[float]) -> Experiment:
    schedule = choose(catalog.schedules, "constant")
    return Experiment(problem, choose(catalog.optimizers, optimizer), schedule, tuple(map(Run, lrs)), steps)


def _model(model: str, data: str, batch_size: int, **settings: Any) -> OnModel:
    return OnModel(_part("models", model, **settings), _part("datasets", data), batch_size)


def _with_noise(problem: OnModel) -> OnModel:
    return replace(problem, data=_part("datasets", problem.data.name, **{catalog.LABEL_NOISE.name: 0.2}))


def _part(plural: str, name: str, **settings: Any) -> Choice:
    return choose(catalog.REGISTRIES[plural], name, **settings)
