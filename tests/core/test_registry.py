"""Finding parts: the files of a package, other distributions' entry points, and the nearest name to a wrong one."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lrviz.core import catalog
from lrviz.core.errors import ParameterError, UnknownPartError
from lrviz.core.registry import Part, Registry

ROOT = Path(__file__).parents[2]

Make = Callable[..., Registry[Part]]


def valley(x: float, depth: float = 1.0) -> float:
    """A valley.

    More about it.
    """
    return depth * x


def hill(x: float) -> float:
    """A hill."""
    return -x


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """make(files, entry_points): the registry of a fresh package with these files, beside a distribution."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(files: dict[str, str] | None = None, entry_points: str = "") -> Registry[Part]:
        (tmp_path / "room").mkdir()
        (tmp_path / "room" / "__init__.py").write_text(
            "from lrviz.core.registry import Part, Registry\n"
            "registry = Registry('part', 'parts', 'room', Part, ('x',))\n"
        )
        for name, text in (files or {}).items():
            (tmp_path / f"{name}.py").write_text(text)
        info = tmp_path / "other-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[room]\n{entry_points}\n")
        registry = importlib.import_module("room").registry
        assert isinstance(registry, Registry)
        return registry

    yield make
    for name in [name for name in sys.modules if name.partition(".")[0] in ("room", "elsewhere")]:
        del sys.modules[name]


@pytest.fixture
def registry(make: Make) -> Registry[Part]:
    return make()


def entering(name: str) -> str:
    """The text of a file that enters one part."""
    return f"from room import registry\n\n@registry.register({name!r}, title='T')\ndef {name}(x, a: float = 1.0): ...\n"


def test_a_part_knows_its_factory_its_form_and_the_first_line_of_what_it_says(registry: Registry[Part]) -> None:
    assert registry.register("valley", title="Valley")(valley) is valley
    part = registry.find("valley")
    assert (part.name, part.title, part.teaches) == ("valley", "Valley", "A valley.")
    assert part.factory is valley
    assert [parameter.name for parameter in part.parameters] == ["depth"]


def test_settings_are_the_defaults_but_for_what_is_given(registry: Registry[Part]) -> None:
    registry.register("valley", title="Valley")(valley)
    part = registry.find("valley")
    assert part.settings({}) == {"depth": 1.0}
    assert part.settings({"depth": 3}) == {"depth": 3.0}
    with pytest.raises(ParameterError, match=r"valley has no parameter 'dept'; did you mean 'depth'\?"):
        part.settings({"dept": 3})
    with pytest.raises(ParameterError, match="valley: depth is 'deep'; it is a number"):
        part.settings({"depth": "deep"})


def test_a_wrong_name_is_answered_with_the_nearest(registry: Registry[Part]) -> None:
    registry.register("valley", title="Valley")(valley)
    with pytest.raises(UnknownPartError, match=r"no part called 'valey'; did you mean 'valley'\?; `lrviz list parts`"):
        registry.find("valey")
    with pytest.raises(UnknownPartError, match="no part called 'zzz'; it has valley;"):
        registry.find("zzz")
    with pytest.raises(UnknownPartError, match=r"no part called 'a\\nb'"):
        registry.find("a\nb")


def test_the_first_of_two_parts_of_one_name_stays(registry: Registry[Part]) -> None:
    registry.register("it", title="Valley")(valley)
    with pytest.raises(ValueError, match="two parts are called 'it'; the first stays"):
        registry.register("it", title="Hill")(hill)
    assert registry.find("it").factory is valley
    registry.register("it", title="Valley again")(valley)  # its own file, read again
    assert registry.find("it").title == "Valley again"


def test_a_part_that_is_lent_has_a_name_of_its_own(make: Make) -> None:
    registry = make({"room/ant": entering("ant")})
    assert [registry.lend("ant", "Ant", factory) for factory in (valley, hill)] == ["ant_2", "ant_3"]
    assert registry.lend("bee", "Bee", hill) == "bee"
    assert registry.find("ant_2").factory is valley
    assert [part.title for part in registry] == ["T", "Ant 2", "Ant 3", "Bee"]
    assert registry.find("ant_2").settings({}) == {"depth": 1.0}


def test_every_file_of_the_package_is_found_and_names_are_in_order(make: Make) -> None:
    registry = make({"room/zebra": entering("zebra"), "room/ant": entering("ant"), "room/helper": "VALUE = 1\n"})
    assert registry.names() == ["ant", "zebra"]
    assert [part.name for part in registry] == ["ant", "zebra"]
    assert "ant" in registry
    assert "bee" not in registry


def test_another_distribution_adds_a_part_by_an_entry_point(make: Make) -> None:
    registry = make({"room/ant": entering("ant"), "elsewhere": entering("bee")}, "bee = elsewhere")
    assert registry.names() == ["ant", "bee"]


@pytest.mark.parametrize(
    ("entry_point", "elsewhere"),
    [
        ("bad = no_such_module_at_all", ""),
        ("bad = elsewhere:nothing", ""),
        ("bad = elsewhere", "raise RuntimeError('two\\nlines')"),
        ("bad = elsewhere", entering("ant")),  # a name that is taken
    ],
)
def test_an_entry_point_that_does_not_load_is_a_warning_of_one_line(
    make: Make, entry_point: str, elsewhere: str
) -> None:
    registry = make({"room/ant": entering("ant"), "elsewhere": elsewhere}, entry_point)
    with pytest.warns(UserWarning, match=r"part 'bad' of .* does not load: ") as caught:
        assert registry.names() == ["ant"]
    assert len(caught) == 1
    assert "\n" not in str(caught[0].message)
    assert registry.find("ant").factory.__module__ == "room.ant"
    assert registry.names() == ["ant"]  # told once


def test_a_second_thread_waits_until_all_parts_are_there(make: Make) -> None:
    slow = f"import threading\nthreading.Event().wait(0.05)\n{entering('ant')}"
    registry = make({"room/ant": slow, "room/bee": entering("bee")})
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(registry.names) for _ in range(4)]
    assert [future.result() for future in found] == [["ant", "bee"]] * 4


def test_the_whole_catalog_is_known_without_torch_or_qt() -> None:
    code = (
        "import sys; from lrviz.core import catalog; "
        "assert all(list(registry) for registry in catalog.REGISTRIES.values()); "
        "heavy = {'torch', 'PySide6', 'sklearn', 'matplotlib'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=ROOT)


def test_the_parts_to_begin_with_are_here() -> None:
    expected = {
        "surfaces": {"bowl", "stretched_bowl", "rosenbrock", "himmelblau", "beale", "saddle"},
        "optimizers": {"sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"},
        "schedules": {"constant", "step", "cosine", "warmup"},
        "models": {"linear", "logistic", "mlp", "mlp_batchnorm", "mlp_dropout", "cnn", "rnn", "transformer"},
        "datasets": {"digits", "breast_cancer", "diabetes", "moons", "csv"},
    }
    for plural, names in expected.items():
        assert names <= set(catalog.REGISTRIES[plural].names())


@pytest.mark.parametrize("registry", catalog.REGISTRIES.values(), ids=catalog.REGISTRIES)
def test_titles_are_told_apart_and_lessons_are_one_sentence(registry: Registry[Any]) -> None:
    parts = list(registry)
    assert len({part.title for part in parts}) == len(parts)
    for part in parts:
        assert part.name.isidentifier()
        assert part.name == part.name.lower()
        assert part.title[0].isupper()
        assert part.teaches.endswith((".", "?"))
