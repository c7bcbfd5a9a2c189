from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from lrviz.views.rate_entry import RateEntry


class Spoken:
    """What an entry asked for and said."""

    def __init__(self, entry: RateEntry) -> None:
        self.rates: list[float] = []
        self.lines: list[str] = []
        entry.rate_entered.connect(self.rates.append)
        entry.refused.connect(self.lines.append)


@pytest.fixture
def entry(qtbot: QtBot) -> Iterator[RateEntry]:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    made = RateEntry(window)
    layout.addWidget(made)
    layout.addWidget(QLineEdit(window))  # somewhere else to go
    made.show_rate(0.01)
    window.show()
    window.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    yield made
    window.close()


def type_over(qtbot: QtBot, entry: RateEntry, text: str) -> None:
    entry.selectAll()
    qtbot.keyClicks(entry, text)


@pytest.mark.parametrize(("text", "rate"), [("1e-3", 0.001), ("0.001", 0.001), (".5", 0.5), ("2", 2.0)])
def test_a_rate_is_taken_with_enter_and_shown_as_people_write_it(
    qtbot: QtBot, entry: RateEntry, text: str, rate: float
) -> None:
    spoken = Spoken(entry)
    type_over(qtbot, entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert spoken.rates == [rate]
    assert float(entry.text()) == rate
    assert not any(spoken.lines)


@pytest.mark.parametrize("text", ["abc", "0,001", "-1", "0", "1e999", "x" * 500])
def test_bad_text_gets_one_line_and_the_old_rate_returns(qtbot: QtBot, entry: RateEntry, text: str) -> None:
    spoken = Spoken(entry)
    type_over(qtbot, entry, text[:60])
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert spoken.rates == []
    assert entry.text() == "0.01"
    (line,) = filter(None, spoken.lines)
    assert "\n" not in line
    assert len(line) < 120


def test_escape_brings_the_old_rate_back_without_a_word(qtbot: QtBot, entry: RateEntry) -> None:
    spoken = Spoken(entry)
    type_over(qtbot, entry, "7")
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert entry.text() == "0.01"
    assert spoken.rates == []
    assert not any(spoken.lines)


def test_leaving_takes_what_is_typed(qtbot: QtBot, entry: RateEntry) -> None:
    spoken = Spoken(entry)
    type_over(qtbot, entry, "0.5")
    qtbot.keyClick(entry, Qt.Key.Key_Tab)
    assert spoken.rates == [0.5]


def test_the_same_rate_again_asks_for_nothing(qtbot: QtBot, entry: RateEntry) -> None:
    spoken = Spoken(entry)
    type_over(qtbot, entry, "1e-2")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert spoken.rates == []
    assert entry.text() == "0.01"


def test_what_is_being_typed_is_not_overwritten(qtbot: QtBot, entry: RateEntry) -> None:
    type_over(qtbot, entry, "0.2")
    entry.show_rate(0.03)
    assert entry.text() == "0.2"
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert entry.text() == "0.03"


def test_every_figure_of_a_rate_is_shown(entry: RateEntry) -> None:
    entry.show_rate(0.0012345)
    assert entry.text() == "0.0012345"
    assert entry.sizeHint().width() > entry.fontMetrics().horizontalAdvance("0.0012345")
