"""The rules of the house, checked by their own tools, and what only a running program can show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

TOOLS = {
    "ruff finds nothing": "ruff check --quiet",
    "ruff would lay nothing out anew": "ruff format --check --quiet",
    "mypy finds nothing": "mypy --no-error-summary",
}


LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint(['--no-logo'])"


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", TOOLS.values(), ids=TOOLS.keys())
def test_rules_of_the_house(command: str) -> None:
    answer = python("-m", *command.split())
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_room_imports_only_what_stands_below_it() -> None:
    answer = python("-c", LINT_IMPORTS)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    "code",
    [
        "from lrviz.core import catalog; [registry.names() for registry in catalog.REGISTRIES.values()]",
        "import lrviz.cli",
    ],
    ids=["the whole catalog", "the command line"],
)
def test_is_there_before_torch_and_qt_are(code: str) -> None:
    answer = python("-c", f"{code}; import sys; print(sorted({{'torch', 'PySide6'}} & set(sys.modules)))")
    assert (answer.stdout, answer.stderr) == ("[]\n", "")


def test_views_are_there_without_torch() -> None:
    modules = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in (ROOT / "lrviz/views").glob("*.py")]
    answer = python("-c", f"import {', '.join(modules)}, sys; print('torch' in sys.modules)")
    assert (answer.stdout, answer.stderr) == ("False\n", "")
