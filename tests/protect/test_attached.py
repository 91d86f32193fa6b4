"""Attachments are backed up beside the data: sealed as they lie, each once, and gone in time."""

import os
from pathlib import Path

import pytest

from zhike.protect import attached

DAY = 86400


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of attachments with one sealed file in it."""
    folder = tmp_path / "house"
    folder.mkdir()
    monkeypatch.setattr(attached, "path", lambda name: folder)
    (folder / "a.sealed").write_bytes(b"ZKF1 sealed")
    return folder


def test_each_file_is_copied_once_and_comes_back_where_it_is_missing(house: Path, tmp_path: Path) -> None:
    backup, other = tmp_path / "x.zhike-backup.age", tmp_path / "home"
    assert (attached.copy_new(tmp_path), attached.copy_new(tmp_path)) == (1, 0)
    (house / "b.sealed").write_bytes(b"ZKF1 more")
    assert attached.copy_new(tmp_path) == 1
    assert (attached.bring_back(backup, other), attached.bring_back(backup, other)) == (2, 0)
    assert (other / attached.FOLDER / "a.sealed").read_bytes() == b"ZKF1 sealed"


def test_a_copy_goes_when_its_file_left_long_ago(house: Path, tmp_path: Path) -> None:
    attached.copy_new(tmp_path)
    copy = tmp_path / "attachments" / "a.sealed"
    old = copy.stat().st_mtime - 40 * DAY
    os.utime(copy, (old, old))
    attached.forget_old(tmp_path, 35)
    assert copy.exists(), "its days begin when the file leaves"
    (house / "a.sealed").unlink()
    attached.forget_old(tmp_path, 35)
    assert copy.exists()
    os.utime(copy, (old, old))
    attached.forget_old(tmp_path, 35)
    assert not copy.exists()
