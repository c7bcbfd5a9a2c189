"""What the lens says in words: names and figures, and the sentence that its figures support."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from lrviz.core.lens import Lens
from lrviz.core.lens_finding import Finding, Standing, finding
from lrviz.core.scene import Scene
from lrviz.views import numbers
from lrviz.views.panel_view import optimizer_text, title_text

NAMED = 4  # of more runs some are counted instead of named


def translated(text: str) -> str:
    return QCoreApplication.translate("Lens", text)


def metric_title(lens: Lens) -> str:
    return translated("Test accuracy") if lens.higher_is_better else translated("Test loss")


def figure_text(lens: Lens, figure: float) -> str:
    """A test figure, of steady width."""
    return numbers.percent(figure) if lens.higher_is_better else numbers.steady(figure)


def epoch_text(scene: Scene, step: float) -> str:
    """When a step is: "epoch 12.5"."""
    epochs = step / (scene.steps_per_epoch or 1)
    return translated("epoch {number}").format(number=f"{epochs:,.1f}".removesuffix(".0"))


def run_names(scene: Scene) -> tuple[str, ...]:
    """Each run's rate, and its own optimizer where it has one; to three figures where these tell the runs apart."""
    experiment = scene.experiment
    own = [optimizer_text(experiment, run) for run in range(len(experiment.runs))]
    exact = [title_text(run) for run in experiment.runs]
    short = [" → ".join(map(numbers.number, run.rates)) for run in experiment.runs]
    rates = short if len(set(short)) == len(set(exact)) else exact
    return tuple(" ".join(filter(None, name)) for name in zip(rates, own, strict=True))


def names_text(scene: Scene, runs: Sequence[int]) -> str:
    """ "0.1", "0.1 and 0.01", "0.1, 0.03 and 0.01"; of many the first, and how many more there are."""
    all_names = run_names(scene)
    names = [all_names[run] for run in runs]
    if len(names) > NAMED:
        shown = NAMED - 1
        more = translated("{count} more").format(count=len(names) - shown)
        names = [*names[:shown], more]
    if len(names) == 1:
        return names[0]
    return translated("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def verdict_text(scene: Scene, lens: Lens) -> str:
    """What the figures support, in at most three sentences; "" before there are any."""
    found = finding(lens)
    if found.here is None:
        return _too_few(lens)
    return " ".join(filter(None, (_compared(scene, lens, found), _concluded(scene, lens, found))))


def error_text(lens: Lens) -> str:
    """How far apart two figures near the best one must be to say anything; "" where that is not known."""
    leader = lens.leader("here")
    here = leader.here if leader is not None else None
    if lens.test_samples is None or here is None:
        return ""
    error = lens.error(here.figure, here.figure)
    text = translated("{count} test samples: differences below {error} may be chance")
    return text.format(count=numbers.count(lens.test_samples), error=figure_text(lens, error))


def _too_few(lens: Lens) -> str:
    if len(lens.rows) < 2:
        return translated("With one run there is nothing to compare: add a run at another learning rate.")
    if all(row.overflow_step is not None for row in lens.rows):
        return translated("All runs have diverged; smaller learning rates can be compared.")
    return ""


def _compared(scene: Scene, lens: Lens, found: Finding) -> str:
    """The two comparisons, at equal epochs and at equal training loss."""
    here, level = found.here, found.level
    assert here is not None
    what = translated("the best test accuracy") if lens.higher_is_better else translated("the lowest test loss")
    text = translated("the rate {run} has {what}, {figure}").format(what=what, run="{run}", figure="{figure}")
    first = _stands(scene, lens, here, translated("At equal epochs"), text)
    if level is None or lens.level is None:
        return first
    if here.beaten:
        text = (
            translated("it still is {run}, {figure}")
            if level.leader == here.leader
            else translated("it is {run}, {figure}")
        )
    when = translated("At equal training loss ({loss})").format(loss=numbers.number(lens.level))
    return f"{first} {_stands(scene, lens, level, when, text)}"


def _stands(scene: Scene, lens: Lens, standing: Standing, when: str, leads: str) -> str:
    """One comparison as a sentence; `leads` names the leader's {run} and {figure}, where there is one."""
    best, worst = figure_text(lens, standing.best), figure_text(lens, standing.worst)
    if not standing.beaten:
        runs = names_text(scene, sorted((standing.leader, *standing.tied)))
        span = best if best == worst else translated("{best} to {worst}").format(best=best, worst=worst)
        text = translated("there is no difference that the test part can show between {runs}: {span}")
        return f"{when} {text.format(runs=runs, span=span)}."
    said = leads.format(run=run_names(scene)[standing.leader], figure=best)
    if standing.tied:
        text = translated("the test part can't tell {runs} from it")
        said = f"{said}; {text.format(runs=names_text(scene, standing.tied))}"
    return f"{when} {said}."


def _concluded(scene: Scene, lens: Lens, found: Finding) -> str:
    """Why the run that leads at equal epochs does so, for each run that it beats."""
    if found.here is None or not found.here.beaten or lens.level is None:
        return ""
    lead = translated("the rate {run}").format(run=run_names(scene)[found.here.leader])
    loss = numbers.number(lens.level)
    if lens.rows[found.here.leader].level is None:
        text = translated("{lead} never came down to training loss {loss}: nothing is said of its lead")
        return _sentence(text.format(lead=lead, loss=loss))
    reasons = (
        (found.stopped, translated("{lead} leads {runs} only because it stopped earlier")),
        (found.further, translated("{lead} leads {runs} only because it has come further")),
        (found.remains, translated("its lead over {runs} remains at equal training loss")),
        (found.unknown, translated("training loss {loss} was never reached by {runs}")),
    )
    said = []
    for runs, text in reasons:
        if runs:
            said.append(text.format(lead=lead, loss=loss, runs=names_text(scene, runs)))
            lead = translated("it")
    return _sentence("; ".join(said))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
