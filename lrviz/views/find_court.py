"""The finder court: what each rule suggests, how far that is from what a sweep found best, and a button to use it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from lrviz.core.sweep import SweepTable
from lrviz.views.find_rows import Region, RuleRow
from lrviz.views.find_words import court_text, distance_text, rate_text, said_text, spread_text
from lrviz.views.guard import guarded
from lrviz.views.markers import paint_marker
from lrviz.views.theme import GRID, LIGHT, SMALL, Theme, font

SIGN = 2 * GRID  # px
HEIGHT = 26  # px of a row's button
SENTENCES = 110 * GRID  # px of width from which on sentences are told
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RULE, RATE, SPREAD, DISTANCE, USE, SENTENCE = 1, 2, 3, 4, 5, 6  # columns; 0 is the sign's


class FindCourt(QWidget):
    """A table with a row a rule; rows are made once and filled again."""

    rate_chosen = Signal(float)
    sweep_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Finder court"))
        self.lines: list[CourtLine] = []
        self.text = QLabel()
        self.text.setObjectName("caption")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QPushButton()
        self.button.setObjectName("link")
        self.button.clicked.connect(self.sweep_wanted)
        title = QLabel(self.tr("Finder court"))
        title.setFont(font(bold=True))
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(title)
        head.addWidget(self.text, 1)
        head.addWidget(self.button)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(SENTENCE, 1)
        heads = {
            RULE: self.tr("rule"),
            RATE: self.tr("median rate"),
            SPREAD: self.tr("over seeds"),
            DISTANCE: self.tr("from the best"),
        }
        self._heads = {column: QLabel(word) for column, word in heads.items()}
        for column, label in self._heads.items():
            label.setFont(font(SMALL))
            label.setObjectName("caption")
            self._grid.addWidget(label, 0, column, LEFT if column == RULE else RIGHT)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column_layout.setSpacing(GRID // 2)
        column_layout.addLayout(head)
        column_layout.addLayout(self._grid)
        column_layout.addStretch(1)
        self._theme: Theme = LIGHT
        self._wide = True

    def show_rows(
        self, rows: tuple[RuleRow, ...], table: SweepTable | None, region: Region | None, sweeping: bool
    ) -> None:
        """`table` is what they are judged by, `region` what it says, `sweeping` whether it still grows."""
        for rule in range(len(self.lines), len(rows)):
            line = CourtLine(rule, self._grid)
            line.sign.set_theme(self._theme)
            line.chosen.connect(self.rate_chosen)
            self.lines.append(line)
        for row, line in zip(rows, self.lines, strict=False):
            line.show_row(row)
        for rule, line in enumerate(self.lines):
            line.set_visible(rule < len(rows), self._wide)
        for column, head in self._heads.items():
            head.setVisible(bool(rows) and (column != DISTANCE or table is not None))
        self.text.setText(court_text(table, region))
        self.button.setText(self.tr("Run the sweep") if table is None else self.tr("Continue the sweep"))
        self.button.setVisible(not sweeping and (table is None or not table.complete))
        self.setAccessibleDescription("\n".join([self.text.text(), *map(said_text, rows)]))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for line in self.lines:
            line.sign.set_theme(theme)

    def set_wide(self, wide: bool) -> None:
        """Whether there is room for sentences."""
        self._wide = wide
        for line in self.lines:
            line.set_visible(line.shown, wide)


class CourtLine(QWidget):
    """The widgets of one rule, placed in the court's grid. It is no more than their keeper and never shown itself."""

    chosen = Signal(float)

    def __init__(self, rule: int, grid: QGridLayout) -> None:
        super().__init__(grid.parentWidget())
        self.hide()
        self.shown = True
        self.sign = RuleSign(rule)
        self.title, self.rate, self.spread, self.distance, self.sentence = (QLabel() for _ in range(5))
        self.button = QPushButton()
        self.button.setObjectName("link")
        self.button.setFixedHeight(HEIGHT)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rate: float | None = None
        self.button.clicked.connect(self._choose)
        self.rate.setFont(font(bold=True, tabular=True))
        for label in (self.spread, self.distance):
            label.setFont(font(tabular=True))
        self.sentence.setWordWrap(True)
        self.sentence.setFont(font(SMALL))
        self.sentence.setObjectName("caption")
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = rule + 1
        grid.addWidget(self.sign, row, 0)
        grid.addWidget(self.title, row, RULE)
        for label, column in ((self.rate, RATE), (self.spread, SPREAD), (self.distance, DISTANCE)):
            grid.addWidget(label, row, column, RIGHT)
        grid.addWidget(self.sentence, row, SENTENCE)
        grid.addWidget(self.button, row, USE, RIGHT)

    def show_row(self, row: RuleRow) -> None:
        self._rate = row.suggestion.median
        self.title.setText(row.title)
        self.rate.setText(rate_text(row))
        self.spread.setText(spread_text(row))
        self.distance.setText(distance_text(row))
        self.sentence.setText(row.sentence)
        for label in (self.title, self.rate, self.spread, self.distance):
            label.setToolTip("\n".join(filter(None, (row.sentence, row.suggestion.rule.source))))
        self.button.setEnabled(self._rate is not None)
        self.button.setText(self.tr("Use {rate}").format(rate=rate_text(row)))
        self.button.setAccessibleName(
            self.tr("Use the rate of {rule}, {rate}").format(rule=row.title, rate=rate_text(row))
        )

    def set_visible(self, shown: bool, wide: bool) -> None:
        self.shown = shown
        for widget in (self.sign, self.title, self.rate, self.spread, self.distance, self.button):
            widget.setVisible(shown)
        self.sentence.setVisible(shown and wide)

    def _choose(self) -> None:
        if self._rate is not None:
            self.chosen.emit(float(f"{self._rate:.2g}"))  # the rate that the button names


class RuleSign(QWidget):
    """The marker by which a rule is known in the chart."""

    def __init__(self, rule: int) -> None:
        super().__init__()
        self._rule, self._theme = rule, LIGHT
        self.setFixedSize(SIGN, SIGN)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_marker(painter, self._theme, self._rule, QPointF(self.width() / 2, self.height() / 2), 5)
