"""Attachments beside the backups: copies of sealed files, which only the keyring opens.

A file never changes once it is there, so each backup copies what is new and nothing twice. Copies of files that were taken
off or erased go with the oldest backup that knew them; without their keys they open for nobody before that.
"""

import shutil
from pathlib import Path

from zhike.kit import clock
from zhike.kit.home import path

FOLDER = "files/attachments"
_BESIDE = "attachments"


def copy_new(target_folder: Path) -> int:
    """Copy attachments a backup's folder does not hold yet; how many."""
    beside = target_folder / _BESIDE
    count = 0
    for file in sorted(path(FOLDER).glob("*.sealed")):
        copy = beside / file.name
        if not copy.exists():
            beside.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = copy.with_name(copy.name + ".part")
            shutil.copyfile(file, part)
            part.chmod(0o600)
            part.replace(copy)
            count += 1
    return count


def forget_old(target_folder: Path, days: int) -> None:
    """Remove copies of files that left the house more than so many days ago."""
    here = {file.name for file in path(FOLDER).glob("*.sealed")}
    oldest = clock.now().timestamp() - days * 86400
    for copy in (target_folder / _BESIDE).glob("*.sealed"):
        if copy.name in here:
            copy.touch()  # still here: its days begin when it leaves
        elif copy.stat().st_mtime < oldest:
            copy.unlink()


def bring_back(source: Path, into: Path) -> int:
    """Put the copies beside a backup into a data folder, as far as they are missing there; how many."""
    count = 0
    for copy in sorted((source.parent / _BESIDE).glob("*.sealed")):
        file = into / FOLDER / copy.name
        if not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(copy, file)
            file.chmod(0o600)
            count += 1
    return count
