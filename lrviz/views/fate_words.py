"""What a fate map asks and answers, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from lrviz.core import catalog
from lrviz.core.catalog import Point
from lrviz.core.experiment import Experiment
from lrviz.core.fate import Axis, FateKind, FateMap, FateQuestion, Outcome, OutcomeKind
from lrviz.views import numbers
from lrviz.views.panel_badge import SIGNS


def translated(text: str) -> str:
    return QCoreApplication.translate("FateMap", text)


def kind_word(kind: FateKind) -> str:
    return {
        "starts": translated("from every start"),
        "rate_momentum": translated("at every rate and momentum"),
        "rate_start": translated("at every rate, from a line of starts"),
    }[kind]


def run_word(experiment: Experiment, run: int) -> str:
    """The optimizer and the rate of a run: "SGD at 0.01"."""
    asked = experiment.runs[run]
    title = catalog.optimizers.find(experiment.optimizer_of(asked).name).title
    return translated("{optimizer} at {rate}").format(optimizer=title, rate=numbers.exact(asked.lr))


def title(experiment: Experiment, question: FateQuestion) -> str:
    """The question as a line: "Where SGD at 0.01 ends, from every start · 1,000 steps"."""
    run = experiment.runs[question.run]
    optimizer = catalog.optimizers.find(experiment.optimizer_of(run).name).title
    match question.kind:
        case "starts":
            who = run_word(experiment, question.run)
            text = translated("Where {who} ends, from every start")
        case "rate_momentum":
            who = optimizer
            text = translated("Where {who} ends, at every rate and momentum")
        case "rate_start":
            who = optimizer
            text = translated("Where {who} ends, at every rate, from every start on a line")
    steps = translated("{count} steps").format(count=numbers.count(question.steps))
    return f"{text.format(who=who)} · {steps}"


def sign(kind: OutcomeKind) -> str:
    """The sign that a verdict of this kind has everywhere else."""
    match kind:
        case "minimum" | "floor" | "rest":
            return SIGNS["converged"]
        case _:
            return SIGNS[kind]


def outcome_word(outcome: Outcome) -> str:
    """A legend's word: the place of a minimum, or what becomes of a run."""
    if outcome.place is not None:
        place = point_text(outcome.place)
        return translated("at rest at {place}").format(place=place) if outcome.kind == "rest" else place
    return {
        "crawling": translated("crawling"),
        "oscillating": translated("oscillating"),
        "stuck": translated("stuck"),
        "diverged": translated("diverged"),
        "floor": translated("on a floor of equal loss"),
    }[outcome.kind]


def answer(found: FateMap, x: float, y: float) -> str:
    """What the map says of one of its points: "(−0.4, 1.2): converged at (1, 1) in 312 steps"."""
    outcome, steps = found.at(x, y)
    if outcome is None:
        said = translated("not known yet")
    else:
        count = numbers.count(steps)
        match outcome.kind:
            case "minimum" | "rest":
                assert outcome.place is not None
                text = translated("converged at {place} in {steps} steps")
                said = text.format(place=point_text(outcome.place), steps=count)
            case "floor":
                said = translated("converged on a floor of equal loss")
            case "diverged":
                said = translated("diverged, off the map at step {steps}").format(steps=count)
            case "crawling":
                said = translated("still crawling after {steps} steps").format(steps=count)
            case "oscillating":
                said = translated("still oscillating after {steps} steps").format(steps=count)
            case "stuck":
                said = translated("stuck on a saddle or plateau")
    return f"{place_text(found, x, y)}: {said}"


def place_text(found: FateMap, x: float, y: float) -> str:
    """A point of the map, with the names of what its axes stand for where these are no coordinates."""
    if found.question.kind == "starts":
        return point_text((x, y))
    return f"{axis_word(found.x)} {numbers.number(x)}, {axis_word(found.y)} {numbers.number(y)}"


def axis_word(axis: Axis) -> str:
    words = {
        "learning rate": translated("learning rate η"),
        "momentum": translated("momentum β"),
        "start x": translated("start x"),
        "start y": translated("start y"),
    }
    return words.get(axis.name, axis.name)


def point_text(point: Point) -> str:
    """(−0.4, 1.2), with no more figures than a person reads."""
    x, y = (numbers.number(round(value, 3) + 0.0) for value in point)
    return f"({x}, {y})"
