"""`lrviz sweep`, from the arguments to what is printed, written, kept and said on standard error."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lrviz.cli import main
from lrviz.engine import sweep as sweeping
from lrviz.export.reading import experiment_from_file

ROOT = Path(__file__).parents[2]
QUICK = "sweep --model linear --data iris --epochs 2 --seeds 2 --lr 0.1 --lr 0.01 --no-store"
BOWL = "sweep --surface bowl --steps 20 --no-store"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def lrviz(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line, words told apart by spaces, with paths after it; gives status, output and errors."""

    def run(line: str, *more: str | Path) -> tuple[int, str, str]:
        status = main([*line.split(), *map(str, more)])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def result(lrviz: Run, line: str) -> dict[str, Any]:
    status, out, _ = lrviz(f"{line} --json --quiet")
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_json_has_the_fixed_form(lrviz: Run) -> None:
    found = result(lrviz, f"{QUICK} --seed 3")
    assert found["experiment"]["problem"]["model"] == "linear"
    assert found["lr"] == [0.01, 0.1]
    assert found["seeds"] == [3, 4]
    for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        values = found["metrics"][name]
        assert [len(seeds) for seeds in values] == [2, 2]
        assert all(isinstance(value, float) for seeds in values for value in seeds)
    best = found["best"]
    assert best["lr"] in found["lr"]
    assert best["within"][0] <= best["lr"] <= best["within"][1]
    assert found["metric"] == "test_accuracy"
    assert (found["unit"], found["marks"]) == ("epochs", [1, 2])
    assert len(found["best_at"]) == 2


def test_without_rates_there_are_quarter_decades_and_one_seed_where_nothing_is_drawn(lrviz: Run) -> None:
    found = result(lrviz, BOWL)
    assert len(found["lr"]) == 25
    assert (found["lr"][0], found["lr"][-1]) == (1e-5, 10)
    assert found["seeds"] == [0]
    assert result(lrviz, f"{BOWL} --set noise=0.1")["seeds"] == [0, 1, 2, 3, 4]


def test_diverged_runs_are_nan_with_their_step(lrviz: Run) -> None:
    found = result(lrviz, "sweep --surface bowl --steps 2000 --lr 0.001 --lr 100 --no-store")
    assert found["metrics"]["loss"][1] == ["nan"]
    assert found["diverged"][0] == [None]
    assert 0 < found["diverged"][1][0] <= 2000
    assert found["best"]["lr"] == 0.001


def test_where_every_run_diverges_there_is_no_best(lrviz: Run) -> None:
    line = "sweep --surface bowl --steps 2000 --lr 100 --lr 200 --no-store"
    assert result(lrviz, line)["best"] is None
    status, out, _ = lrviz(line)
    assert status == 0
    assert out.splitlines()[-1] == "every run diverged: smaller rates would say more"


def test_a_second_axis_has_all_of_it_for_each_value(lrviz: Run) -> None:
    found = result(lrviz, f"{QUICK} --optimizer momentum --vary momentum=0.9,0")
    assert found["knob"]["name"] == "optimizer.momentum"
    assert found["knob"]["values"] == [0.0, 0.9]
    assert [each["value"] for each in found["by_value"]] == [0.0, 0.9]
    chosen = found["by_value"][found["knob"]["values"].index(found["knob"]["value"])]
    assert {name: chosen[name] for name in ("metrics", "best")} == {name: found[name] for name in ("metrics", "best")}
    assert found["experiment"]["optimizer"]["momentum"] == found["knob"]["value"]


def test_widths_are_varied_by_one_number(lrviz: Run) -> None:
    line = "sweep --model mlp --data moons --epochs 1 --seeds 1 --lr 0.1 --vary model.hidden=4,8 --no-store"
    assert result(lrviz, line)["knob"]["values"] == [4, 8]


def test_refined_rates_join_the_others(lrviz: Run) -> None:
    plain, refined = result(lrviz, BOWL), result(lrviz, f"{BOWL} --refine 1")
    assert set(plain["lr"]) < set(refined["lr"])


def test_the_report_is_a_line_a_rate_and_a_sentence(lrviz: Run) -> None:
    status, out, _ = lrviz(f"{BOWL} --lr 0.01 --lr 0.05")
    lines = out.splitlines()
    assert status == 0
    assert lines[0].endswith("20 steps · 2 rates · 1 seed")
    assert [line.split()[0] for line in lines[1:-1]] == ["rate", "0.01", "0.05"]
    assert lines[-1].startswith("best rate 0.05: ")


