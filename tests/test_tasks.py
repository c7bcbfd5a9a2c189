"""tasks.py: what it decides, without installing anything."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tasks
from tasks import SetupError, State


class Machine:
    """A machine that only writes down what is asked of it."""

    def __init__(self) -> None:
        self.calls: list[str] = []  # the commands that were run
        self.statuses: dict[str, int] = {}  # part of a command: its exit status, where that isn't 0
        self.programs = {"apt-get", "sudo", "Xvfb", "xdotool"}
        self.qt = subprocess.CompletedProcess([], 0, "", "")  # what the probe of Qt answers

    def call(self, command: list[object], **_: object) -> int:
        self.calls.append(" ".join(map(str, command)))
        return next((status for part, status in self.statuses.items() if part in self.calls[-1]), 0)

    def run(self, command: list[object], **_: object) -> subprocess.CompletedProcess[str]:
        if "PySide6" in str(command[-1]):
            return self.qt
        return subprocess.CompletedProcess([], 0, tasks.python_identity(), "")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    venv = tmp_path / ".venv"
    python = venv / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / "pyproject.toml").write_text("[project]")
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": python,
        "STATE": venv / tasks.STATE.name,
        "UNFINISHED": venv / tasks.UNFINISHED.name,
    }.items():
        monkeypatch.setattr(tasks, name, value)
    monkeypatch.setattr(subprocess, "call", machine.call)
    monkeypatch.setattr(subprocess, "run", machine.run)
    monkeypatch.setattr(shutil, "which", lambda name: name if name in machine.programs else None)
    monkeypatch.setattr(tasks, "torch_source", lambda: [tasks.TORCH])
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    return machine


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the script would have gone on as."""
    programs: list[list[str]] = []

    def become(arguments: list[str]) -> int:
        programs.append(arguments)
        return 0

    monkeypatch.setattr(tasks, "become", become)
    monkeypatch.setattr(tasks, "prepare", lambda _: None)
    return programs


@pytest.mark.parametrize("dashes", [[], ["--"]], ids=["bare", "after --"])
def test_run_hands_every_further_argument_to_lrviz(became: list[list[str]], dashes: list[str]) -> None:
    assert tasks.main(["run", *dashes, "run", "--lr", "0.1", "--json"]) == 0
    assert became == [["-P", "-m", "lrviz", "run", "--lr", "0.1", "--json"]]


def test_test_hands_every_further_argument_to_pytest(became: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "chdir", lambda _: None)
    assert tasks.main(["test", "-k", "engine", "--", "tests"]) == 0
    assert became == [["-m", "pytest", *tasks.IN_PARALLEL, "-k", "engine", "--", "tests"]]


def test_an_unknown_benchmark_is_answered_in_one_line(machine: Machine, capfd: pytest.CaptureFixture[str]) -> None:
    assert tasks.main(["bench", "nothing"]) == 1
    assert capfd.readouterr().err.endswith("tasks.py: there is no tests/bench_nothing.py\n")
    assert machine.calls


def test_an_unknown_task_shows_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert tasks.main(["rnu"]) == 2
    assert "python3 tasks.py run" in capsys.readouterr().out


def test_an_old_python_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert tasks.main(["run"]) == 1
    assert capsys.readouterr().err.startswith("tasks.py: lrviz needs Python 3.11 or newer; this is")


def test_the_second_time_nothing_is_installed_or_probed(machine: Machine) -> None:
    tasks.prepare("test")
    assert [call.split()[-1] for call in machine.calls] == [tasks.TORCH, f"{tasks.ROOT}[dev]"]
    machine.calls.clear()
    machine.qt = subprocess.CompletedProcess([], 1, "", "must not be asked")
    tasks.prepare("test")
    tasks.prepare("run")
    assert machine.calls == []


def test_test_adds_to_what_run_installed(machine: Machine) -> None:
    tasks.prepare("run")
    assert machine.calls[-1].endswith(f"--editable {tasks.ROOT}")
    tasks.prepare("test")
    assert machine.calls[-1].endswith(f"--editable {tasks.ROOT}[dev]")
    assert not any(" -m venv " in call for call in machine.calls)


def test_a_changed_project_is_installed_again_in_the_same_place(machine: Machine) -> None:
    tasks.prepare("run")
    machine.calls.clear()
    (tasks.ROOT / "pyproject.toml").write_text("[project] # another")
    tasks.prepare("run")
    assert [call.split()[-1] for call in machine.calls] == [tasks.TORCH, str(tasks.ROOT)]


