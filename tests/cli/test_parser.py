"""Arguments as people type them, and one line for those that nobody can mean."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from lrviz.cli.options import Options, add_picture, add_question, question_from
from lrviz.cli.outputs import FORMATS, check_outputs
from lrviz.cli.parser import Parser, UsageError
from lrviz.core.errors import LrvizError


def options(*arguments: str) -> Options:
    parser = Parser(prog="lrviz run")
    add_question(parser)
    return question_from(parser.parse(arguments))


def test_no_arguments_say_nothing() -> None:
    assert options() == Options()


def test_every_option_has_its_field() -> None:
    typed = {
        "--surface bowl": Options(surface="bowl"),
        "--expression x**2": Options(expression="x**2"),
        "--bounds -3 3 -2e0 .2": Options(bounds=(-3.0, 3.0, -2.0, 0.2)),
        "--model mlp": Options(model="mlp"),
        "--data own.csv": Options(data="own.csv"),
        "--target kind": Options(target="kind"),
        "--optimizer adam": Options(optimizer="adam"),
        "--schedule cosine": Options(schedule="cosine"),
        "--set a.b=1 --set c=d=e": Options(settings=("a.b=1", "c=d=e")),
        "--lr 0.1 --lr 1e-3 --lr=.5": Options(lrs=(0.1, 0.001, 0.5)),
        "--start -1.2 1": Options(start=(-1.2, 1.0)),
        "--steps 200": Options(steps=200),
        "--epochs 0.5": Options(epochs=0.5),
        "--batch-size 0": Options(batch_size=0),
        "--seed 1e3": Options(seed=1000),
    }
    for arguments, expected in typed.items():
        assert options(*arguments.split()) == expected
    said = {field.name for value in typed.values() for field in fields(value) if getattr(value, field.name)}
    assert said | {"batch_size"} == {field.name for field in fields(Options)}


@pytest.mark.parametrize("written", ["-1", "-1.", "-.5", "-1.2", "-1e-3", "-1E+3", "1e-3", "+1"])
def test_numbers_below_zero_are_numbers_not_options(written: str) -> None:
    assert options("--start", written, written).start == (float(written), float(written))
    assert options("file.json", "--bounds", written, written, written, written, "--steps", "5").steps == 5


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--optimiser adam", "no option --optimiser; did you mean --optimizer?"),
        ("--batchsize=3", "no option --batchsize; did you mean --batch-size?"),
        ("--zzz", "no option --zzz; `lrviz run --help` shows what there is"),
        ("--step 5", "no option --step; did you mean --steps?"),
        ("a.json b.json", "'b.json' is one argument too many"),
        ("--lr", "--lr: expected one argument"),
        ("--lr 0,001", "point, for example 0.001"),
        ("--lr 0", "above 0"),
        ("--lr=-0.1", "above 0"),
        ("--lr nan", "no number"),
        ("--lr 1e999", "above 0"),
        ("--lr fast", "0.001 or 1e-3"),
        ("--start 1", "--start: expected 2 arguments"),
        ("--start 1 nan", "'nan' is not a number"),
        ("--start 1 1e999", "is not a number"),
        ("--steps 1.5", "'1.5' is not a whole number"),
        ("--steps many", "'many' is not a whole number"),
        ("--steps 1e999", "is not a whole number"),
        ("--epochs five", "'five' is not a number"),
    ],
)
def test_what_nobody_can_mean_is_one_line(arguments: str, says: str) -> None:
    with pytest.raises(UsageError) as error:
        options(*arguments.split())
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_picture_s_options_have_defaults_and_limits() -> None:
    parser = Parser(prog="lrviz run")
    add_picture(parser)
    found = parser.parse([])
    assert (found.size, found.scale, found.theme, found.step) == ((1280, 800), 1, "light", None)
    found = parser.parse(["--size", "1920x1080", "--scale", "4", "--theme", "dark", "--step", "0"])
    assert (found.size, found.scale, found.theme, found.step) == ((1920, 1080), 4, "dark", 0)
    for wrong in (
        "--size 10x10",
        "--size 99999x800",
        "--size large",
        "--scale 5",
        "--scale 0",
        "--theme blue",
        "--step -1.5",
    ):
        with pytest.raises(UsageError):
            parser.parse(wrong.split())


def test_the_ending_says_the_format_in_any_case(tmp_path: Path) -> None:
    check_outputs([tmp_path / f"race{ending}" for known in FORMATS for ending in (known, known.upper())])


@pytest.mark.parametrize("name", ["race.jpg", "race", "race.png.txt", ".png", "race.", "csv"])
def test_another_ending_is_refused_with_those_that_are_known(name: str, tmp_path: Path) -> None:
    with pytest.raises(LrvizError, match=r"ends in \.png, \.csv, \.json"):
        check_outputs([tmp_path / "race.png", tmp_path / name])
