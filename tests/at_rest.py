"""What lies in the files of a data folder, read by another process.

A process that opens and closes the file of a SQLite database itself gives up the locks of every connection it has to that
database: the next process to come believes it is alone and clears the log away under them ("How To Corrupt An SQLite
Database File", sqlite.org/howtocorrupt.html, 2.2).
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path


def contents(*files: Path) -> Iterator[tuple[Path, bytes]]:
    """Each file with its bytes; folders are left out.

    Raises:
        subprocess.CalledProcessError: a file cannot be read.
    """
    for file in files:
        if file.is_file():
            yield file, subprocess.run(["cat", file], check=True, capture_output=True).stdout


def held(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file in a folder and the folders within it, with its bytes."""
    yield from contents(*folder.rglob("*"))
