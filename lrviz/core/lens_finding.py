"""What the lens has found: which run leads, whether the test part can tell, and whether its lead is one of stopping."""

from __future__ import annotations

from dataclasses import dataclass

from lrviz.core.lens import Column, Lens, Row


@dataclass(frozen=True)
class Standing:
    """One column of the lens: the leading run's figure, and which runs the test part can and can't tell from it."""

    leader: int
    best: float
    worst: float  # of all runs that have a figure
    tied: tuple[int, ...]  # not to be told from the leader
    beaten: tuple[int, ...]  # worse by more than the error


@dataclass(frozen=True)
class Finding:
    """What can be said of the run that leads at equal epochs, of each run that it beats there.

    The explanation "it only stopped earlier" is given where the beaten run has come further down by now, and at equal
    training loss the lead is gone; "it only came further" where the beaten run lags behind and the lead is gone.
    """

    here: Standing | None  # None where fewer than two runs have a figure
    level: Standing | None
    stopped: tuple[int, ...] = ()  # over these it leads only because it stopped earlier on the way down
    further: tuple[int, ...] = ()  # over these only because it has come further
    remains: tuple[int, ...] = ()  # over these it leads at equal training loss too
    unknown: tuple[int, ...] = ()  # of these nothing can be said: it, or they, never came down to the level


def finding(lens: Lens) -> Finding:
    """Computed from the figures of the lens alone."""
    here, level = standing(lens, "here"), standing(lens, "level")
    if here is None:
        return Finding(None, level)
    lead = lens.rows[here.leader]
    sorted_runs: dict[str, list[int]] = {"stopped": [], "further": [], "remains": [], "unknown": []}
    for run in here.beaten:
        sorted_runs[_explanation(lens, lead, lens.rows[run])].append(run)
    return Finding(here, level, **{name: tuple(runs) for name, runs in sorted_runs.items()})


def standing(lens: Lens, column: Column) -> Standing | None:
    """How the runs stand in a column; None where fewer than two have a figure in it."""
    read = [(row.run, reading.figure) for row in lens.rows if (reading := row.reading(column)) is not None]
    leader = lens.leader(column)
    if leader is None or len(read) < 2:
        return None
    figures = dict(read)
    best = figures[leader.run]
    others = [run for run in figures if run != leader.run]
    return Standing(
        leader=leader.run,
        best=best,
        worst=min(figures.values()) if lens.higher_is_better else max(figures.values()),
        tied=tuple(run for run in others if not lens.differ(best, figures[run])),
        beaten=tuple(run for run in others if lens.differ(best, figures[run])),
    )


def _explanation(lens: Lens, lead: Row, beaten: Row) -> str:
    if lead.level is None or beaten.level is None:
        return "unknown"
    ahead, behind = lead.level.figure, beaten.level.figure
    if lens.differ(ahead, behind) and lens.gain(ahead, behind) > 0:
        return "remains"
    return "stopped" if beaten.loss[-1] < lead.loss[-1] else "further"
