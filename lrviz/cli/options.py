"""The options of `run` and `export`, and what they mean as values."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from lrviz.cli.parser import Parser, number, rate, size, whole
from lrviz.core.catalog import Bounds, Point


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a command line said of the question; None, or empty, where it said nothing."""

    surface: str | None = None
    expression: str | None = None
    bounds: Bounds | None = None
    model: str | None = None
    data: str | None = None
    target: str | None = None
    optimizer: str | None = None
    schedule: str | None = None
    settings: tuple[str, ...] = ()  # each "optimizer.momentum=0.9", or "momentum=0.9" where only one part has it
    lrs: tuple[float, ...] = ()
    start: Point | None = None
    steps: int | None = None
    epochs: float | None = None
    batch_size: int | None = None
    seed: int | None = None

    @property
    def names_problem(self) -> bool:
        return any(name is not None for name in (self.surface, self.expression, self.model, self.data))


def add_question(parser: Parser) -> None:
    """The options that say what is minimised, how, at which rates and for how long."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, help="an experiment, a result or a picture of one"
    )
    group = parser.add_argument_group("what is minimised")
    group.add_argument("--surface", metavar="NAME", help="a 2D surface; `lrviz list surfaces`")
    group.add_argument("--expression", metavar="TEXT", help='a formula in x and y: "x**2 + 10*y**2"')
    group.add_argument("--bounds", metavar=("X0", "X1", "Y0", "Y1"), nargs=4, type=number, help="the formula's window")
    group.add_argument("--start", metavar=("X", "Y"), nargs=2, type=number, help="where the descent begins")
    group.add_argument("--model", metavar="NAME", help="a model; `lrviz list models`")
    group.add_argument(
        "--data", metavar="NAME", help="the data it learns, or a FILE.csv or FILE.npz; `lrviz list datasets`"
    )
    group.add_argument("--target", metavar="COLUMN", help="the column of FILE.csv to foretell (the last one)")
    group.add_argument("--batch-size", metavar="N", type=whole, help="samples a step, 0 for all of them")
    group = parser.add_argument_group("how")
    group.add_argument(
        "--lr", metavar="RATE", dest="lrs", action="append", type=rate, help="a learning rate, again for more"
    )
    group.add_argument("--optimizer", metavar="NAME", help="`lrviz list optimizers`")
    group.add_argument("--schedule", metavar="NAME", help="`lrviz list schedules`")
    group.add_argument(
        "--set",
        metavar="NAME=VALUE",
        dest="settings",
        action="append",
        help="a parameter, again for more: optimizer.momentum=0.9, model.hidden=64,64, surface.b=50",
    )
    group.add_argument("--steps", metavar="N", type=whole, help="how many updates")
    group.add_argument(
        "--epochs", metavar="N", type=number, help="how many passes through the data, instead of --steps"
    )
    group.add_argument(
        "--seed", metavar="N", type=whole, help="what the start, the data and the batches are drawn from"
    )


def add_picture(parser: Parser) -> None:
    """The options that say how a PNG is drawn."""
    group = parser.add_argument_group("a picture (-o FILE.png)")
    group.add_argument("--size", metavar="WxH", type=size, default=(1280, 800), help="width and height (1280x800)")
    group.add_argument("--scale", type=int, choices=(1, 2, 3, 4), default=1, help="pixels a point (1)")
    group.add_argument("--theme", choices=("light", "dark"), default="light", help="its colours (light)")
    group.add_argument("--step", metavar="N", type=whole, help="the step to draw (the last one)")


def question_from(found: argparse.Namespace) -> Options:
    """The options of add_question as the value that experiment_from_options takes."""
    several: dict[str, Any] = {name: tuple(getattr(found, name) or ()) for name in ("lrs", "settings")}
    points: dict[str, Any] = {
        name: getattr(found, name) and tuple(getattr(found, name)) for name in ("bounds", "start")
    }
    rest = {field.name: getattr(found, field.name) for field in fields(Options)}
    return Options(**{**rest, **several, **points})
