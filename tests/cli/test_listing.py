"""`lrviz list`: everything in the catalog, with what --set takes."""

from __future__ import annotations

import json

import pytest

from lrviz.cli import main
from lrviz.core.catalog import REGISTRIES


@pytest.mark.parametrize("kind", REGISTRIES)
def test_a_list_names_every_part_what_it_teaches_and_each_parameter(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", kind]) == 0
    text = capsys.readouterr().out
    for part in REGISTRIES[kind]:
        assert f"{part.name} " in text
        assert part.title in text
        assert part.teaches in text
        assert all(f".{parameter.name}=" in text for parameter in part.parameters)


def test_a_parameter_stands_as_set_takes_it_with_its_range_and_hint(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "surfaces"])
    line = next(line for line in capsys.readouterr().out.splitlines() if "surface.b=" in line)
    assert line.split(maxsplit=4) == ["surface.b=100", "1", "to", "200", "how steep the valley's walls are"]


@pytest.mark.parametrize("kind", ["models", "optimizers"])
def test_the_settings_that_a_list_shows_are_settings_that_run_understands(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from lrviz.cli.settings import PARTS, with_settings
    from lrviz.core.experiment import choose

    main(["list", kind])
    shown = [
        line.split()[0] for line in capsys.readouterr().out.splitlines() if "=" in line.partition("  ")[2].strip()[:40]
    ]
    prefix = {"models": "model", "optimizers": "optimizer"}[kind]
    parts = [part for part in REGISTRIES[kind] if part.parameters]
    settings = iter([setting for setting in shown if setting.startswith(f"{prefix}.")])
    for part in parts:
        chosen = choose(PARTS[prefix], part.name)
        own = [next(settings) for _ in part.parameters]
        assert with_settings({prefix: chosen}, own) == {prefix: chosen}
    assert next(settings, None) is None


@pytest.mark.parametrize("kind", REGISTRIES)
def test_a_list_as_json_holds_the_same(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", kind, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [part["name"] for part in listed] == REGISTRIES[kind].names()
    for fields, part in zip(listed, REGISTRIES[kind], strict=True):
        assert list(fields) == ["name", "title", "teaches", "parameters"]
        assert [parameter["name"] for parameter in fields["parameters"]] == [p.name for p in part.parameters]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["list"], "surfaces optimizers schedules datasets models"),
        (["list", "surface"], "did you mean 'surfaces'?"),
        (["list", "lessons"], "it has surfaces, optimizers"),
        (["list", "models", "mlp"], "'mlp' is one argument too many"),
        (["list", "models", "--jsom"], "did you mean --json?"),
    ],
)
def test_a_list_of_nothing_known_is_one_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1
