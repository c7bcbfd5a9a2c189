from __future__ import annotations

from lrviz.views.figures import Figures


def test_figures_are_told_of_the_step_at_which_their_turn_came() -> None:
    figures = Figures(lambda run, step: (run, step))
    figures.begin(3, 0)
    assert figures.turn(5, slice(0, None, 2))
    assert [figures.of(run) for run in range(3)] == [(0, 5), (1, 0), (2, 5)]
    assert figures.turn(5)
    assert not figures.turn(5)
    assert figures.of(1) == (1, 5)


def test_what_was_told_is_kept_until_it_is_forgotten() -> None:
    asked: list[int] = []

    def tell(run: int, step: int) -> int:
        asked.append(run)
        return step

    figures = Figures(tell)
    figures.begin(1, 7)
    assert (figures.of(0), figures.of(0), asked) == (7, 7, [0])
    figures.forget()
    figures.of(0)
    assert asked == [0, 0]