def test_an_interrupted_installation_starts_anew(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "pip", interrupted)
        assert tasks.main(["run"]) == 130
    (tasks.VENV / "half").touch()
    tasks.prepare("run")
    assert " -m venv " in machine.calls[0]
    assert not (tasks.VENV / "half").exists()
    assert not tasks.UNFINISHED.exists()


def test_a_refusal_of_pip_leaves_the_last_installation_usable(machine: Machine) -> None:
    tasks.prepare("run")
    machine.statuses["--editable"] = 1
    (tasks.ROOT / "pyproject.toml").write_text("[project] # asks for what is not to be had")
    with pytest.raises(SetupError, match=r"^pip could not install .*; its own lines above say why$"):
        tasks.prepare("run")
    (tasks.ROOT / "pyproject.toml").write_text("[project]")
    machine.calls.clear()
    tasks.prepare("run")
    assert machine.calls == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"installed": "run"}', '{"key": "other", "installed": "test"}'])
def test_a_state_that_says_nothing_counts_as_none(machine: Machine, content: str) -> None:
    tasks.STATE.write_text(content)
    assert tasks.read_state() == State(tasks.key())
    assert machine.calls == []


def test_a_state_is_read_as_it_was_saved(machine: Machine) -> None:
    state = State(tasks.key(), installed="test", system="run")
    state.save()
    assert tasks.read_state() == state
    assert json.loads(tasks.STATE.read_text())["system"] == "run"
    assert machine.calls == []


def test_libraries_that_qt_lacks_are_installed_by_apt(machine: Machine, capfd: pytest.CaptureFixture[str]) -> None:
    machine.qt = subprocess.CompletedProcess([], 1, "", "Traceback\nImportError: libEGL.so.1: cannot open it\n")
    lacking = tasks.check_system("run")
    update, install = machine.calls
    assert update.endswith("apt-get -qq update")
    assert install.endswith(" ".join(["--no-install-recommends", *tasks.QT_PACKAGES, *tasks.WINDOW_PACKAGES]))
    assert "sudo" not in install
    assert lacking.startswith("Qt does not load (ImportError: libEGL.so.1: cannot open it); `sudo apt-get install")
    assert "installing libglib2.0-0" in capfd.readouterr().err


def test_who_may_not_install_is_given_the_line_that_would(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    machine.statuses["sudo -n true"] = 1
    machine.qt = subprocess.CompletedProcess([], 0, "libxcb-cursor.so.0: cannot open it\n", "")
    line = f"`sudo apt-get install -y --no-install-recommends {' '.join(tasks.WINDOW_PACKAGES)}`"
    assert tasks.check_system("run") == f"Qt opens no window (libxcb-cursor.so.0: cannot open it); {line} brings it"
    assert machine.calls == ["sudo -n true"]


def test_a_sudo_without_a_password_installs(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    machine.programs.remove("Xvfb")
    assert tasks.check_system("test") == (
        "tests of the window need Xvfb; `sudo apt-get install -y --no-install-recommends xvfb` brings it"
    )
    assert machine.calls[-1].startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get")


def test_a_system_without_apt_is_told_what_is_missing(machine: Machine) -> None:
    machine.programs = {"Xvfb"}
    assert tasks.check_system("test") == "tests of the window need xdotool; your system's packages have it"


def test_a_python_without_venv_gets_it_or_the_line(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    tasks.make_venv()
    assert machine.calls[1].endswith(f"install -y --no-install-recommends {package}")
    machine.programs.clear()
    with pytest.raises(SetupError, match=f"^this Python has no venv module; `sudo apt-get .* {package}` installs it$"):
        tasks.make_venv()


def test_what_is_still_missing_is_said_again_but_nothing_installed_again(
    machine: Machine, capfd: pytest.CaptureFixture[str]
) -> None:
    machine.programs.clear()
    machine.qt = subprocess.CompletedProcess([], 0, "libxcb-cursor.so.0: cannot open it\n", "")
    tasks.prepare("run")
    machine.calls.clear()
    capfd.readouterr()
    tasks.prepare("run")
    assert machine.calls == []
    assert capfd.readouterr().err.startswith("tasks.py: Qt opens no window (libxcb-cursor.so.0")
