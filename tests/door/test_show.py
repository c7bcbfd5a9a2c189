"""A comparison in the window; and what importing lrviz loads, and what other distributions bring."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import lrviz
from lrviz.app.window import Window
from tests.door.handed import Pictures, compared, pictures

ROOT = Path(__file__).parents[2]

EXAMPLE = """\
import torch
import lrviz

x = torch.rand(1000, 2) * 2 - 1
inside = (x.norm(dim=1) < 0.7).long()  # whole numbers are classes
net = torch.nn.Sequential(torch.nn.Linear(2, 32), torch.nn.Tanh(), torch.nn.Linear(32, 2))

race = lrviz.compare(net, (x, inside), lrs=[1.0, 0.01, 0.0001], optimizer="adam", epochs=30)
print(race)  # what became of each rate, and why
print(race.traces[1].loss[-1], race.traces[1].metrics["test_accuracy"][-1])
lrviz.show(race)  # the window, on this very network
"""


@pytest.fixture
def closed_when_judged(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[list[tuple[str, int]]]:
    """The window that opens is closed as soon as its race has verdicts: its title, and how many rows it had."""
    seen: list[tuple[str, int]] = []
    monkeypatch.setattr("lrviz.app.main.state_path", lambda: tmp_path / "view.json")
    monkeypatch.setattr("lrviz.app.main.load_geometry", lambda: None)
    monkeypatch.setattr("lrviz.app.main.save_geometry", lambda _: None)

    def close() -> None:
        for window in qapp.topLevelWidgets():
            if isinstance(window, Window) and window.isVisible() and window.scene and window.scene.verdicts:
                seen.append((window.windowTitle(), window.scene.rows))
                window.close()

    timer = QTimer()
    timer.timeout.connect(close)
    timer.start(20)
    yield seen
    timer.stop()


def test_show_opens_the_window_on_the_race_and_leaves_all_else_as_it_was(
    closed_when_judged: list[tuple[str, int]], qapp: QApplication
) -> None:
    before = torch.get_num_threads(), sys.getswitchinterval(), qapp.quitOnLastWindowClosed()
    race = compared(Pictures(), pictures(), steps=8)
    lrviz.show(race)
    lrviz.show(race)
    assert closed_when_judged == [("My data · Pictures · Adam – lrviz", 9)] * 2
    assert before == (torch.get_num_threads(), sys.getswitchinterval(), qapp.quitOnLastWindowClosed())


def test_the_example_runs(closed_when_judged: list[tuple[str, int]]) -> None:
    torch.manual_seed(0)
    names: dict[str, Any] = {}
    exec(compile(EXAMPLE, "example", "exec"), names)
    kinds = [verdict.kind for verdict in names["race"].verdicts]
    assert kinds[2] == "crawling"
    assert names["race"].traces[1].metrics["test_accuracy"][-1] > 0.93
    assert [title for title, _ in closed_when_judged] == ["My data · Sequential · Adam – lrviz"]


def python(code: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_importing_lrviz_loads_neither_torch_nor_qt() -> None:
    code = (
        "import lrviz, sys; assert not {'torch', 'PySide6', 'numpy', 'lrviz.door'} & set(sys.modules)\n"
        "assert not hasattr(lrviz, 'nothing')"
    )
    python(code)


def test_another_distribution_s_model_and_data_set_are_raced_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "theirs.py").write_text(
        "from lrviz.core.catalog import dataset, model\n"
        "from lrviz.core.dataset import split_data\n\n"
        "@model('twice', title='Twice', tasks=('regression',))\n"
        "def twice(inputs: int, outputs: int, width: int = 3):\n"
        "    'Two layers and nothing between.'\n"
        "    from torch import nn\n"
        "    return nn.Sequential(nn.Linear(inputs, width), nn.Linear(width, outputs))\n\n"
        "@dataset('ramp', title='Ramp', task='regression')\n"
        "def ramp(seed: int):\n"
        "    'A straight line.'\n"
        "    import numpy as np\n"
        "    x = np.arange(40.0)[:, None]\n"
        "    return split_data('ramp', x, x[:, 0], features=('x',), test=10, seed=seed)\n"
    )
    info = tmp_path / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lrviz.models]\ntwice = theirs\n\n[lrviz.datasets]\nramp = theirs\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import json, lrviz\n"
        "race = lrviz.compare('twice', 'ramp', [0.1], steps=50, batch_size=0)\n"
        "assert 'PySide6' not in sys.modules\n"
        "print(json.dumps([race.experiment.problem.model.parameters, list(race.traces[0].loss[[0, -1]])]))"
    )
    parameters, (first, last) = json.loads(python(code))
    assert parameters == {"width": 3}
    assert last < 0.1 * first
