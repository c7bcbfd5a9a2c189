#!/usr/bin/env python3
"""Sets lrviz up and starts it, with nothing but Python: the same on Linux, macOS and Windows.

    python3 tasks.py run [ARGUMENTS OF LRVIZ]     the program, for example: run -- run --surface rosenbrock --json
    python3 tasks.py test [ARGUMENTS OF PYTEST]   every test
    python3 tasks.py check                        ruff, mypy and import-linter, without the tests
    python3 tasks.py bench [NAME ARGUMENTS]       every benchmark, or tests/bench_NAME.py with its arguments
    python3 tasks.py pictures                     draw README's pictures, with the program itself

Each makes .venv and installs into it what is missing; where nothing is, that takes no time. What it says on the way
goes to standard error, so that standard output is the program's own.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STATE = VENV / "lrviz-state.json"
UNFINISHED = VENV / "lrviz-unfinished"  # there while .venv is being worked on
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

TORCH = "torch==2.13.0"
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"  # PyTorch's own index

QT_PACKAGES = ["libglib2.0-0", "libgl1", "libegl1", "libxkbcommon0", "libfontconfig1", "libdbus-1-3"]
WINDOW_PACKAGES = ["libxcb-cursor0", "libxkbcommon-x11-0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0"]
TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}  # program: Debian's package

# Loads what Qt loads: an exception is what the program lacks, a printed line what only a window lacks.
QT_PROBE = """
import ctypes, pathlib, PySide6.QtWidgets
plugin = pathlib.Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"
try:
    ctypes.CDLL(str(plugin))
except OSError as error:
    print(error)
"""

IN_PARALLEL = ("-n", "2", "--dist", "worksteal")  # two processes, each with what is left of the tests
PICTURES = {"resources/pictures/window.png": ["--at", "1"]}  # README's: file, and the options of lrviz.app.portrait


class SetupError(Exception):
    """What stops the set-up, in one line that says what would help."""


@dataclass
class State:
    """How far .venv has come. `installed` and `system` are "", "run", or "test", which includes "run"."""

    key: str  # what it was made from; another key, another installation
    installed: str = ""
    system: str = ""

    def save(self) -> None:
        STATE.write_text(json.dumps(asdict(self)), encoding="utf-8")


def main(arguments: list[str]) -> int:
    tasks = {"run": run, "test": test, "check": check, "bench": bench, "pictures": pictures}
    name, *rest = arguments or [""]
    if name not in tasks:
        print((__doc__ or "").strip())
        return 0 if name in ("-h", "--help") else 2
    try:
        # An older Python comes this far, whatever pyproject.toml says.
        if sys.version_info < (3, 11):  # noqa: UP036
            raise SetupError(f"lrviz needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable})")
        return tasks[name](rest[1:] if rest[:1] == ["--"] else rest)
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    prepare("run")
    return become(["-P", "-m", "lrviz", *arguments])


def test(arguments: list[str]) -> int:
    prepare("test")
    os.chdir(ROOT)
    return become(["-m", "pytest", *IN_PARALLEL, *arguments])


def check(arguments: list[str]) -> int:
    prepare("test")
    os.chdir(ROOT)
    return become(["-m", "pytest", "-q", "tests/test_architecture.py", *arguments])


def bench(arguments: list[str]) -> int:
    prepare("test")
    pattern = f"bench_{arguments[0] if arguments else '*'}.py"
    files = sorted((ROOT / "tests").glob(pattern))
    if not files:
        raise SetupError(f"there is no tests/{pattern}")
    return max(subprocess.call([PYTHON, file, *arguments[1:]], cwd=ROOT) for file in files)


def pictures(_: list[str]) -> int:
    prepare("run")
    for file, options in PICTURES.items():
        say(f"drawing {file}")
        (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
        if status := subprocess.call([PYTHON, "-P", "-m", "lrviz.app.portrait", ROOT / file, *options]):
            return status
    return 0


def become(arguments: list[str]) -> int:
    """Go on as .venv's Python, where the system can; signals and the exit status are then the program's own."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(PYTHON, [str(PYTHON), *arguments])
    with subprocess.Popen([PYTHON, *arguments]) as program:
        while True:
            try:
                return program.wait()
            except KeyboardInterrupt:  # the program got it too, and ends in its own way
                continue


def prepare(purpose: str) -> None:
    """Bring .venv and the system's libraries to where `purpose`, "run" or "test", needs them."""
    state = read_state()
    if not covers(state.installed, purpose) or UNFINISHED.exists() or not PYTHON.exists():
        state = install(purpose)
    if not covers(state.system, purpose):
        lacking = check_system(purpose)
        state.system = "" if lacking else purpose
        state.save()
        if lacking:
            say(lacking)


def covers(level: str, purpose: str) -> bool:
    return level in (purpose, "test")


