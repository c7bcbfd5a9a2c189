"""`lrviz find`, from the arguments to what is printed and written."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from lrviz.cli import find, main
from lrviz.core.experiment import OnModel
from lrviz.core.experiment_file import experiment_from_fields, experiment_to_json
from lrviz.core.openings import opening
from lrviz.core.range_test import SEEDS, STEPS, RangeQuestion
from lrviz.core.suggestions import RULES, smoothed
from lrviz.core.sweep import SweepTable
from lrviz.engine import range_test as engine
from lrviz.engine import sweep_store
from lrviz.export.reading import experiment_from_file
from tests.views.finds import sweep_table

Run = Callable[..., tuple[int, str, str]]
QUICK = "find --model mlp --data moons --set hidden=4 --steps 40 --quiet"


@pytest.fixture
def lrviz(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line, words told apart by spaces, with paths after it; gives status, output and errors."""

    def run(line: str, *more: str | Path) -> tuple[int, str, str]:
        status = main([*line.split(), *map(str, more)])
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that was made by hand: nothing is trained for it, and nothing is kept."""

    def made(_question: RangeQuestion, _progress: object) -> SweepTable:
        return sweep_table()

    monkeypatch.setattr(find, "_swept", made)


def found(lrviz: Run, line: str) -> dict[str, Any]:
    status, out, err = lrviz(line + " --json")
    assert (status, err) == (0, "")
    fields = json.loads(out)
    assert isinstance(fields, dict)
    return fields


def asked(lrviz: Run, monkeypatch: pytest.MonkeyPatch, line: str) -> RangeQuestion:
    """The range test that a command line means."""
    heard: list[RangeQuestion] = []
    real = engine.range_test

    def listen(question: RangeQuestion) -> Any:
        heard.append(question)
        return real(question)

    monkeypatch.setattr(engine, "range_test", listen)
    assert lrviz(line)[0] == 0
    return heard[0]


def test_json_has_the_fields_that_others_rely_on(lrviz: Run) -> None:
    fields = found(lrviz, QUICK + " --seeds 3")
    assert len(fields["lr"]) == len(fields["loss"]) == len(fields["smoothed"]) <= 40
    assert list(fields["suggestions"]) == list(RULES)
    assert fields["seeds"] == [0, 1, 2]
    assert experiment_from_fields(fields["experiment"]).problem == experiment_from_fields(fields["experiment"]).problem


def test_json_of_one_seed_is_its_raw_loss(lrviz: Run) -> None:
    fields = found(lrviz, QUICK + " --seeds 1 --set find.last=0.1")
    assert fields["loss"] == fields["by_seed"]["loss"][0]
    np.testing.assert_allclose(fields["smoothed"], smoothed(np.array(fields["loss"])))
    for name, rate in fields["suggestions"].items():
        [alone] = fields["by_seed"]["suggestions"][name]
        assert (rate is None) == (alone is None)
        assert rate is None or rate == pytest.approx(alone)


def test_what_is_told_of_several_seeds_is_their_median(lrviz: Run) -> None:
    fields = found(lrviz, QUICK + " --seeds 3 --set find.last=0.1")
    np.testing.assert_allclose(fields["loss"], np.median(fields["by_seed"]["loss"], axis=0))
    rates = fields["by_seed"]["suggestions"]["valley"]
    assert fields["suggestions"]["valley"] == pytest.approx(sorted(rates)[1])


def test_a_test_whose_every_seed_overflows_at_once_is_a_result(lrviz: Run) -> None:
    status, out, _ = lrviz("find --expression log(x) --start -1 1 --steps 20 --seeds 2 --json --quiet")
    fields = json.loads(out)
    assert status == 0
    assert fields["lr"] == fields["loss"] == []
    assert set(fields["suggestions"].values()) == {None}


def test_the_report_has_a_line_a_rule_with_rate_spread_and_source(lrviz: Run) -> None:
    status, out, _ = lrviz(QUICK)
    assert status == 0
    assert "rates 1e-6 to 10 in 40 steps · 5 seeds" in out
    for rule in RULES.values():
        assert f"{rule.title} " in out
        assert rule.source in out


def test_a_sweep_beside_it_says_how_far_each_rule_is(lrviz: Run, swept: None) -> None:
    fields = found(lrviz, QUICK + " --seeds 3 --sweep")
    low, high = fields["best"]["within"]
    assert low <= fields["best"]["lr"] <= high
    for name, rates in fields["by_seed"]["suggestions"].items():
        for rate, distance in zip(rates, fields["court"][name], strict=True):
            assert (rate is None) == (distance is None)
            assert rate is None or (distance == 0) == (low <= rate <= high)
    _, out, _ = lrviz(QUICK + " --seeds 3 --sweep")
    assert "the sweep's best region: " in out
    assert out.count("\nValley ") == 2


def test_a_sweep_of_the_same_experiment_and_seeds_is_run(
    lrviz: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sweep_store, "default_folder", lambda: tmp_path)
    monkeypatch.setattr(find, "RATES", 3)
    fields = found(lrviz, "find --surface bowl --sweep --quiet --steps 50")
    assert fields["best"]["lr"] in (1e-5, 0.01, 10.0)


def test_defaults_are_the_opening_experiment_and_the_tests_own(lrviz: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    question = asked(lrviz, monkeypatch, "find --steps 20 --quiet")
    assert question.experiment == opening()
    assert question.seeds == tuple(range(SEEDS))
    assert (question.first, question.last) == (1e-6, 10.0)


def test_options_say_length_rates_and_seeds(lrviz: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    line = (
        QUICK + " --optimizer momentum --set momentum=0.5 --set find.first=1e-5 --set find.last=0.5 --seed 7 --seeds 2"
    )
    question = asked(lrviz, monkeypatch, line)
    assert (question.first, question.last, question.steps, question.seeds) == (1e-5, 0.5, 40, (7, 8))
    assert question.experiment.optimizer.parameters["momentum"] == 0.5


def test_a_files_experiment_is_tested_for_the_tests_own_length(
    lrviz: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "experiment.json"
    file.write_bytes(experiment_to_json(opening()))
    question = asked(lrviz, monkeypatch, f"find {file} --seeds 1 --quiet")
    assert question.steps == STEPS
    assert question.experiment == opening()


def test_a_surface_without_noise_needs_one_seed(lrviz: Run) -> None:
    assert found(lrviz, "find --surface bowl --quiet")["seeds"] == [0]
    assert found(lrviz, "find --surface noisy_bowl --quiet")["seeds"] == list(range(SEEDS))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("find --lr 0.1", "--lr is for run"),
        ("find --epochs 3", "--epochs is for run"),
        ("find --steps 3", "a range test of 3 steps; it takes 10 to 10,000"),
        ("find --seeds 0", "a range test has 0 seeds"),
        ("find --seeds 65", "a range test has 65 seeds"),
        ("find --set find.first=1 --set find.last=0.1", "rates from 1 to 0.1"),
        ("find --set find.begin=1", "a range test has find.first and find.last"),
        ("find --set find.first", "has no value"),
        ("find --set find.first=fast", "--set find.first"),
        ("find -o curve.gif", "a file that lrviz writes ends in"),
        ("find --surface bowls", "did you mean 'bowl'?"),
    ],
)
def test_a_wrong_question_is_one_line_and_status_2(lrviz: Run, line: str, told: str) -> None:
    status, out, err = lrviz(line)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert told in err


def test_a_picture_carries_its_experiment(lrviz: Run, tmp_path: Path) -> None:
    path = tmp_path / "found.png"
    status, _, _ = lrviz(QUICK + " --seeds 2 --size 900x600 --scale 2 -o", path)
    assert status == 0
    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == (1800, 1200)
    assert len({picture.pixel(x, 500) for x in range(0, 1800, 9)}) > 3
    problem = experiment_from_file(path).problem
    assert isinstance(problem, OnModel)
    assert problem.data.name == "moons"


def test_files_hold_the_result(lrviz: Run, tmp_path: Path) -> None:
    as_json, as_csv = tmp_path / "found.json", tmp_path / "found.csv"
    status, out, _ = lrviz(QUICK + " --seeds 2 --set find.last=0.1 --json -o", as_json, "-o", as_csv)
    assert status == 0
    fields = json.loads(out)
    assert json.loads(as_json.read_text()) == fields
    rows = list(csv.DictReader(as_csv.read_text().splitlines()))
    assert list(rows[0]) == ["seed", "step", "lr", "loss", "smoothed"]
    assert [float(row["loss"]) for row in rows if row["seed"] == "1"] == fields["by_seed"]["loss"][1]
    assert [float(row["lr"]) for row in rows if row["seed"] == "0"] == fields["lr"]


def test_a_curve_that_ended_early_is_short_in_both_forms(lrviz: Run, tmp_path: Path) -> None:
    table = tmp_path / "found.csv"
    line = "find --expression 0-x**4-y**4 --start 1 1 --steps 60 --quiet --json -o"
    _, out, _ = lrviz(line, table)
    fields = json.loads(out)
    assert len(fields["lr"]) < 60
    assert len(table.read_text().splitlines()) == 1 + len(fields["lr"])


def test_progress_goes_to_standard_error(lrviz: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrviz.cli.progress.LOG_SECONDS", -1.0)
    _, out, err = lrviz(QUICK.removesuffix(" --quiet"))
    assert "lrviz: testing" in err
    assert "testing" not in out


def test_the_headline_counts_seeds_that_ended_early(lrviz: Run) -> None:
    _, out, _ = lrviz("find --expression 0-x**4-y**4 --start 1 1 --steps 60 --quiet")
    assert "1 seed · 1 ended before the last rate" in out
