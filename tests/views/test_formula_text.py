from __future__ import annotations

import pytest

from lrviz.views.formula_text import rich_from_formula


@pytest.mark.parametrize(
    ("formula", "html"),
    [
        ("m ← β₁ m", "<i>m</i> ← <i>β</i>₁ <i>m</i>"),
        ("max(a, b)", "max(<i>a</i>, <i>b</i>)"),
        ("m\u0302 / √v\u0302", "<i>m\u0302</i> / √<i>v\u0302</i>"),
        ("ηg", "<i>ηg</i>"),
        ("a < b & c", "<i>a</i> &lt; <i>b</i> &amp; <i>c</i>"),
        ("", ""),
    ],
)
def test_quantities_are_in_italics_and_words_upright(formula: str, html: str) -> None:
    assert rich_from_formula(formula) == html
