"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from lrviz.export.files import DestinationError, WriteError, check_destination, write_file


def test_a_written_file_holds_the_bytes_and_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    target = tmp_path / "race.csv"
    for data in (b"first", b"", b"x" * 3_000_000):
        write_file(target, data)
        assert target.read_bytes() == data
    assert os.listdir(tmp_path) == ["race.csv"]


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_failing_disk_leaves_the_old_file_and_no_other(
    call: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "race.csv"
    target.write_bytes(b"old")

    def fail(*_: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(WriteError, match=os.strerror(code)) as failure:
        write_file(target, b"new")
    assert "\n" not in str(failure.value)
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["race.csv"]


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: whole(descriptor, bytes(data[:7])))
    write_file(tmp_path / "race.csv", bytes(range(100)))
    assert (tmp_path / "race.csv").read_bytes() == bytes(range(100))


def test_an_interruption_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "race.csv"
    target.write_bytes(b"old")

    def interrupt(_: int) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(target, b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["race.csv"]


def test_a_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "race.csv", tmp_path / "latest.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_has_gone_since_the_check_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="No such file or directory"):
        write_file(tmp_path / "gone" / "race.csv", b"new")


def test_places_that_take_no_file_are_refused_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DestinationError, match="there is no folder"):
        check_destination(tmp_path / "gone" / "race.csv")
    for name in ("folder.csv", "pipe.csv"):
        with pytest.raises(DestinationError, match="is not a file"):
            check_destination(tmp_path / name)
    check_destination(tmp_path / "race.csv")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(DestinationError, match="read-only"):
        check_destination(tmp_path / "race.csv")
    assert sorted(os.listdir(tmp_path)) == ["folder.csv", "pipe.csv"]
