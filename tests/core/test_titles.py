"""What experiments are called."""

from __future__ import annotations

from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.experiment import OnExpression, choose
from lrviz.core.openings import first_question, opening, surface_problem
from lrviz.core.runs import with_own_parts
from lrviz.core.titles import experiment_title


def test_a_model_is_called_by_its_data_its_widths_and_its_optimizer() -> None:
    assert experiment_title(opening()) == "Digits · MLP 64-32 · Adam"


def test_a_surface_is_called_by_its_name() -> None:
    assert experiment_title(first_question(surface_problem("rosenbrock"))) == "Rosenbrock · SGD"


def test_a_schedule_is_named_where_the_rate_changes() -> None:
    cosine = replace(first_question(surface_problem("bowl")), schedule=choose(catalog.schedules, "cosine"))
    assert experiment_title(cosine).endswith("SGD · Cosine")


def test_an_expression_is_its_own_name() -> None:
    problem = OnExpression("x**2 + y**2", (-1.0, 1.0, -1.0, 1.0), (0.5, 0.5))
    assert experiment_title(first_question(problem)) == "x**2 + y**2 · SGD"


def test_optimizers_of_single_runs_are_named_too() -> None:
    bowl, adam = first_question(surface_problem("bowl")), choose(catalog.optimizers, "adam")
    assert experiment_title(with_own_parts(bowl, 2, adam, None)) == "Round bowl · SGD, Adam"
