from __future__ import annotations

import itertools

import pytest

from lrviz.views.panel_layout import GAP, Grid, Room, Shape, arrange

SQUARE = Shape(ideal=(1.0, 1.0), limits=(0.8, 1.3))
FREE = Shape(ideal=(0.9, 1.7), limits=(0.6, 2.4))
ROOM = Room(title_and_badge=260, title=160, small_title_and_badge=200, small_title=100)
SIZES = [(1020, 420), (1640, 720), (600, 900)]


def grid_of(count: int, size: tuple[int, int] = SIZES[0], shape: Shape = SQUARE, *, editable: bool = True) -> Grid:
    return arrange(count, *size, shape, ROOM, editable=editable, more=editable and count < 16)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [SQUARE, FREE])
@pytest.mark.parametrize("count", range(1, 17))
def test_panels_are_alike_apart_inside_and_on_one_grid(count: int, shape: Shape, size: tuple[int, int]) -> None:
    grid = grid_of(count, size, shape)
    assert len(grid.panels) == count
    assert len({panel.size().toTuple() for panel in grid.panels}) == 1
    for panel in grid.panels:
        assert panel.left() >= 0
        assert panel.top() >= 0
        assert panel.right() < size[0]
        assert panel.bottom() < size[1]
    for a, b in itertools.combinations(grid.panels, 2):
        assert not a.adjusted(0, 0, GAP - 1, GAP - 1).intersects(b)
    assert len({panel.x() for panel in grid.panels}) == min(count, grid.columns)


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (3, 3), (4, 4), (6, 3), (8, 4), (12, 6), (16, 8)])
def test_a_wide_window_takes_the_columns_that_make_its_maps_largest(count: int, columns: int) -> None:
    assert grid_of(count).columns == columns


def test_sixteen_panels_stand_four_by_four_where_the_window_is_about_square() -> None:
    assert grid_of(16, (1000, 1000)).columns == 4
    assert grid_of(4, (700, 800)).columns == 2


def test_no_other_grid_makes_its_maps_larger() -> None:
    for count in (2, 3, 4, 9, 16):
        best = grid_of(count, (900, 700), editable=False).map_size
        for columns in range(1, count + 1):
            rows = -(-count // columns)
            if rows * columns == count:
                width, height = (900 - GAP * (columns - 1)) // columns, (700 - GAP * (rows - 1)) // rows - 32
                side = min(width, height)
                assert best.width() * best.height() >= 0.95 * side * side


@pytest.mark.parametrize("count", range(1, 17))
def test_a_map_keeps_its_shape(count: int) -> None:
    size = grid_of(count).map_size
    assert 0.78 <= size.width() / size.height() <= 1.33


@pytest.mark.parametrize("count", range(1, 16))
def test_there_is_room_for_another_run_and_no_panel_stands_in_it(count: int) -> None:
    grid = grid_of(count)
    assert grid.vacancy is not None
    assert not any(panel.intersects(grid.vacancy) for panel in grid.panels)
    if count % grid.columns == 0:
        assert grid.vacancy.width() == 24  # a strip, not a cell


def test_a_full_board_asks_for_no_more() -> None:
    assert grid_of(16).vacancy is None
    assert grid_of(4, editable=False).vacancy is None


@pytest.mark.parametrize("count", [1, 5, 16])
@pytest.mark.parametrize("size", [(0, 0), (1, 1), (30, 20), (200, 3000), (3000, 40)])
def test_no_window_is_too_small_to_lay_out(count: int, size: tuple[int, int]) -> None:
    grid = grid_of(count, size)
    assert all(panel.width() >= 1 and panel.height() >= 1 for panel in grid.panels)
    assert grid.map_size.width() >= 1
    assert grid.map_size.height() >= 1


@pytest.mark.parametrize("count", [1, 4, 8, 16])
def test_title_badge_map_and_slider_fill_a_panel_without_overlap(count: int) -> None:
    grid = grid_of(count)
    title, badge, area, slider = grid.title(0), grid.badge_line(0), grid.map(0), grid.slider(0)
    assert title.height() + badge.height() + area.height() + slider.height() == grid.panels[0].height()
    assert area.top() == title.bottom() + 1 + badge.height()
    assert slider.top() == area.bottom() + 1
    assert slider.bottom() == grid.panels[0].bottom()


def test_a_picture_leaves_no_line_for_sliders() -> None:
    assert grid_of(4, editable=False).lines.slider == 0


def test_a_narrow_panel_gives_the_badge_its_own_line_and_a_wide_one_does_not() -> None:
    assert grid_of(4).lines.badge > 0
    assert grid_of(2).lines.badge == 0
