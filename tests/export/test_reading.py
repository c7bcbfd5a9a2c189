"""Experiments come back from every file that lrviz writes, and anything else is one line."""

from __future__ import annotations

import json
import os
import struct
import zlib
from pathlib import Path

import pytest

from lrviz.core.errors import ExperimentError
from lrviz.core.experiment_file import experiment_to_fields, experiment_to_json
from lrviz.export.png_text import KEYWORD, MOST_TEXT, SIGNATURE, png_with_text, text_from_png
from lrviz.export.reading import MOST_BYTES, experiment_from_file
from lrviz.export.results import result_to_json
from tests.export.scenes import model_scene, surface_scene


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tiny_png() -> bytes:
    """One grey pixel."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return SIGNATURE + header + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def test_an_experiment_comes_back_from_an_experiment_file_a_result_and_a_picture(tmp_path: Path) -> None:
    for scene in (surface_scene(), model_scene()):
        written = experiment_to_json(scene.experiment)
        files = {
            "experiment.json": written,
            "result.json": result_to_json(scene).encode(),
            "picture.png": png_with_text(tiny_png(), written),
        }
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
            assert experiment_from_file(tmp_path / name) == scene.experiment


def test_text_in_a_picture_is_whatever_it_was_beyond_ascii_too() -> None:
    assert text_from_png(png_with_text(tiny_png(), "(a − x)²".encode())) == "(a − x)²".encode()


def test_a_picture_with_text_is_the_same_picture_for_other_readers() -> None:
    from PySide6.QtGui import QImage

    image = QImage.fromData(png_with_text(tiny_png(), b"{}"))
    assert (image.width(), image.pixelColor(0, 0).red()) == (1, 128)
    assert image.text(KEYWORD.decode()) == "{}"


def hostile_pictures() -> dict[str, bytes]:
    good = png_with_text(tiny_png(), experiment_to_json(surface_scene().experiment))
    huge = chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + b" " * (MOST_TEXT + 1))
    return {
        "without an experiment": tiny_png(),
        "nothing but a signature": SIGNATURE,
        "cut off within the text": good[:200],
        "a length beyond the end": SIGNATURE + b"\xff\xff\xff\xff" + b"iTXt" + KEYWORD,
        "a text too long": SIGNATURE + huge,
        "one bit turned": good.replace(b"rosenbrock", b"rosenbrocj"),
        "no experiment under the keyword": png_with_text(tiny_png(), b"[1, 2]"),
        "broken JSON under the keyword": png_with_text(tiny_png(), b"{"),
    }


@pytest.mark.parametrize("name", hostile_pictures())
def test_a_picture_that_holds_no_experiment_is_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(hostile_pictures()[name])
    assert_one_line(path)


def hostile_experiments() -> dict[str, bytes]:
    fields = experiment_to_fields(surface_scene().experiment)
    model = experiment_to_fields(model_scene().experiment)

    def changed(**changes: object) -> bytes:
        return json.dumps({**fields, **changes}).encode()

    def problem(**changes: object) -> bytes:
        return json.dumps({**model, "problem": {**model["problem"], **changes}}).encode()

    return {
        "empty": b"",
        "garbage": os.urandom(1000),
        "an array": b"[]",
        "an empty object": b"{}",
        "cut off": changed()[:-5],
        "NaN": changed(steps=float("nan")),
        "not UTF-8": b'{"format": "\xff"}',
        "nested without end": b'{"experiment":' * 100_000,
        "an experiment that is a number": b'{"experiment": 1}',
        "an unknown version": changed(version=2),
        "a field more": changed(surprise=1),
        "a field of two lines": changed(**{"first\nsecond": 1}),
        "a surface of two lines": changed(problem={"surface": "rosen\nbrock", "start": [0, 0]}),
        "a surface that is a list": changed(problem={"surface": [1], "start": [0, 0]}),
        "an unknown surface": changed(problem={"surface": "__import__('os')", "start": [0, 0]}),
        "a start of three": changed(problem={"surface": "rosenbrock", "start": [0, 0, 0]}),
        "a start at infinity": changed(problem={"surface": "rosenbrock", "start": [0, 1e999]}).replace(
            b"Infinity", b"1e999"
        ),
        "a parameter called registry": changed(optimizer={"name": "sgd", "registry": 1}),
        "a parameter called self": changed(optimizer={"name": "sgd", "self": 1}),
        "a parameter of 400 figures": changed(problem={"surface": "rosenbrock", "start": [0, 0], "b": 10**400}),
        "a parameter that is an object": changed(problem={"surface": "rosenbrock", "start": [0, 0], "b": {}}),
        "no runs": changed(runs=[]),
        "a negative rate": changed(runs=[{"lr": -1}]),
        "a rate of 400 figures": changed(runs=[{"lr": 10**400}]),
        "too many runs": changed(runs=[{"lr": 0.1}] * 5000),
        "steps without end": changed(steps=10**30),
        "a negative seed": changed(seed=-1),
        "a batch of -1": problem(batch_size=-1),
        "a batch of text": problem(batch_size="64"),
        "hidden layers without end": problem(hidden=[64] * 10_000),
        "hidden layers of no width": problem(hidden=[0]),
        "data that is a path": problem(data="../../../etc/passwd"),
        "no optimizer name": changed(optimizer={}),
        "an optimizer that is text": changed(optimizer="sgd"),
    }


@pytest.mark.parametrize("name", hostile_experiments())
def test_a_file_that_is_no_experiment_is_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / "experiment.json"
    path.write_bytes(hostile_experiments()[name])
    assert_one_line(path)


def test_what_is_no_file_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with (tmp_path / "large.json").open("wb") as large:
        large.truncate(MOST_BYTES + 1)
    for path in (tmp_path, tmp_path / "gone.json", tmp_path / "pipe.json", tmp_path / "large.json", Path("/dev/zero")):
        assert_one_line(path)


def assert_one_line(path: Path) -> None:
    with pytest.raises(ExperimentError) as error:
        experiment_from_file(path)
    line = str(error.value)
    assert line.startswith(str(path))
    assert "\n" not in line
    assert len(line) < len(str(path)) + 400
