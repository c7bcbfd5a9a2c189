"""Adding, removing, moving and turning the runs of an experiment: each gives a new experiment."""

from __future__ import annotations

from msgspec.structs import replace

from lrviz.core.experiment import Change, Choice, Experiment, Run

MAX_PANELS = 16  # as many runs as a window shows at once: four by four
LOWEST_RATE, HIGHEST_RATE = 1e-6, 100.0  # the ends of a panel's slider
_LADDER = sorted(float(f"{digit}e{power}") for power in range(-6, 3) for digit in (1, 3) if (digit, power) != (3, 2))


def with_rate(experiment: Experiment, run: int, lr: float) -> Experiment:
    """The same experiment with one run at another rate, the last it comes to. ExperimentError where it is none."""
    before = experiment.runs[run]
    if not before.changes:
        return _with_run(experiment, run, replace(before, lr=lr))
    *earlier, last = before.changes
    return _with_run(experiment, run, replace(before, changes=(*earlier, replace(last, lr=lr))))


def with_run_changed(
    experiment: Experiment, run: int, step: int, lr: float, optimizer: Choice | None = None
) -> Experiment:
    """One run goes on from `step` at another rate or with another optimizer; what it would have done later is dropped.

    At step 0 that is the run itself.
    """
    return _with_run(experiment, run, _changed(experiment.runs[run], step, lr, optimizer))


def with_fork(experiment: Experiment, run: int, step: int, lr: float, optimizer: Choice | None = None) -> Experiment:
    """A new run at the end, so that the others keep their colours: its parent up to `step`, then as it is told."""
    return replace(experiment, runs=(*experiment.runs, _changed(experiment.runs[run], step, lr, optimizer)))


def with_own_parts(experiment: Experiment, run: int, optimizer: Choice | None, schedule: Choice | None) -> Experiment:
    """One run with an optimizer and a schedule of its own; None is the experiment's."""
    own = replace(
        experiment.runs[run],
        optimizer=None if optimizer == experiment.optimizer else optimizer,
        schedule=None if schedule == experiment.schedule else schedule,
    )
    return _with_run(experiment, run, own)


def _changed(run: Run, step: int, lr: float, optimizer: Choice | None) -> Run:
    if step == 0:
        return replace(run, lr=lr, optimizer=optimizer or run.optimizer, changes=())
    earlier = tuple(change for change in run.changes if change.step < step)
    return replace(run, changes=(*earlier, Change(step, lr, optimizer)))


def _with_run(experiment: Experiment, run: int, another: Run) -> Experiment:
    runs = list(experiment.runs)
    runs[run] = another
    return replace(experiment, runs=tuple(runs))


def with_another_run(experiment: Experiment) -> Experiment:
    """One run more at the end, at the next lower rate of 1, 0.3, 0.1 … that nobody has yet; or the next higher."""
    last = experiment.runs[-1].lr
    free = [rate for rate in _LADDER if all(abs(rate / lr - 1) > 0.05 for lr in experiment.lrs)]
    lower = [rate for rate in free if rate < last]
    lr = max(lower) if lower else min((rate for rate in free if rate > last), default=last)
    return replace(experiment, runs=(*experiment.runs, Run(lr)))


def with_run_of(experiment: Experiment, other: Experiment) -> Experiment:
    """What `other` minimises and how, with its run beside this experiment's where they ask the same at its seed.

    Otherwise beside these rates, as many as a window shows. A rate that is there already is not shown twice.
    """
    (run,) = other.runs
    mine = replace(experiment, runs=other.runs, seed=other.seed, sharpness=other.sharpness)
    before = experiment.runs if mine == other else tuple(Run(lr) for lr in experiment.lrs)
    others = [known for known in before if known != run]
    return replace(other, runs=(*others[: MAX_PANELS - 1], run), sharpness=experiment.sharpness)


def with_copy_of_run(experiment: Experiment, run: int) -> Experiment:
    """The same run once more, beside itself: to be given another rate."""
    runs = experiment.runs
    return replace(experiment, runs=(*runs[: run + 1], *runs[run:]))


def without_run(experiment: Experiment, run: int) -> Experiment:
    """One run fewer; ExperimentError for the last."""
    return replace(experiment, runs=experiment.runs[:run] + experiment.runs[run + 1 :])


def with_run_moved(experiment: Experiment, run: int, to: int) -> Experiment:
    """A run taken out of its place and put where `to` names."""
    runs = list(experiment.runs)
    runs.insert(to, runs.pop(run))
    return replace(experiment, runs=tuple(runs))


def only_rates_differ(experiment: Experiment) -> bool:
    """Whether the runs have the same optimizer and schedule throughout, so that nothing but their rates is compared."""
    return all(run == replace(run, optimizer=None, schedule=None, changes=_rates_of(run)) for run in experiment.runs)


def with_only_rates(experiment: Experiment) -> Experiment:
    """The same rates, every run with the experiment's optimizer and schedule."""
    runs = (replace(run, optimizer=None, schedule=None, changes=_rates_of(run)) for run in experiment.runs)
    return replace(experiment, runs=tuple(runs))


def _rates_of(run: Run) -> tuple[Change, ...]:
    return tuple(replace(change, optimizer=None) for change in run.changes)
