"""A display is there when its server answers."""

from __future__ import annotations

import sys
from typing import NoReturn

import pytest

from lrviz.cli.display import why_no_window

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_an_x_server_that_answers_is_a_display(xvfb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", xvfb)
    assert why_no_window() is None
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert why_no_window() is None


def test_one_of_several_platforms_that_works_is_enough(xvfb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense;offscreen")
    assert why_no_window() is None
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv("WAYLAND_DISPLAY", "nothing")
    assert why_no_window() is not None
    monkeypatch.setenv("DISPLAY", xvfb)
    assert why_no_window() is None


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "offscreen:enable_fonts"])
def test_a_platform_that_needs_no_server_works(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert why_no_window() is None


def test_no_variable_set_is_no_display() -> None:
    assert why_no_window() == "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)"


def test_a_plugin_that_misses_a_library_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def miss(_: str) -> NoReturn:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file")

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("lrviz.cli.display.ctypes.CDLL", miss)
    assert why_no_window() == "Qt cannot open a window here: libxcb-cursor.so.0: cannot open shared object file"


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_windows_and_macos_always_have_one(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert why_no_window() is None
