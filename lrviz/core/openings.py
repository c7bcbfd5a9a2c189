"""Experiments to begin with: the one that the program opens on, and a good first question for every problem."""

from __future__ import annotations

from lrviz.core import catalog
from lrviz.core.catalog import Bounds
from lrviz.core.experiment import Experiment, OnExpression, OnModel, OnSurface, ProblemSpec, Run, choose

OPENING_RATES = (1.0, 0.1, 0.01, 0.001)  # the text's 0.1 and 0.001, and a decade on either side of 0.1
EXPRESSION = "x^2 + 10*y^2 + sin(3*x)"
EXPRESSION_BOUNDS: Bounds = (-3.0, 3.0, -3.0, 3.0)
SURFACE_STEPS = 300
MODEL_STEPS = 570  # 30 epochs of digits at 64 samples a step


def opening() -> Experiment:
    """The digits network at 1, 0.1, 0.01 and 0.001 with Adam: where 0.001 is in its element."""
    problem = OnModel(choose(catalog.models, "mlp"), choose(catalog.datasets, "digits"))
    return first_question(problem)


def surface_problem(name: str) -> OnSurface:
    """The surface called `name` with its defaults, from its own start."""
    return OnSurface(choose(catalog.surfaces, name), catalog.surfaces.find(name).start)


def expression_problem(text: str = EXPRESSION, bounds: Bounds = EXPRESSION_BOUNDS) -> OnExpression:
    """A formula, begun up on the left, off every axis of symmetry. ExpressionError where it can't be read."""
    x0, x1, y0, y1 = bounds
    return OnExpression(text, bounds, (x0 + 0.15 * (x1 - x0), y0 + 0.8 * (y1 - y0)))


def first_question(problem: ProblemSpec, optimizer: str | None = None) -> Experiment:
    """With Adam at the opening's rates where a model learns, with plain SGD at the surface's own rates on a surface."""
    model = isinstance(problem, OnModel)
    return Experiment(
        problem=problem,
        optimizer=choose(catalog.optimizers, optimizer or ("adam" if model else "sgd")),
        schedule=choose(catalog.schedules, "constant"),
        runs=tuple(Run(lr) for lr in first_rates(problem)),
        steps=MODEL_STEPS if model else SURFACE_STEPS,
    )


def first_rates(problem: ProblemSpec) -> tuple[float, ...]:
    """Learning rates to begin with: a surface names its own."""
    return catalog.surfaces.find(problem.surface.name).rates if isinstance(problem, OnSurface) else OPENING_RATES
