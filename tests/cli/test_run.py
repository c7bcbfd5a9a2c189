"""`lrviz run` and `lrviz export`, from the arguments to what is printed and written."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray

from lrviz.cli import main
from lrviz.core.experiment import Experiment
from lrviz.core.experiment_file import experiment_from_fields, experiment_to_json
from lrviz.core.openings import opening
from lrviz.core.scene import Scene
from lrviz.engine import race as engine
from lrviz.export.reading import experiment_from_file
from tests.export.scenes import surface_scene

Run = Callable[..., tuple[int, str, str]]
ROSENBROCK = "run --surface rosenbrock --start -1.2 1 --optimizer sgd --lr 0.001 --lr 0.01 --steps 200 --json"
QUICK = "--surface bowl --lr 0.1 --lr 0.01 --steps 5"


@pytest.fixture
def lrviz(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line, words told apart by spaces, with paths after it; gives status, output and errors."""

    def run(line: str, *more: str | Path) -> tuple[int, str, str]:
        status = main([*line.split(), *map(str, more)])
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def no_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """No race may begin."""

    def race(_: Experiment, **_asked: bool) -> NoReturn:
        raise AssertionError("a race began")

    monkeypatch.setattr(engine, "race", race)


@pytest.fixture
def race_of_a_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    """A race whose only scene is known, where only what follows the race matters."""
    monkeypatch.setattr(engine, "race", lambda _, **_asked: iter([surface_scene()]))


