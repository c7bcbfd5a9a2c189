"""The pages with runs of their own: the sweep, the range test and the claims. Each is computed on its own thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from lrviz.app.session import Session
from lrviz.app.stage import Stage
from lrviz.app.survey import Survey, close_together
from lrviz.app.wishes import Wishes
from lrviz.core.claim import ClaimsReport, Evidence, Extent
from lrviz.core.errors import LrvizError
from lrviz.core.range_test import RangeQuestion, RangeTest
from lrviz.core.runs import with_run_of
from lrviz.core.sweep import SweepQuestion, SweepTable
from lrviz.runtime.warmup import load_torch
from lrviz.runtime.worker import Failure
from lrviz.views.claims_view import ClaimsView
from lrviz.views.find_view import FindView
from lrviz.views.sweep_view import SweepView

EXTENTS: tuple[Extent, ...] = ("quick", "full")
PAUSE_SECONDS = 0.02  # between two looks at whether a sweep goes on


class Trials(QObject):
    """Connects these pages when they are made, and answers what they ask beside the race."""

    view_wanted = Signal(str)  # the name of a view that a person should see now
    page_exported = Signal(object)  # the ClaimsReport that should become a file
    page_printed = Signal(object)

    def __init__(
        self, views: Stage, session: Session, wishes: Wishes, tell: Callable[[Failure], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._views = views
        self._session = session
        self._wishes = wishes
        self._tell = tell
        self._sweeps, self._tests = Survey(self), Survey(self)
        self._checks, self._estimates = Survey(self), Survey(self)
        self._surveys = (self._sweeps, self._tests, self._checks, self._estimates)
        self._paused = threading.Event()
        self._report: ClaimsReport | None = None
        self._sweeps.answered.connect(self._show_table)
        views.made.connect(self._connect)

    @property
    def asking(self) -> bool:
        """Whether something is being computed for a page."""
        return any(survey.asking for survey in self._surveys)

    def sweep(self, question: SweepQuestion) -> None:
        """Run a sweep, in place of the one under way."""
        self._paused.clear()
        self._sweeps.ask(lambda: _sweep(question, self._paused))

    def close(self) -> None:
        close_together(self._surveys)

    # Wires

    def _connect(self, _name: str, view: QWidget) -> None:
        if isinstance(view, SweepView):
            view.question_asked.connect(self.sweep)
            view.paused.connect(self._pause)
            view.cancelled.connect(self._cancel_sweep)
            view.run_opened.connect(partial(self._open_run, view))
            self._sweeps.failed.connect(partial(self._refuse, view.show_stopped))
        elif isinstance(view, FindView):
            view.test_requested.connect(self._test)
            view.cancel_requested.connect(self._tests.drop)
            view.sweep_requested.connect(self._sweep_as_chosen)
            view.rate_chosen.connect(self._wishes.add_rate)
            self._tests.answered.connect(view.show_test)
            self._tests.failed.connect(partial(self._refuse, view.show_refusal))
        elif isinstance(view, ClaimsView):
            view.check_requested.connect(self._check)
            view.cancel_requested.connect(self._checks.drop)
            view.comparison_opened.connect(self._open_comparison)
            view.sweep_opened.connect(self._open_sweep)
            view.page_export_requested.connect(lambda: self.page_exported.emit(self._report))
            view.page_print_requested.connect(lambda: self.page_printed.emit(self._report))
            self._checks.answered.connect(partial(self._show_report, view))
            self._checks.failed.connect(partial(self._refuse, view.show_refusal))
            self._estimates.answered.connect(lambda told: view.show_expected(*told))
            self._estimates.ask(_expected)

    # The sweep

    def _pause(self, paused: bool) -> None:
        if paused:
            self._paused.set()
        else:
            self._paused.clear()

    def _cancel_sweep(self) -> None:
        self._sweeps.drop()
        self._paused.clear()
        table = self._sweep_view().table
        self._show_in_court(table, running=False)

    def _show_table(self, table: SweepTable) -> None:
        self._sweep_view().show_table(table)
        self._show_in_court(table, running=not table.complete)

    def _show_in_court(self, table: SweepTable | None, running: bool) -> None:
        """A range test's rules are judged by the sweep of the same question, without a second parameter."""
        view = self._views.known("find")
        if isinstance(view, FindView) and (table is None or table.question.knob is None):
            view.show_sweep(table, running)

    def _sweep_view(self) -> SweepView:
        view = self._views.ready("sweep")
        assert isinstance(view, SweepView)
        return view

    def _sweep_as_chosen(self) -> None:
        """For the finder court: the sweep that its own page would ask, of the rates alone."""
        view = self._sweep_view()
        question = view.question
        if question is not None:
            self._ask_sweep(replace(question, knob=None))

    def _ask_sweep(self, question: SweepQuestion) -> None:
        self._sweep_view().show_question(question)
        self._sweep_view().start()

    def _open_run(self, view: SweepView, value: int, lr: float, seed: int) -> None:
        """A dot becomes a panel of the comparison."""
        if view.table is not None:
            run = view.table.question.run_at(value, lr, seed)
            self._wishes.open(with_run_of(self._session.experiment, run))
            self.view_wanted.emit("panels")

    # The range test

    def _test(self, question: RangeQuestion) -> None:
        self._tests.ask(lambda: _range_test(question))

    # The claims

    def _check(self, extent: Extent) -> None:
        self._checks.ask(lambda: _check(extent))

    def _show_report(self, view: ClaimsView, report: ClaimsReport) -> None:
        self._report = report
        view.show_report(report)

    def _open_comparison(self, evidence: Evidence) -> None:
        if evidence.experiment is not None:
            self._wishes.open(evidence.experiment)
            self.view_wanted.emit("panels")

    def _open_sweep(self, evidence: Evidence) -> None:
        if evidence.question is not None:
            self.view_wanted.emit("sweep")
            self._ask_sweep(evidence.question)

    def _refuse(self, show: Callable[[str], object], failure: Failure) -> None:
        if isinstance(failure.error, LrvizError):
            show(str(failure.error))
        else:
            show("")
            self._tell(failure)


def _sweep(question: SweepQuestion, paused: threading.Event) -> Iterator[SweepTable | None]:
    load_torch()
    from lrviz.engine.sweep import sweep
    from lrviz.engine.sweep_store import SweepStore

    for table in sweep(question, store=SweepStore()):
        yield table
        while paused.is_set():
            time.sleep(PAUSE_SECONDS)
            yield None


def _range_test(question: RangeQuestion) -> Iterator[RangeTest | None]:
    load_torch()
    from lrviz.engine.range_test import range_test

    yield from range_test(question)


def _check(extent: Extent) -> Iterator[ClaimsReport | None]:
    load_torch()
    from lrviz.claims.checking import check
    from lrviz.engine.sweep_store import SweepStore

    yield from check((), extent, store=SweepStore())


def _expected() -> Iterator[tuple[Extent, float] | None]:
    """How long each form of a check is going to take."""
    load_torch()
    from lrviz.claims.checking import expected_seconds
    from lrviz.engine.process import THREADS

    for extent in EXTENTS:
        yield None
        yield extent, (yield from expected_seconds((), extent)) / THREADS
