from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from lrviz.views.color import oklab_from_rgb, rgb_from_hex, rgb_from_oklab
from lrviz.views.theme import DASHES, MARKERS, THEMES, Theme, font, palette, ramp_rgb, run_dashes, run_marker

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model for simulation of color vision
# deficiency", 2009: the matrices for linear RGB at full severity.
EYES = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
APART = 0.08  # in OKLab; some four times what two patches side by side need to be told apart


def linear(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def seen_by(rgb: NDArray[np.float64], eye: NDArray[np.float64]) -> NDArray[np.float64]:
    light = np.clip(linear(rgb) @ eye.T, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def contrast(a: str, b: str) -> float:
    """WCAG 2.1's contrast ratio of two colours."""
    high, low = sorted((luminance(rgb_from_hex(color)) for color in (a, b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(rgb: NDArray[np.float64]) -> float:
    return float(linear(rgb) @ np.array([0.2126, 0.7152, 0.0722]))


def hexes(rgb: NDArray[np.uint8]) -> list[str]:
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in rgb.tolist()]


@pytest.mark.parametrize(("a", "b", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)])
def test_the_contrast_used_here_is_wcags(a: str, b: str, ratio: float) -> None:
    assert contrast(a, b) == pytest.approx(ratio, abs=0.01)


@themes
def test_text_stands_out_at_least_four_and_a_half_to_one(theme: Theme) -> None:
    for text, ground in itertools.product(
        (theme.text, theme.quiet, theme.warning, theme.accent), (theme.window, theme.field, theme.raised)
    ):
        assert contrast(text, ground) >= 4.5, (text, ground)
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@themes
def test_every_run_colour_stands_out_three_to_one_from_map_and_background(theme: Theme) -> None:
    grounds = [*hexes(ramp_rgb(theme)), theme.window, theme.field, theme.raised]
    for color, ground in itertools.product(theme.runs, grounds):
        assert contrast(color, ground) >= 3, (color, ground)


@themes
@pytest.mark.parametrize("eye", EYES.values(), ids=list(EYES))
def test_the_eight_hues_are_apart_for_every_eye(theme: Theme, eye: NDArray[np.float64]) -> None:
    seen = oklab_from_rgb(seen_by(np.array([rgb_from_hex(color) for color in theme.runs]), eye))
    for a, b in itertools.combinations(range(8), 2):
        assert np.linalg.norm(seen[a] - seen[b]) >= APART, (theme.runs[a], theme.runs[b])


@themes
def test_the_ramp_goes_in_even_steps_from_low_to_high(theme: Theme) -> None:
    lab = oklab_from_rgb(ramp_rgb(theme, 16) / 255)
    steps = np.linalg.norm(np.diff(lab, axis=0), axis=1)
    assert steps.max() < 1.5 * steps.min()  # as even as eight bits a channel allow
    lightness = np.diff(lab[:, 0])
    assert (lightness > 0).all() or (lightness < 0).all()


def test_oklab_knows_white_and_comes_back_to_rgb() -> None:
    assert oklab_from_rgb(np.ones(3)) == pytest.approx([1, 0, 0], abs=1e-4)
    rgb = np.random.default_rng(0).random((50, 3))
    assert rgb_from_oklab(oklab_from_rgb(rgb)) == pytest.approx(rgb, abs=1e-6)


def test_sixteen_runs_all_look_different_without_colour_or_with_it() -> None:
    looks = {(run % 8, run_dashes(run)) for run in range(16)}
    assert len(looks) == 16
    assert len({(run % 8, run_marker(run)) for run in range(16)}) == 16
    assert len(set(DASHES)) == len(set(MARKERS)) == 8


@pytest.mark.usefixtures("qapp")
def test_a_first_run_is_a_solid_line_and_later_ones_are_dashed() -> None:
    theme = THEMES["light"]
    assert theme.run_pen(0, 2).dashPattern() == []
    assert theme.run_pen(1, 2).dashPattern() == [5, 2.5]
    assert theme.run_pen(9, 2).color() == theme.run_color(1)


@pytest.mark.usefixtures("qapp")
def test_figures_are_tabular_and_the_three_sizes_grow() -> None:
    sizes = [font(scale).pointSizeF() for scale in (0.85, 1.0, 1.4)]
    assert sizes == sorted(sizes)
    assert font(tabular=True).featureTags()


@themes
@pytest.mark.usefixtures("qapp")
def test_the_palette_takes_its_colours_from_the_theme(theme: Theme) -> None:
    made = palette(theme)
    assert made.window().color().name() == theme.window
    assert made.text().color().name() == theme.text
