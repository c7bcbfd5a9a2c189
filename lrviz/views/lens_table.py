"""The lens's figures: a row a run, and a column each for equal epochs, equal training loss, best and final."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrviz.core.lens import COLUMNS, Column, Lens, Row
from lrviz.core.scene import Scene
from lrviz.views.guard import guarded
from lrviz.views.lens_letters import letters
from lrviz.views.lens_words import epoch_text, figure_text, run_names, translated
from lrviz.views.numbers import number
from lrviz.views.panel_painting import paint_swatch, paint_text
from lrviz.views.panel_view import Letters
from lrviz.views.theme import BODY, GRID, LIGHT, SMALL, TITLE, Theme

BEST = "★"  # beside the best figure of a column, which is bold too
SWATCH = 4 * GRID  # px of a row that show its run's line and marker
COLUMN = 11 * GRID  # px a column of figures
LARGE = 1.4  # times as wide in large letters
NAME = (7 * GRID, 16 * GRID)  # px for the names of runs, least and most
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Cell:
    """A figure, and small below it when that was; `best` of its column."""

    text: str
    note: str = ""
    best: bool = False


@dataclass(frozen=True)
class Line:
    run: int
    name: str
    cells: tuple[Cell, ...]  # one a column


def lines_of(scene: Scene, lens: Lens) -> tuple[Line, ...]:
    """The table's rows in the experiment's order."""
    names = run_names(scene)
    leaders = {column: lens.leader(column) for column in COLUMNS}
    return tuple(
        Line(
            row.run,
            names[row.run],
            tuple(_cell(scene, lens, row, column, leaders[column] is row) for column in COLUMNS),
        )
        for row in lens.rows
    )


def heads_of(scene: Scene, lens: Lens, step: int) -> tuple[tuple[str, str], ...]:
    """What stands over each column, in two lines."""
    loss = "" if lens.level is None else number(lens.level)
    ended = step >= scene.steps
    return (
        (translated("equal epochs"), epoch_text(scene, _measured_at(lens, step))),
        (translated("equal loss"), loss),
        (translated("best"), "" if ended else translated("so far")),
        (translated("final"), epoch_text(scene, scene.steps)),
    )


def _measured_at(lens: Lens, step: int) -> float:
    return max((row.here.step for row in lens.rows if row.here is not None), default=float(step))


def _cell(scene: Scene, lens: Lens, row: Row, column: Column, best: bool) -> Cell:
    reading = row.reading(column)
    if reading is not None:
        note = epoch_text(scene, reading.step) if column in ("level", "best") else ""
        return Cell(figure_text(lens, reading.figure), note, best)
    if column == "level" and len(row.loss):
        return Cell("–", translated("not reached"))
    if row.overflow_step is not None:
        return Cell("–", translated("diverged"))
    return Cell("–")


class LensTable(QWidget):
    """Painted in one go; what it says is its accessible description too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Test figures of every run"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._theme: Theme = LIGHT
        self._large = False
        self.heads: tuple[tuple[str, str], ...] = ()
        self.lines: tuple[Line, ...] = ()

    def show_lens(self, scene: Scene, lens: Lens, step: int) -> None:
        self.heads, self.lines = heads_of(scene, lens, step), lines_of(scene, lens)
        self.setAccessibleDescription("\n".join(map(self._said, self.lines)))
        self.updateGeometry()
        self.update()

    def set_large(self, large: bool) -> None:
        """Large letters, where there is room."""
        if large != self._large:
            self._large = large
            self.updateGeometry()
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def _said(self, line: Line) -> str:
        cells = zip(self.heads, line.cells, strict=True)
        return f"{line.name}: " + ", ".join(
            " ".join(filter(None, (*head, cell.text, cell.note))) for head, cell in cells
        )

    def sizeHint(self) -> QSize:
        height = self._head + len(self.lines) * self._two_lines
        return QSize(int(SWATCH + self._name + len(COLUMNS) * self._column + GRID), int(height + GRID))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), int(self._head + len(self.lines) * self._one_line))

    # Sizes

    @property
    def _figures(self) -> Letters:
        return letters(TITLE if self._large else BODY)

    @property
    def _bold(self) -> Letters:
        return letters(TITLE if self._large else BODY, bold=True)

    @property
    def _notes(self) -> Letters:
        return letters(BODY if self._large else SMALL)

    @property
    def _column(self) -> float:
        return COLUMN * (LARGE if self._large else 1)

    @property
    def _name(self) -> float:
        widest = max((self._bold.width(line.name) for line in self.lines), default=0.0)
        return min(max(widest + GRID, NAME[0]), NAME[1])

    @property
    def _one_line(self) -> float:
        return self._figures.height + 2

    @property
    def _small(self) -> float:
        return self._notes.height

    @property
    def _two_lines(self) -> float:
        return self._one_line + self._small + GRID

    @property
    def _head(self) -> float:
        return self._small * 2 + GRID

    # Painting

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.lines:
                self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        left, column, theme = SWATCH + self._name, self._column, self._theme
        for place, (name, when) in enumerate(self.heads):
            room = QRectF(left + place * column, 0, column, self._small)
            painter.setFont(letters(BODY if self._large else SMALL, bold=True).font)
            painter.setPen(QColor(theme.text))
            painter.drawText(room, RIGHT, name)
            painter.setFont(self._notes.font)
            painter.setPen(QColor(theme.quiet))
            painter.drawText(room.translated(0, self._small), RIGHT, when)
        height = min(self._two_lines, (self.height() - self._head) / len(self.lines))
        for place, line in enumerate(self.lines):
            self._paint_line(painter, line, QRectF(0, self._head + place * height, self.width(), height))

    def _paint_line(self, painter: QPainter, line: Line, room: QRectF) -> None:
        theme, column, noted = self._theme, self._column, room.height() >= self._one_line + self._small
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(room.topLeft(), room.topRight())
        upper = QRectF(room.x(), room.y(), room.width(), self._one_line if noted else room.height())
        upper.translate(0, (room.height() - upper.height() - self._small) / 2 if noted else 0)
        paint_swatch(painter, theme, line.run, upper, SWATCH)
        name = self._bold.metrics.elidedText(line.name, Qt.TextElideMode.ElideRight, self._name - GRID / 2)
        paint_text(painter, upper.adjusted(SWATCH, 0, 0, 0), name, self._bold.font, theme.text)
        for place, cell in enumerate(line.cells):
            at = QRectF(SWATCH + self._name + place * column, upper.y(), column, upper.height())
            painter.setFont((self._bold if cell.best else self._figures).font)
            painter.setPen(QColor(theme.text if cell.text != "–" else theme.quiet))
            painter.drawText(at, RIGHT, f"{BEST} {cell.text}" if cell.best else cell.text)
            if noted:
                painter.setFont(self._notes.font)
                painter.setPen(QColor(theme.quiet))
                painter.drawText(QRectF(at.x(), at.bottom(), column, self._small), RIGHT, cell.note)