def test_the_report_of_a_second_axis_is_a_line_a_value(lrviz: Run) -> None:
    _, out, _ = lrviz(f"{QUICK} --vary batch_size=16,64")
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["batch_size", "16", "64"]


def test_files_are_written_as_their_endings_say(lrviz: Run, tmp_path: Path) -> None:
    table, figures, drawn = tmp_path / "a.csv", tmp_path / "a.json", tmp_path / "a.png"
    status, _, _ = lrviz(QUICK, "-o", table, "-o", figures, "-o", drawn, "--size", "800x600")
    assert status == 0
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert len(rows) == 2 * 2 * 2
    assert list(rows[0]) == [
        "lr", "seed", "epochs", "diverged", "train_loss", "test_loss", "train_accuracy", "test_accuracy",
    ]  # fmt: skip
    found = json.loads(figures.read_text())
    last = [row for row in rows if row["epochs"] == "2.0"]
    assert [float(row["test_loss"]) for row in last] == [
        loss for seeds in found["metrics"]["test_loss"] for loss in seeds
    ]
    assert experiment_from_file(drawn) == experiment_from_file(figures)


def test_the_table_of_a_second_axis_begins_with_it(lrviz: Run, tmp_path: Path) -> None:
    lrviz(f"{QUICK} --vary batch_size=16,64", "-o", tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))
    assert {row["batch_size"] for row in rows} == {"16", "64"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("--workers 0", "--workers is 0; it is 1 or more"),
        ("--workers 2 --cluster tcp://127.0.0.1:1", "give one of them"),
        ("--refine 11", "it goes from 0 to 10"),
        ("--seeds 0", "0 seeds; it takes 1 to 64"),
        ("--seeds 65", "65 seeds; it takes 1 to 64"),
        ("--vary momentum", "has no values; it is written --vary optimizer.momentum=0,0.5,0.9"),
        ("--vary nonsense=1,2", "no number called 'nonsense' here"),
        ("--vary batch_size=16,x", "batch_size"),
        ("--vary batch_size=0", "batch_size is 0"),
        ("--step 3", "--step is for a race's picture"),
        ("--cluster nonsense", "no Dask scheduler answers at nonsense"),
        ("-o a.txt", "has the ending '.txt'"),
        ("--lr -1", "--lr"),
    ],
)
def test_a_wrong_question_is_one_line_and_status_2(lrviz: Run, line: str, says: str) -> None:
    status, out, err = lrviz(f"sweep --model linear --data iris --epochs 1 --no-store {line}")
    assert (status, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_ctrl_c_says_what_is_kept(lrviz: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sweeping.sweep

    def interrupted(*question: Any, **more: Any) -> Iterator[Any]:
        yield next(whole(*question, **more))
        raise KeyboardInterrupt

    def closable(*question: Any, **more: Any) -> Iterator[Any]:
        yield from interrupted(*question, **more)

    monkeypatch.setattr(sweeping, "sweep", closable)
    line = QUICK.replace(" --no-store", "")
    assert lrviz(line) == (
        130,
        "",
        "lrviz: stopped; 0 of 4 runs are finished and kept: the same command goes on from there\n",
    )
    assert lrviz(QUICK)[2] == "lrviz: stopped; 0 of 4 runs are finished, and nothing was kept\n"


def test_a_sweep_that_was_stopped_goes_on_from_what_it_had(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "OMP_NUM_THREADS": "1"}
    line = "sweep --model mlp --data moons --epochs 60 --seeds 12 --lr 0.1 --lr 0.01 --json"
    command = [sys.executable, "-m", "lrviz", *line.split(" ")]
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **streams) as process:
        while not list(tmp_path.rglob("*.npz")):
            assert process.poll() is None, "it ended before it was stopped"
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "finished and kept: the same command goes on from there" in err
    kept = {path: path.stat().st_ino for path in tmp_path.rglob("*.npz")}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, **streams)
    assert len(json.loads(done.stdout)["metrics"]["test_loss"][0]) == 12
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*.npz") if path in kept} == kept
    assert len(list(tmp_path.rglob("*.npz"))) == 12


def test_processes_of_this_machine_give_the_same_numbers(lrviz: Run) -> None:
    assert result(lrviz, f"{QUICK} --workers 2") == result(lrviz, QUICK)