def descent(lr: float, steps: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gradient descent on Rosenbrock from (−1.2, 1), by hand: losses (T,) and points (T, 2), up to what overflows."""
    point, losses, points = np.array([-1.2, 1.0]), [], []
    with np.errstate(all="ignore"):
        for _ in range(steps + 1):
            x, y = point
            losses.append((1 - x) ** 2 + 100 * (y - x**2) ** 2)
            points.append(point)
            if not (np.isfinite(losses[-1]) and np.isfinite(point).all()):
                break
            point = point - lr * np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])
    return np.array(losses), np.array(points)


def test_rosenbrock_is_numpy_s_own_descent_until_it_diverges(lrviz: Run) -> None:
    status, out, _ = lrviz(ROSENBROCK)
    assert status == 0
    assert out.count("\n") == 1
    result = json.loads(out)
    assert [run["lr"] for run in result["runs"]] == [0.001, 0.01]
    for run in result["runs"]:
        losses, points = descent(run["lr"], 200)
        assert run["step"] == list(range(len(losses)))
        finite = np.isfinite(losses)
        np.testing.assert_allclose(np.array(run["loss"], float)[finite], losses[finite], rtol=1e-9)
        np.testing.assert_allclose(np.array(run["theta"], float)[finite], points[finite], rtol=1e-9)
        assert [np.isfinite(float(loss)) for loss in run["loss"]] == finite.tolist()
    small, large = result["runs"]
    assert len(small["step"]) == 201
    assert small["verdict"] != "diverged"
    assert large["verdict"] == "diverged"
    assert large["loss"][-1] in ("inf", "nan")
    assert str(len(large["step"]) - 1) in large["reason"]


@pytest.mark.usefixtures("qapp")
def test_a_network_on_digits_trains_prints_and_draws(lrviz: Run, tmp_path: Path) -> None:
    picture = tmp_path / "race.png"
    line = "run --model mlp --data digits --optimizer sgd --lr 0.1 --lr 0.001 --epochs 5 --json -o"
    status, out, _ = lrviz(line, picture)
    assert status == 0
    result = json.loads(out)
    assert result["experiment"]["steps"] == 95
    for run in result["runs"]:
        assert len(run["loss"]) == 96
        assert "theta" not in run
        accuracy = run["metrics"]["test_accuracy"]
        assert len(accuracy["step"]) == len(accuracy["value"])
        assert accuracy["step"][0] == 0
        assert accuracy["step"][-1] == 95
    fast, slow = (run["metrics"]["test_accuracy"]["value"][-1] for run in result["runs"])
    assert fast > 0.8  # FACTS: SGD learns digits at 0.1 …
    assert slow < 0.5  # … and hardly moves at 0.001
    assert experiment_from_file(picture) == experiment_from_fields(result["experiment"])


def test_no_arguments_run_the_opening_experiment(lrviz: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Experiment] = []

    def race(experiment: Experiment, *, watched: bool, on_all_processors: bool) -> Iterator[Scene]:
        assert on_all_processors  # no window wants one of them
        assert not watched
        asked.append(experiment)
        yield surface_scene()

    monkeypatch.setattr(engine, "race", race)
    assert lrviz("run")[0] == 0
    assert asked == [opening()]


def test_a_diverging_run_is_a_result_and_a_table_says_so(lrviz: Run) -> None:
    status, out, err = lrviz("run --surface rosenbrock --lr 0.01 --lr 0.001 --steps 20")
    assert status == 0
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "Rosenbrock · SGD · 20 steps"
    assert lines[1].split() == ["rate", "verdict", "final", "loss", "why"]
    assert lines[2].split()[:2] == ["0.01", "diverged"]
    assert lines[4].startswith("same start · ")


@pytest.mark.usefixtures("race_of_a_scene")
def test_each_output_is_written_in_the_format_of_its_ending(lrviz: Run, tmp_path: Path) -> None:
    table, result = tmp_path / "race.csv", tmp_path / "race.JSON"
    status, out, _ = lrviz(f"run {QUICK} --json -o", table, "-o", result)
    assert status == 0
    assert result.read_text() == out
    with table.open(newline="") as lines:
        assert len(list(csv.reader(lines))) == 1 + 4 + 3
    assert sorted(os.listdir(tmp_path)) == ["race.JSON", "race.csv"]


@pytest.mark.usefixtures("qapp")
def test_a_picture_has_the_size_and_scale_that_were_asked_for(lrviz: Run, tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    status, _, _ = lrviz(f"run {QUICK} --size 640x480 --scale 2 --theme dark --step 3 -o", tmp_path / "race.png")
    assert status == 0
    image = QImage(str(tmp_path / "race.png"))
    assert (image.width(), image.height()) == (1280, 960)


@pytest.mark.usefixtures("qapp")
def test_a_file_runs_again_whether_experiment_result_or_picture(lrviz: Run, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("result.json", "picture.png")]
    first = json.loads(lrviz(f"run {QUICK} --json -o", files[0], "-o", files[1])[1])
    experiment = tmp_path / "experiment.json"
    experiment.write_bytes(experiment_to_json(experiment_from_fields(first["experiment"])))
    for file in (experiment, *files):
        assert json.loads(lrviz("run --json", file)[1]) == first
    changed = json.loads(lrviz("run --json --lr 0.2 --steps 3", experiment)[1])
    assert [run["lr"] for run in changed["runs"]] == [0.2]
    assert len(changed["runs"][0]["loss"]) == 4


@pytest.mark.usefixtures("qapp")
def test_export_draws_a_file_and_prints_nothing(lrviz: Run, tmp_path: Path) -> None:
    experiment = tmp_path / "experiment.json"
    experiment.write_bytes(experiment_to_json(surface_scene().experiment))
    assert lrviz("export", experiment, "-o", tmp_path / "race.png") == (0, "", "")
    assert experiment_from_file(tmp_path / "race.png") == surface_scene().experiment


WRONG = {
    f"run {QUICK} -o race.jpg": "race.jpg has the ending '.jpg'; a file that lrviz writes ends in .png, .csv, .json",
    f"run {QUICK} -o nowhere/race.png": "cannot write nowhere/race.png: there is no folder nowhere",
    f"run {QUICK} --step 6 -o race.png": "--step is 6; this experiment has the steps 0 to 5",
    f"run {QUICK} --model mlp": "--surface and --model are two questions",
    "run --surface bowl --epochs 3": "say --steps",
    f"run {QUICK} --set curvatur=3": "did you mean 'surface.curvature'?",
    "run --surface rosenbrok": "did you mean 'rosenbrock'?",
    "run --lr": "--lr: expected one argument",
    "run nothing.json": "nothing.json: there is no such file",
    "run --expression import": "lrviz: ",
    "run --data nothing.csv": "no file called 'nothing.csv'",
    "export": "export needs a FILE",
    "export a.json": "-o picture.png",
    "export a.json --json -o a.png": "no option --json",
    "sweeps --lr 0.1": "no command or file called 'sweeps'",
    "rnu": "did you mean 'run'?",
    "nothing.json": "nothing.json: there is no such file",
    "--lr 0.1": "no option --lr",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_question_is_one_line_and_status_2_and_no_file(
    line: str, lrviz: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = lrviz(line)
    assert (status, out) == (2, "")
    assert err.startswith("lrviz: ")
    assert WRONG[line] in err
    assert err.count("\n") == 1
    assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("no_race")
def test_an_output_that_cannot_be_is_refused_before_any_training(lrviz: Run, tmp_path: Path) -> None:
    for name in ("race.jpg", "gone/race.png"):
        assert lrviz(f"run {QUICK} -o", tmp_path / name)[0] == 2


@pytest.mark.usefixtures("race_of_a_scene")
def test_a_full_disk_is_one_line_and_status_1_and_the_result_is_printed_all_the_same(
    lrviz: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "race.csv").write_text("old")

    def full(_: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    status, out, err = lrviz(f"run {QUICK} --json -o", tmp_path / "race.csv")
    assert status == 1
    assert json.loads(out)["fingerprint"] == "a3f9c2"
    assert err == f"lrviz: cannot write {tmp_path}/race.csv: No space left on device\n"
    assert (tmp_path / "race.csv").read_text() == "old"


def failing(error: BaseException) -> Callable[..., Iterator[Scene]]:
    def race(_: Experiment, **_asked: bool) -> Iterator[Scene]:
        yield replace(surface_scene(), verdicts=None)
        raise error

    return race


def test_a_failure_of_the_program_is_one_line_that_says_how_to_see_more(
    lrviz: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LRVIZ_TRACEBACK", raising=False)
    monkeypatch.setattr(engine, "race", failing(RuntimeError("first\nsecond")))
    status, out, err = lrviz(f"run {QUICK}")
    assert (status, out) == (1, "")
    assert err == "lrviz: the program failed: RuntimeError: first second (LRVIZ_TRACEBACK=1 shows where)\n"
    monkeypatch.setenv("LRVIZ_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        lrviz(f"run {QUICK}")


def test_an_interruption_is_one_line_and_status_130(lrviz: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "race", failing(KeyboardInterrupt()))
    assert lrviz(f"run {QUICK} --json") == (130, "", "lrviz: stopped\n")


@pytest.mark.parametrize("arguments", ["--help", "run --help", "export --help", "list --help", "--version"])
def test_help_and_version_go_to_standard_output(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments.split()) == 0
    out, err = capsys.readouterr()
    assert out.startswith("lrviz 0." if arguments == "--version" else "usage: lrviz")
    assert err == ""
    assert all((f"\n  {command} " in out) == (arguments == "--help") for command in ("sweep", "find", "check"))


def test_an_unknown_kind_of_file_is_one_line_before_a_window_opens(
    lrviz: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_window(*_: Any) -> NoReturn:
        raise AssertionError("a display was looked for")

    monkeypatch.setattr("lrviz.cli.window.why_no_window", no_window)
    (tmp_path / "notes.txt").write_text("lr")
    status, _, err = lrviz("", tmp_path / "notes.txt")
    assert status == 2
    assert "no experiment file (JSON) and no picture (PNG)" in err
