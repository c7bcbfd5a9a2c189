"""The table that a person reads."""

from __future__ import annotations

from dataclasses import replace

from lrviz.cli.report import report
from tests.export.scenes import model_scene, surface_scene


def test_a_surface_s_table_has_the_final_loss_and_the_reason() -> None:
    assert report(surface_scene()).splitlines() == [
        "Rosenbrock · SGD · 3 steps",
        " rate  verdict   final loss  why",
        "0.001  crawling         0.1  0.1 at the end",
        "  0.1  diverged           ∞  inf at step 2",
        "same start · a3f9c2",
    ]


def test_a_model_s_table_has_the_loss_and_the_test_accuracy() -> None:
    lines = report(replace(model_scene(), note="rows run in turn")).splitlines()
    assert lines[0].endswith("MLP 64-32 · Adam · Cosine · 4 steps")
    assert lines[1:] == [
        " rate  verdict      train loss  test accuracy  why",
        "  0.1  oscillating       0.531         53.1 %  up and down",
        "0.001  converged         0.562         56.2 %  test accuracy 56.2 %",
        "same start, same batches · 0badc0",
        "rows run in turn",
    ]
