"""A range test's whole result as JSON, in the form that `lrviz find --json` prints, and as a table."""

from __future__ import annotations

import csv
import io
import json
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrviz.core.court import best_region, judge
from lrviz.core.experiment_file import experiment_to_fields
from lrviz.core.range_test import RangeTest, Rows
from lrviz.core.suggestions import smoothed, suggestions
from lrviz.core.sweep import SweepTable
from lrviz.export.results import numbers_to_fields


@dataclass(frozen=True)
class FindResult:
    """A range test and, where it was asked for, the sweep that judges it."""

    test: RangeTest
    table: SweepTable | None = None


def find_to_fields(result: FindResult) -> dict[str, Any]:
    """The result as the JSON object that DESIGN fixes, and what each seed had to say.

    `lr`, `loss` and `smoothed` are a number a step, as far as any seed went; loss and smoothed are medians over the
    seeds that were still under way. `suggestions` are medians on a logarithmic axis, null where no curve gives any.
    With a sweep there are its `best` rates and, in `court`, each rule's distance from them in decades, a seed each.
    """
    test = result.test
    end = int(test.steps.max())
    losses, smooth = test.losses[:, :end], smoothed(test.losses)[:, :end]
    found = suggestions(test)
    fields: dict[str, Any] = {
        "experiment": experiment_to_fields(test.question.experiment),
        "seeds": list(test.question.seeds),
        "lr": test.lrs[:end].tolist(),
        "loss": numbers_to_fields(_median(losses)),
        "smoothed": numbers_to_fields(_median(smooth)),
        "suggestions": {name: suggestion.median for name, suggestion in found.items()},
        "by_seed": {
            "loss": [numbers_to_fields(row[:steps]) for row, steps in zip(losses, test.steps, strict=True)],
            "smoothed": [numbers_to_fields(row[:steps]) for row, steps in zip(smooth, test.steps, strict=True)],
            "suggestions": {name: _known_or_none(suggestion.rates) for name, suggestion in found.items()},
        },
    }
    best = None if result.table is None else best_region(result.table)
    if result.table is not None and best is not None:
        judged = judge(test, result.table)
        fields["best"] = {"lr": best.lr, "median": best.median, "within": list(best.within)}
        fields["court"] = {name: _known_or_none(judgement.distances) for name, judgement in judged.items()}
    return fields


def find_to_json(result: FindResult) -> str:
    """The result as one line of strict JSON, ASCII throughout."""
    return json.dumps(find_to_fields(result), allow_nan=False)


def find_to_csv(test: RangeTest) -> bytes:
    """One row a seed and step (RFC 4180): seed, step, lr, loss and smoothed; a seed ends where its curve does."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["seed", "step", "lr", "loss", "smoothed"])
    rates, smooth = test.lrs.tolist(), smoothed(test.losses)
    for row, seed in enumerate(test.question.seeds):
        end = int(test.steps[row])
        columns = zip(rates, test.losses[row, :end].tolist(), smooth[row, :end].tolist(), strict=False)
        for step, values in enumerate(columns):
            writer.writerow([seed, step, *map(repr, values)])
    return text.getvalue().encode()


def _known_or_none(values: Rows) -> list[float | None]:
    return [None if np.isnan(value) else value for value in values.tolist()]


def _median(curves: Rows) -> Rows:
    """(T,) over the seeds that are known at a step."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a step that no seed's curve reached has none
        return np.asarray(np.nanmedian(curves, axis=0))
