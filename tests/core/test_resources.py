"""Files that travel with the program are found, and a missing one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrviz.core import resources
from lrviz.core.resources import resource


def test_a_checkout_has_its_resources_beside_the_package() -> None:
    found = resource("data/digits.csv.gz")
    assert found.is_file()
    assert found.parents[2] == Path(resources.__file__).parents[2]


def test_a_wheel_has_its_resources_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "lrviz"
    (package / "resources").mkdir(parents=True)
    (package / "resources" / "note.txt").write_text("inside")
    (package.parent / "resources").mkdir()  # another distribution's
    (package.parent / "resources" / "note.txt").write_text("beside")
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resource("note.txt").read_text() == "inside"


def test_a_missing_resource_is_named_in_one_line() -> None:
    with pytest.raises(FileNotFoundError, match=r"^data/nowhere\.csv is missing from .*resources; .*$"):
        resource("data/nowhere.csv")
