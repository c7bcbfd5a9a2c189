"""What only a process of its own shows: what is loaded, how it ends, and what it does with pipes and signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]  # where `python -m lrviz` finds the program, installed or not
LRVIZ = [sys.executable, "-m", "lrviz"]
NO_DISPLAY = {
    name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
}


def lrviz(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program where there is no display."""
    command = [*LRVIZ, *map(str, arguments)]
    return subprocess.run(
        command, env={**NO_DISPLAY, **environment}, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )


@pytest.mark.parametrize(
    "arguments", [["list", "surfaces"], ["list", "models", "--json"], ["--help"], ["run", "--help"]]
)
def test_lists_and_help_load_neither_torch_nor_qt(arguments: list[str]) -> None:
    code = f"""
import sys
from lrviz.cli import main
main({arguments!r})
print([module for module in ("torch", "PySide6") if module in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_a_display_the_window_is_one_line_that_names_what_works() -> None:
    done = lrviz()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("lrviz: there is no display here")
    assert "`lrviz run -o picture.png`" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"DISPLAY": ":97"}, "the display ':97' does not answer"),
        ({"DISPLAY": "nonsense"}, "the display 'nonsense' does not answer"),
        ({"QT_QPA_PLATFORM": "xcb"}, "the display '' does not answer"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "Qt has no platform called 'nonsense'"),
        ({"QT_QPA_PLATFORM": "../../etc:passwd"}, "Qt has no platform called '../../etc'"),
        ({"WAYLAND_DISPLAY": "nothing", "XDG_RUNTIME_DIR": "/nowhere"}, "lrviz: "),
    ],
)
def test_a_display_that_does_not_answer_is_one_line_and_no_abort(environment: dict[str, str], says: str) -> None:
    done = lrviz(**environment)
    assert done.returncode == 1
    assert says in done.stderr
    assert "`lrviz run -o picture.png`" in done.stderr
    assert done.stderr.count("\n") == 1


def test_run_draws_a_picture_without_a_display(tmp_path: Path) -> None:
    picture = tmp_path / "race.png"
    done = lrviz("run", "--surface", "bowl", "--steps", "5", "-o", picture, "--json", QT_QPA_PLATFORM="xcb")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["experiment"]["steps"] == 5
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_reader_that_leaves_ends_the_program_without_a_word() -> None:
    with subprocess.Popen(
        [*LRVIZ, "list", "optimizers"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
def test_an_output_that_is_full_is_one_line_and_status_1() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*LRVIZ, "list", "surfaces"], stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT
        )
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a child")
def test_ctrl_c_in_mid_training_is_one_line_and_status_130() -> None:
    code = """
import sys
from lrviz.cli import main, progress
progress.LOG_SECONDS = 0.1
sys.exit(main(["run", "--surface", "bowl", "--lr", "0.1", "--steps", "300000"]))
"""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stderr is not None
        assert "training" in process.stderr.readline()  # it comes once the race is under way
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "lrviz: stopped"
    assert all(line.startswith("lrviz: ") for line in err.splitlines())


def test_output_that_knows_only_ascii_gets_every_list() -> None:
    done = lrviz("list", "surfaces", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert r"(a, a\xb2)" in done.stdout
