"""The wheel: installed far from the checkout, it holds the program and its resources."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of a new environment that has lrviz from its wheel, and what it needs from this one."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", symlinks=os.name != "nt")
    scripts = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    # Appended to the search path after the environment's own packages; an editable lrviz in there stays out of it.
    (package,) = (folder / "env").rglob("lrviz/__init__.py")
    (package.parents[1] / "needs.pth").write_text("\n".join(site.getsitepackages()))
    return scripts


def test_lists_its_parts_from_any_folder(installed: Path, tmp_path: Path) -> None:
    answer = subprocess.run([installed / "lrviz", "list", "surfaces"], cwd=tmp_path, capture_output=True, text=True)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "rosenbrock" in answer.stdout


def test_finds_every_resource_inside_itself(installed: Path, tmp_path: Path) -> None:
    files = [file.relative_to(ROOT / "resources") for file in (ROOT / "resources").rglob("*") if file.is_file()]
    code = "import sys; from lrviz.core.resources import resource; [print(resource(n)) for n in sys.argv[1:]]"
    command = [str(installed / "python"), "-c", code, *(file.as_posix() for file in files)]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = [Path(line) for line in answer.stdout.splitlines()]
    assert len(found) == len(files) > 0
    for path, file in zip(found, files, strict=True):
        assert path.is_relative_to(installed.parent)
        assert path.read_bytes() == (ROOT / "resources" / file).read_bytes()
