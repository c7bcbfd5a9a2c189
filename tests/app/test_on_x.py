"""The program as a person meets it: a process of its own, a window on an X server, a keyboard and a mouse."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from lrviz.core.experiment_file import experiment_from_json, experiment_to_json
from lrviz.core.openings import first_question, surface_problem
from lrviz.core.viewstate import ViewState

PATIENCE_SECONDS = 90.0


class Desk:
    """lrviz running on a display, and hands on its keyboard and mouse."""

    def __init__(self, display: str, folder: Path, arguments: list[str]) -> None:
        self.environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": str(folder),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        self.view_state = folder / "lrviz" / "view.json"
        self.log = (folder / "log").open("w+")
        command = [sys.executable, "-m", "lrviz", *arguments]
        self.process = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)

    def xdotool(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, text=True)
        return done.stdout.strip()

    def window(self, title: str) -> str:
        """The id of the window whose title has `title`, once it is there."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            assert self.process.poll() is None, self.said()
            found = self.xdotool("search", "--onlyvisible", "--name", title).splitlines()
            if found:
                return found[0]
            time.sleep(0.1)
        pytest.fail(f"no window called {title!r}; lrviz said: {self.said()}")

    def wait_for(self, path: Path) -> None:
        """Until the file is there, which is written whole or not at all."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not path.exists():
            assert time.monotonic() < end, f"no file {path.name}; lrviz said: {self.said()}"
            time.sleep(0.05)

    def press(self, window: str, *keys: str) -> None:
        self.xdotool("windowfocus", "--sync", window)
        self.xdotool("key", "--clearmodifiers", *keys)

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def ended(self) -> int:
        return self.process.wait(timeout=30)


@pytest.fixture
def desk(xvfb: str, tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "bowl.json"
    file.write_bytes(experiment_to_json(first_question(surface_problem("bowl"))))
    made = Desk(xvfb, tmp_path, [str(file)])
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()
    made.log.close()


def test_the_window_opens_on_a_file_obeys_keys_and_closes(desk: Desk) -> None:
    window = desk.window("Round bowl · SGD")
    desk.press(window, "space", "Home", "Right", "ctrl+d", "l", "ctrl+n")
    desk.press(window, "ctrl+q")
    assert desk.ended() == 0, desk.said()
    assert desk.said() == ""
    state = msgspec.json.decode(desk.view_state.read_bytes(), type=ViewState)
    assert (state.theme, state.loop) == ("dark", True)


def test_a_run_is_added_typed_into_and_saved_by_hand(desk: Desk, tmp_path: Path) -> None:
    window = desk.window("Round bowl · SGD")
    desk.press(window, "ctrl+n")
    desk.press(window, "Tab", "ctrl+a", "0", "period", "2", "5", "Return")  # from the board to the first rate
    desk.press(window, "ctrl+s")
    dialog = desk.window("Save the experiment")
    desk.xdotool("windowfocus", "--sync", dialog)
    desk.xdotool("key", "ctrl+a")
    desk.xdotool("type", str(tmp_path / "mine.json"))
    desk.xdotool("key", "Return")
    desk.wait_for(tmp_path / "mine.json")  # until then the dialog has the keys
    desk.press(window, "ctrl+q")
    assert desk.ended() == 0, desk.said()
    saved = experiment_from_json((tmp_path / "mine.json").read_bytes())
    assert saved.lrs == (0.25, 0.45, 0.1, 0.001, 0.0003)


def test_ctrl_c_in_the_terminal_closes_the_window(desk: Desk) -> None:
    desk.window("Round bowl · SGD")
    desk.process.send_signal(signal.SIGINT)
    assert desk.ended() == 0, desk.said()
    assert "Traceback" not in desk.said()


def test_closing_the_window_while_torch_still_loads_is_clean(desk: Desk) -> None:
    window = desk.window("Round bowl · SGD")
    desk.press(window, "ctrl+q")
    assert desk.ended() == 0, desk.said()
