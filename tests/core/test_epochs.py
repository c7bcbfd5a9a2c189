"""Steps and epochs of real data sets."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.epochs import epoch_steps, load_data, steps_per_epoch, with_epochs_of
from lrviz.core.errors import DataError
from lrviz.core.experiment import OnModel, choose
from lrviz.core.openings import first_question, opening, surface_problem


def on_digits(batch_size: int) -> OnModel:
    return OnModel(choose(catalog.models, "mlp"), choose(catalog.datasets, "digits"), batch_size)


@pytest.mark.parametrize(("batch_size", "steps"), [(64, 19), (1200, 1), (0, 1), (5000, 1), (1199, 2), (1, 1200)])
def test_an_epoch_is_one_pass_through_the_training_part(batch_size: int, steps: int) -> None:
    assert steps_per_epoch(on_digits(batch_size), seed=0) == steps


def test_the_opening_lasts_thirty_epochs() -> None:
    assert opening().steps == 30 * 19


def test_another_batch_size_keeps_the_epochs() -> None:
    before = opening()
    after = with_epochs_of(before, replace(before, problem=on_digits(32)))
    assert after.steps == 30 * 38


def test_a_length_that_was_changed_itself_is_kept() -> None:
    before = opening()
    wished = replace(before, problem=on_digits(32), steps=100)
    assert with_epochs_of(before, wished) == wished


def test_a_surface_has_no_epochs() -> None:
    assert epoch_steps(first_question(surface_problem("bowl"))) is None


def test_data_are_read_once() -> None:
    choice = choose(catalog.datasets, "digits")
    assert load_data(choice, 3) is load_data(choice, 3)


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    rows = [f"{i},{i % 2}" for i in range(40)]
    table.write_text("\n".join(["x,y", *rows]))
    choice = choose(catalog.datasets, "csv", path=str(table))
    before = len(load_data(choice, 0).train_targets)
    table.write_text("\n".join(["x,y", *rows, *rows]))
    assert len(load_data(choice, 0).train_targets) == 2 * before


def test_label_noise_is_seeded_and_leaves_the_test_labels_true() -> None:
    clean = load_data(choose(catalog.datasets, "digits"), 3)
    noisy = load_data(choose(catalog.datasets, "digits", label_noise=0.2), 3)
    assert (noisy.train_targets != clean.train_targets).sum() == 240
    assert noisy.test_targets.tobytes() == clean.test_targets.tobytes()
    other = load_data(choose(catalog.datasets, "digits", label_noise=0.2), 4)
    assert noisy.train_targets.tobytes() != other.train_targets.tobytes()


def test_another_label_noise_does_not_read_the_data_again() -> None:
    first, second = (load_data(choose(catalog.datasets, "digits", label_noise=share), 3) for share in (0.1, 0.7))
    assert first.train_inputs is second.train_inputs


def test_a_quantity_with_label_noise_is_one_line(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("x,y\n" + "".join(f"{i},{i / 7}\n" for i in range(40)))
    with pytest.raises(DataError, match="label_noise is for classes"):
        load_data(choose(catalog.datasets, "csv", path=str(table), label_noise=0.1), 0)
