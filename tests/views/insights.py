"""Insights made by hand, for tests of what draws them: nothing is trained."""

from __future__ import annotations

import numpy as np

from lrviz.core.insight import (
    INSIGHT_KINDS,
    Boundary,
    Confusion,
    Fit,
    Histograms,
    Insight,
    InsightKind,
    RunInsight,
    Studied,
    Units,
    UnitsForm,
    Wall,
)
from lrviz.core.scene import Scene

CLASSES = ("upper", "lower", "3")
WINDOW = (-2.0, 2.0, -2.0, 2.0)
RNG = np.random.default_rng(0)
SAMPLES = 80

PLANE = Studied(
    "points",
    ("x", "y"),
    CLASSES,
    bounds=WINDOW,
    train_points=RNG.uniform(-1.9, 1.9, (SAMPLES, 2)).astype(np.float32),
    test_points=RNG.uniform(-1.9, 1.9, (SAMPLES // 2, 2)).astype(np.float32),
    train_classes=RNG.integers(0, 3, SAMPLES),
    test_classes=RNG.integers(0, 3, SAMPLES // 2),
    pictures=RNG.integers(0, 256, (SAMPLES, 8, 8)).astype(np.uint8),
)
LINE = Studied("line", ("x",), (), bounds=WINDOW, train_points=PLANE.train_points, test_points=PLANE.test_points)


def boundary(shift: float = 0.0, side: int = 24) -> Boundary:
    """The left half is of the first class, the right of the second; its border stands at x = `shift`."""
    x = np.broadcast_to(np.linspace(-2, 2, side) - shift, (side, side))
    return Boundary((x > 0).astype(np.int64), np.minimum(np.abs(x), 1).astype(np.float32))


def wall(mistakes: int, pictures: int = 60) -> Wall:
    truth = np.arange(pictures) % 3
    answer = np.where(np.arange(pictures) < mistakes, (truth + 1) % 3, truth)
    return Wall(np.arange(pictures), truth, answer, np.full(pictures, 0.8, np.float32), mistakes, SAMPLES)


def confusion(classes: int = 3) -> Confusion:
    counts = 50 * np.eye(classes, dtype=np.int64)
    counts[0, 1] = 7
    return Confusion(counts)


def units(form: UnitsForm, count: int = 16) -> Units:
    shapes = {"maps": (12, 12), "curves": (40,), "pictures": (8, 8), "groups": (3,)}
    values = np.random.default_rng(1).normal(size=(count, *shapes[form])).astype(np.float32)
    return Units(form, "2", 32, values, CLASSES if form == "groups" else ())


def histograms(layers: int = 3) -> Histograms:
    names = tuple(str(2 * layer) for layer in range(layers))
    bell = np.rint(1000 * np.exp(-(np.linspace(-3, 3, 40) ** 2))).astype(np.int64)
    edges = np.tile(np.linspace(-0.5, 0.5, 41), (layers, 1))
    zeros = np.linspace(0, 1, layers)
    return Histograms(
        names, np.tile(bell, (layers, 1)), edges, np.tile(bell, (layers, 1)), np.linspace(-8, 0, 41), zeros
    )


EXAMPLES: dict[InsightKind, RunInsight] = {
    "boundary": boundary(),
    "curve": Fit(np.sin(np.linspace(-2, 2, 60)).astype(np.float32)),
    "wall": wall(7),
    "confusion": confusion(),
    "units": units("maps"),
    "weights": histograms(),
}


def insight(
    scene: Scene,
    kind: InsightKind = "boundary",
    found: RunInsight | None = None,
    *,
    step: int = 10,
    measured: int | None = None,
    kinds: tuple[InsightKind, ...] = INSIGHT_KINDS,
) -> Insight:
    """The same for every run of the scene; the example of its kind unless told."""
    runs = (found or EXAMPLES[kind],) * len(scene.traces)
    studied = LINE if kind == "curve" else PLANE
    return Insight(kind, step, step if measured is None else measured, kinds, studied, scene.traces, runs)
