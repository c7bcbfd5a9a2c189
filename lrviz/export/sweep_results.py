"""A sweep as JSON, in the form that `lrviz sweep --json` prints, and as a table with a row a run and budget."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import numpy as np

from lrviz.core.experiment import OnModel
from lrviz.core.experiment_file import experiment_to_fields
from lrviz.core.sweep import SweepTable
from lrviz.core.sweep_reading import Best, Reading, best_at, larger_is_better, primary_metric, read_sweep, ridge
from lrviz.export.results import numbers_to_fields


def sweep_to_fields(table: SweepTable) -> dict[str, Any]:
    """The JSON object that DESIGN fixes, at the whole budget, and more.

    `metrics` and `diverged` have a list of seeds for each rate; a run that diverged has "nan" for its metrics, and the
    budget at which it did. `best` is by the metric called `metric`; None where every run has diverged. `best_at` has
    the best rate at each budget of `marks`. With a second axis `knob` says what it is, the fields above are of the
    value where the best is best, and `by_value` has them for each.
    """
    question = table.question
    metric = primary_metric(table)
    values = [_of_value(table, metric, value) for value in range(len(question.values))]
    chosen = best_value(table, metric)
    fields = {
        "experiment": experiment_to_fields(question.with_value(question.values[chosen])),
        "lr": list(table.lrs),
        "seeds": list(question.seeds),
        **values[chosen],
        "metric": metric,
        "unit": unit_of(table),
        "marks": table.marks.tolist(),
    }
    if question.knob is not None:
        fields["knob"] = {"name": question.knob.name, "value": question.values[chosen], "values": question.values}
        fields["by_value"] = [
            {"value": value, **of_value} for value, of_value in zip(question.values, values, strict=True)
        ]
    return fields


def sweep_to_json(table: SweepTable) -> str:
    """One line of strict JSON, ASCII throughout."""
    return json.dumps(sweep_to_fields(table), allow_nan=False)


def sweep_to_csv(table: SweepTable) -> bytes:
    """A row for each run and mark that is known: the knob's value (if any), lr, seed, budget, diverged, metrics.

    `diverged` is 1 from the budget on at which the run overflowed.
    """
    knob, unit = table.question.knob, unit_of(table)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*([knob.name] if knob else []), "lr", "seed", unit, "diverged", *table.metrics])
    shape = len(table.question.values), len(table.lrs), len(table.question.seeds), len(table.marks)
    columns = {name: values.tolist() for name, values in table.metrics.items()}
    for v, r, s, m in np.ndindex(shape):
        lost = bool(table.diverged[v, r, s] <= table.marks[m])
        figures = [values[v][r][s][m] for values in columns.values()]
        if lost or not all(map(math.isnan, figures)):
            value = [_cell(table.question.values[v])] if knob else []
            run = [*value, repr(table.lrs[r]), table.question.seeds[s]]
            writer.writerow([*run, repr(float(table.marks[m])), int(lost), *map(repr, figures)])
    return text.getvalue().encode()


def best_value(table: SweepTable, metric: str) -> int:
    """The index of the knob's value whose best rate is best at the whole budget; 0 where nothing is known of any."""
    reading = read_sweep(table, metric, len(table.marks) - 1)
    bests = [best for best in ridge(table, reading) if best]
    sign = -1 if larger_is_better(metric) else 1
    return min(bests, key=lambda best: sign * best.median).value if bests else 0


def unit_of(table: SweepTable) -> str:
    """What the marks count."""
    return "epochs" if isinstance(table.question.experiment.problem, OnModel) else "steps"


def _of_value(table: SweepTable, metric: str, value: int) -> dict[str, Any]:
    """What is said of each value of the knob."""
    readings = [read_sweep(table, metric, mark) for mark in range(len(table.marks))]
    bests = [best_at(table, reading, value) for reading in readings]
    diverged = [
        [budget if math.isfinite(budget) else None for budget in seeds] for seeds in table.diverged[value].tolist()
    ]
    return {
        "metrics": {name: numbers_to_fields(values[value, ..., -1]) for name, values in table.metrics.items()},
        "diverged": diverged,
        "best": _best(bests[-1], readings[-1]),
        "best_at": [best and best.lr for best in bests],
    }


def _best(best: Best | None, reading: Reading) -> dict[str, Any] | None:
    if best is None:
        return None
    low, high = reading.low[best.value, best.rate], reading.high[best.value, best.rate]
    quartiles = numbers_to_fields(np.array([low, high]))
    return {"lr": best.lr, "median": best.median, "within": list(best.within), "quartiles": quartiles}


def _cell(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
