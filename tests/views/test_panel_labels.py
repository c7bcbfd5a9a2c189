"""What is written on a map keeps clear of what stands there."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from lrviz.views.panel_labels import Label, clear_of, way_clear_of
from lrviz.views.panel_view import fonts

MIDDLE = 100.0


def label(left: float, top: float, on_map: bool = True) -> Label:
    rect = QRectF(left, top, 80, 15)
    return Label("outside", rect, rect.toAlignedRect(), fonts(small=True).small, "black", on_map)


def test_a_label_moves_towards_the_middle_until_it_is_clear(qapp: object) -> None:
    upper, under, foot = label(0, 4), label(0, 24), label(0, 180)
    moved = clear_of(label(10, 8), (upper, under, foot), MIDDLE)
    assert moved.rect.left() == 10
    assert under.rect.bottom() < moved.rect.top() < MIDDLE
    moved = clear_of(label(10, 184), (upper, under, foot), MIDDLE)
    assert MIDDLE < moved.rect.bottom() < foot.rect.top()
    assert moved.area.center() == moved.rect.toAlignedRect().center()


def test_a_label_that_is_clear_stays_and_words_above_the_map_are_not_in_its_way(qapp: object) -> None:
    free = label(10, 60)
    assert clear_of(free, (label(0, 4), label(0, 58, on_map=False)), MIDDLE) is free


def test_a_shape_goes_past_all_that_stands_in_its_way_and_no_farther_than_that(qapp: object) -> None:
    upper, under, foot = label(0, 4), label(0, 24), label(0, 180)
    shape = QRectF(10, 8, 10, 10)
    assert way_clear_of(shape, (upper, under, foot), MIDDLE) == under.rect.bottom() + 4 - shape.top()
    low = shape.translated(0, 180)
    assert way_clear_of(low, (upper, under, foot), MIDDLE) == foot.rect.top() - 4 - low.bottom()
    assert way_clear_of(shape.translated(200, 0), (upper, under, foot), MIDDLE) == 0