def key() -> str:
    """What an installation depends on: this folder, this Python, the project's own list."""
    made_from = f"{ROOT} {python_identity()} {TORCH} ".encode() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(made_from).hexdigest()


def python_identity() -> str:
    """What a venv is bound to; the system's own update from 3.11.2 to 3.11.3 leaves it working."""
    return "{}.{} {}".format(*sys.version_info[:2], sys.base_prefix)


def read_state() -> State:
    try:
        state = State(**json.loads(STATE.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return State(key())
    return state if state.key == key() else State(key())


def install(purpose: str) -> State:
    """Install the project, for "test" with its dev extra. What was interrupted in the middle starts anew."""
    if UNFINISHED.exists() or not venv_works():
        make_venv()
    UNFINISHED.touch()
    try:
        pip(*torch_source())
        pip("--editable", f"{ROOT}[dev]" if purpose == "test" else str(ROOT))
    except SetupError:  # pip's own "no" leaves things as they were; a pip that was ended may not
        UNFINISHED.unlink()
        raise
    UNFINISHED.unlink()
    state = State(key(), installed=purpose)
    state.save()
    return state


def venv_works() -> bool:
    """Whether .venv is whole and of this same Python."""
    probe = "import pip, sys; print('{}.{} {}'.format(*sys.version_info[:2], sys.base_prefix))"
    try:
        answer = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == python_identity()


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:  # Debian ships it apart
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        if not apt_install([package]):
            raise SetupError(f"this Python has no venv module; {apt_line([package])} installs it")
    say(f"making {VENV}")
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    base = getattr(sys, "_base_executable", sys.executable)  # this may be .venv's own Python
    if subprocess.call([base, "-m", "venv", VENV], stdout=2):
        raise SetupError(f"Python could not make {VENV}; its own lines above say why")


def torch_source() -> list[str]:
    """Where pip takes torch from. On Linux PyPI's brings several GB of CUDA, which lrviz has no use for."""
    if sys.platform != "linux":
        return [TORCH]
    try:
        with urllib.request.urlopen(CPU_BUILDS, timeout=5):
            return ["--index-url", CPU_BUILDS, TORCH]
    except OSError:
        say(f"{CPU_BUILDS} is out of reach: torch comes from pip's own index, perhaps with several GB of CUDA")
        return [TORCH]


def pip(*arguments: str) -> None:
    quiet = [] if sys.stderr.isatty() else ["-qq"]  # in a log, errors alone
    say(f"installing {arguments[-1]}")
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *quiet, *arguments]
    if subprocess.call(command, stdout=2):
        raise SetupError(f"pip could not install {arguments[-1]}; its own lines above say why")


def check_system(purpose: str) -> str:
    """Install what Qt and the tests need of the system, where that is allowed; say what is missing all the same."""
    lacks = system_lacks(purpose)
    packages = [package for needed in lacks.values() for package in needed]
    if lacks and apt_install(packages):
        lacks = system_lacks(purpose)
    remedy = f"{apt_line(packages)} brings it" if shutil.which("apt-get") else "your system's packages have it"
    return "; ".join([*lacks, remedy]) if lacks else ""


def system_lacks(purpose: str) -> dict[str, list[str]]:
    """What does not work, and the Debian packages that mend it."""
    lacks = {}
    code = QT_PROBE if sys.platform == "linux" else "import PySide6.QtWidgets"
    answer = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    if answer.returncode:
        reason = (answer.stderr.strip() or f"exit status {answer.returncode}").splitlines()[-1]
        lacks[f"Qt does not load ({reason})"] = [*QT_PACKAGES, *WINDOW_PACKAGES]
    elif answer.stdout:
        lacks[f"Qt opens no window ({answer.stdout.strip()})"] = WINDOW_PACKAGES
    if purpose == "test" and sys.platform == "linux":
        for program, package in TEST_PROGRAMS.items():
            if not shutil.which(program):
                lacks[f"tests of the window need {program}"] = [package]
    return lacks


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages as root or through a sudo that asks for no password. False where that can't be."""
    if not shutil.which("apt-get"):
        return False
    prefix = []
    if os.geteuid() != 0:
        if not shutil.which("sudo") or subprocess.call(["sudo", "-n", "true"], stdout=2, stderr=subprocess.DEVNULL):
            return False
        prefix = ["sudo", "-n"]
    say(f"installing {' '.join(packages)}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.call([*apt, "update"], stdout=subprocess.DEVNULL)  # one broken source of many need not stop it
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    return subprocess.call(install, stdout=subprocess.DEVNULL) == 0


def apt_line(packages: list[str]) -> str:
    return f"`sudo apt-get install -y --no-install-recommends {' '.join(packages)}`"


def say(line: str) -> None:
    print(f"tasks.py: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
