"""Sweeps made by hand: accuracies that rise and losses that fall towards a best rate, which moves with the budget."""

from __future__ import annotations

import numpy as np

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnModel, OnSurface, Run, choose
from lrviz.core.knobs import KnobValue
from lrviz.core.sweep import Knob, SweepQuestion, SweepTable, rates_between

EPOCHS = tuple(float(epoch) for epoch in range(1, 31))


def model_experiment(optimizer: str = "adam", steps: int = 570) -> Experiment:
    problem = OnModel(choose(catalog.models, "mlp"), choose(catalog.datasets, "digits"))
    return Experiment(
        problem,
        choose(catalog.optimizers, optimizer),
        choose(catalog.schedules, "constant"),
        (Run(0.1), Run(0.001)),
        steps,
    )


def surface_experiment() -> Experiment:
    problem = OnSurface(choose(catalog.surfaces, "rosenbrock"), (-1.2, 1.0))
    return Experiment(
        problem, choose(catalog.optimizers, "sgd"), choose(catalog.schedules, "constant"), (Run(0.001),), 300
    )


def question_of(
    rates: int = 25,
    seeds: int = 5,
    knob: str = "",
    values: tuple[KnobValue, ...] = (),
    experiment: Experiment | None = None,
    span: tuple[float, float] = (1e-5, 10.0),
) -> SweepQuestion:
    asked = experiment or model_experiment("momentum" if knob == "optimizer.momentum" else "adam")
    return SweepQuestion(asked, rates_between(*span, rates), tuple(range(seeds)), Knob(knob, values) if knob else None)


def table_of(
    question: SweepQuestion,
    *,
    share: float = 1.0,
    marks: tuple[float, ...] = EPOCHS,
    limit: float = 0.3,
    refined: tuple[float, ...] = (),
    seed: int = 0,
) -> SweepTable:
    """A table of which `share` is done, seed after seed; runs diverge above `limit`, seeds a little apart.

    With a knob the best rate is lower the higher its value. `refined` rates are among the others, and not done yet
    before all the rest is.
    """
    draw = np.random.default_rng(seed)
    lrs = tuple(sorted({*question.lrs, *refined}))
    values, seeds = len(question.values), len(question.seeds)
    shape = (values, len(lrs), seeds, len(marks))
    turned = np.linspace(0.0, -2.0, values)[:, None, None, None] if values > 1 else 0.0
    logs = np.log10(lrs)[None, :, None, None]
    budget = np.asarray(marks)[None, None, None, :]
    best = np.log10(0.02) - 0.8 * np.log10(budget) + turned
    slow, fast = np.clip(best - logs, 0, None), np.clip(logs - best, 0, None)
    gap = 0.02 + 0.9 * (1 - np.exp(-0.35 * slow**2)) + 0.22 * fast**2 + 0.3 / (1 + 2 * budget)
    gap = gap * np.exp(draw.normal(0, 0.12, (values, len(lrs), seeds, 1)) * (1 + fast))
    gap = gap + draw.normal(0, 0.002, shape)
    accuracy = np.clip(1 - gap, 0.08, 0.99)
    loss = -np.log(accuracy) * 1.3 + 0.01
    edge = np.log10(limit) + turned + draw.normal(0, 0.15, (values, len(lrs), seeds, 1))
    lost = np.where(logs > edge, np.maximum(1.0, np.round(30 * np.exp(-4 * (logs - edge)))), np.inf)[..., 0]
    order = np.broadcast_to(np.arange(seeds)[None, None, :], shape[:3]) + np.arange(values)[:, None, None] * seeds
    part = np.clip(share * values * seeds - order, 0, 1)
    if refined and share < 1:
        part = np.where(np.isin(lrs, refined)[None, :, None], 0.0, part)
    known = budget <= (part * marks[-1])[..., None]
    known &= budget < lost[..., None]
    if isinstance(question.experiment.problem, OnModel):
        named = {
            "test_accuracy": accuracy,
            "train_accuracy": np.clip(accuracy + 0.015, 0, 1),
            "test_loss": loss,
            "train_loss": 0.8 * loss,
        }
    else:
        named = {"loss": loss**6}
    metrics = {name: np.where(known, what, np.nan) for name, what in named.items()}
    seen = np.where(lost <= part * marks[-1], lost, np.inf)
    done = part >= 1
    return SweepTable(question, lrs, np.asarray(marks), metrics, seen, done, None if share == 1 else 7.4, share == 1)
