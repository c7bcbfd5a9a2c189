from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from lrviz.views.lens_names import place_names

ROOM = QRectF(0, 0, 200, 100)
SIZE = (30.0, 12.0)


def test_a_name_stands_right_of_its_mark_or_left_where_the_room_ends() -> None:
    right, left = place_names([SIZE, SIZE], [QPointF(50, 50), QPointF(190, 20)], ROOM)
    assert right is not None
    assert left is not None
    assert right.left() > 50
    assert left.right() < 190


def test_names_keep_clear_of_marks_and_of_one_another() -> None:
    ends = [QPointF(100, 50), QPointF(112, 50), QPointF(100, 62), QPointF(88, 50)]
    placed = [place for place in place_names([SIZE] * 4, ends, ROOM) if place is not None]
    assert not any(place.contains(end) for place in placed for end in ends)
    assert not any(one.intersects(other) for one in placed for other in placed if one is not other)


def test_a_name_without_room_is_left_out() -> None:
    assert place_names([(300.0, 12.0)], [QPointF(50, 50)], ROOM) == [None]
    assert place_names([SIZE] * 5, [QPointF(100, 50)] * 5, ROOM)[-1] is None
