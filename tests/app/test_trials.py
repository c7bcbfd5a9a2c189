"""The pages with runs of their own: asked, paused, stopped and opened in a window."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from lrviz.app.main import race_when_ready
from lrviz.app.pages import document_of
from lrviz.app.window import Window
from lrviz.core import catalog
from lrviz.core.claim import ClaimFinding, ClaimsReport, Evidence
from lrviz.core.experiment import Experiment, OnModel, Run, choose
from lrviz.core.openings import first_question
from lrviz.core.runs import MAX_PANELS, with_run_of
from lrviz.core.sweep import Knob, SweepQuestion, SweepTable
from lrviz.core.viewstate import View, ViewState
from lrviz.views.claims_view import ClaimsView
from lrviz.views.find_view import FindView
from lrviz.views.sweep_view import SweepView

PROMISED_SECONDS = 0.2
Open = Callable[[View], Window]


def on_moons(steps: int = 60) -> Experiment:
    problem = OnModel(choose(catalog.models, "mlp", hidden=(8,)), choose(catalog.datasets, "moons", samples=120))
    return replace(first_question(problem), steps=steps)


@pytest.fixture
def open_at(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # where sweeps keep what they have finished
    opened: list[Window] = []

    def make(view: View) -> Window:
        window = Window(on_moons(), race_when_ready, ViewState(theme="light", view=view))
        opened.append(window)
        qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        window.session.start()
        raced(qtbot, window)
        return window

    yield make
    for window in opened:
        window.close()


def raced(qtbot: QtBot, window: Window) -> None:
    def done() -> bool:
        scene = window.scene
        return (
            not window.loader.reading
            and not window.session.running
            and scene is not None
            and scene.experiment == window.session.experiment
        )

    qtbot.waitUntil(done, timeout=30_000)


def small_sweep(steps: int = 60, knob: Knob | None = None) -> SweepQuestion:
    return SweepQuestion(on_moons(steps), (0.001, 0.01, 0.1, 1.0), (0, 1, 2), knob)


def swept(qtbot: QtBot, window: Window) -> tuple[SweepView, SweepTable]:
    view = window.frame.views.view
    assert isinstance(view, SweepView)
    view.show_question(small_sweep())
    view.start()
    qtbot.waitUntil(lambda: view.table is not None and view.table.complete, timeout=30_000)
    assert view.table is not None
    return view, view.table


def test_a_sweep_is_run_and_a_dot_becomes_a_panel(qtbot: QtBot, open_at: Open) -> None:
    window = open_at("sweep")
    view, table = swept(qtbot, window)
    assert table.done.all()
    assert len({view.picture(1.0).pixel(x, 200) for x in range(0, view.width(), 3)}) > 3
    view.run_opened.emit(0, 0.1, 2)
    raced(qtbot, window)
    opened = window.session.experiment
    assert (opened.runs[-1], opened.seed) == (Run(0.1), 2)
    assert window.state.view == "panels"
    assert window.scene is not None
    final = float(window.scene.traces[opened.lrs.index(0.1)].metrics["test_accuracy"][-1])
    assert final == pytest.approx(table.metrics["test_accuracy"][0, 2, 2, -1], abs=1e-6)


def test_a_sweep_is_paused_goes_on_and_is_cancelled(qtbot: QtBot, open_at: Open) -> None:
    window = open_at("sweep")
    view = window.frame.views.view
    assert isinstance(view, SweepView)
    view.show_question(small_sweep(steps=30_000))
    view.start()
    qtbot.waitUntil(lambda: view.table is not None and bool(view.table.share_done < 1), timeout=30_000)
    window.trials._pause(True)
    qtbot.wait(150)
    before = view.table
    qtbot.wait(150)
    assert view.table is before
    window.trials._pause(False)
    qtbot.waitUntil(lambda: view.table is not before, timeout=30_000)
    view._cancel()
    assert not window.trials.asking


def test_closing_amid_a_sweep_ends_the_thread(qtbot: QtBot, open_at: Open) -> None:
    window = open_at("sweep")
    window.trials.sweep(small_sweep(steps=30_000))
    view = window.frame.views.view
    assert isinstance(view, SweepView)
    qtbot.waitUntil(lambda: view.table is not None, timeout=30_000)
    began = time.perf_counter()
    window.close()
    assert time.perf_counter() - began < PROMISED_SECONDS


def test_a_range_test_is_run_judged_by_a_sweep_and_its_rate_is_used(qtbot: QtBot, open_at: Open) -> None:
    window = open_at("find")
    view = window.frame.views.view
    assert isinstance(view, FindView)
    view.bar.start_wanted.emit()
    qtbot.waitUntil(lambda: view._test is not None and view._test.complete, timeout=30_000)
    assert window.frame.views.known("sweep") is None
    window.trials._ask_sweep(small_sweep())
    qtbot.waitUntil(lambda: view._table is not None and view._table.complete, timeout=30_000)
    assert window.state.view == "find"
    view.rate_chosen.emit(0.02)
    raced(qtbot, window)
    assert window.session.experiment.lrs[-1] == 0.02


def test_pages_have_no_steps_to_play(open_at: Open) -> None:
    window = open_at("find")
    assert not window.frame.transport.isVisible()
    assert not window.frame.charts[0].isVisible()
    assert not window.commands.linked.isVisible()
    window.commands.panels.trigger()
    assert window.frame.transport.isVisible()
    assert window.frame.charts[0].isVisible()
    assert window.commands.linked.isVisible()


def report() -> ClaimsReport:
    evidence = Evidence(
        "a setting", {"a figure": 1.0}, (0.5, 1.5), 1.0, "points", True, "It is so.", small_sweep(), on_moons(30)
    )
    finding = ClaimFinding("step_size", "A title", "A claim.", "supported", "A reason.", (evidence,), "A method.")
    return ClaimsReport("quick", (0,), (finding,), ("step_size",), 1.0, 0.0, "A conclusion.", True)


def test_what_a_claim_rests_on_is_opened(qtbot: QtBot, open_at: Open) -> None:
    window = open_at("check")
    view = window.frame.views.view
    assert isinstance(view, ClaimsView)
    (finding,) = report().findings
    view.comparison_opened.emit(finding.evidence[0])
    raced(qtbot, window)
    assert window.session.experiment == on_moons(30)
    assert window.frame.views.name == "panels"
    view.sweep_opened.emit(finding.evidence[0])
    sweeps = window.frame.views.view
    assert isinstance(sweeps, SweepView)
    qtbot.waitUntil(lambda: sweeps.table is not None and sweeps.table.complete, timeout=30_000)
    assert sweeps.table is not None
    assert sweeps.table.question == small_sweep()


@pytest.mark.parametrize("ending", [".html", ".md", ".json"])
def test_the_claims_page_becomes_a_file(
    open_at: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    window = open_at("check")
    path = tmp_path / f"page{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.pages.save(report())
    assert "A reason." in path.read_text()


def test_the_claims_page_is_laid_out_for_paper() -> None:
    assert "A reason." in document_of(report()).toPlainText()


def test_a_run_that_asks_something_else_comes_with_the_plain_rates(qtbot: QtBot) -> None:
    shown = replace(on_moons(), runs=tuple(Run(0.001 * (run + 1)) for run in range(MAX_PANELS)))
    other = small_sweep(knob=Knob("optimizer.beta1", (0.5, 0.9))).run_at(0, 0.3, 7)
    opened = with_run_of(shown, other)
    assert opened.lrs == (*shown.lrs[: MAX_PANELS - 1], 0.3)
    assert (opened.seed, opened.optimizer) == (7, other.optimizer)


def test_pages_are_reached_by_keys(qtbot: QtBot, open_at: Open) -> None:
    window = open_at("panels")
    for key, view in zip((Qt.Key.Key_7, Qt.Key.Key_8, Qt.Key.Key_9), ("sweep", "find", "check"), strict=True):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.state.view == view
