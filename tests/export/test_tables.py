"""The CSV table of a race."""

from __future__ import annotations

import csv
import io

from lrviz.core.scene import Scene
from lrviz.export.tables import scene_to_csv
from tests.export.scenes import model_scene, surface_scene


def rows_of(scene: Scene) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(scene_to_csv(scene).decode(), newline="")))


def test_a_table_has_a_header_and_one_row_a_run_and_step_up_to_the_run_s_end() -> None:
    text = scene_to_csv(surface_scene()).decode()
    assert text.startswith("run,lr,step,loss,rate,x,y\r\n0,0.001,0,4.0,0.001,0.0,1.0\r\n")
    rows = rows_of(surface_scene())
    assert [(row["run"], row["step"]) for row in rows] == [
        *(("0", str(step)) for step in range(4)),
        *(("1", str(step)) for step in range(3)),
    ]


def test_numbers_read_back_are_the_numbers_that_were_written() -> None:
    scene = surface_scene()
    rows = rows_of(scene)
    assert [float(row["loss"]) for row in rows[:4]] == scene.traces[0].loss.tolist()
    assert rows[-1]["loss"] == rows[-1]["y"] == "inf"


def test_a_metric_is_empty_where_it_was_not_measured() -> None:
    rows = rows_of(model_scene())
    assert list(rows[0])[5:] == ["train_loss", "test_loss", "train_accuracy", "test_accuracy"]
    assert [row["test_accuracy"] for row in rows[5:]] == ["0.0625", "", "0.3125", "", "0.5625"]
