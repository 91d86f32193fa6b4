"""Where this installation keeps its data: one folder, named by ZHIKE_HOME."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """The data folder: ZHIKE_HOME; else `.home` of a checkout, or the user's own place where a wheel was installed.

    Created private to its owner.
    """
    folder = Path(os.environ.get("ZHIKE_HOME") or _own_place())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path(relative: str) -> Path:
    """A folder below the data folder, created private to its owner."""
    folder = home() / relative
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keyring_file(folder: Path) -> Path:
    """Where a SQLite keyring lies: in the data folder, or, to be on a disk of its own, where ZHIKE_KEYRING=sqlite:////path says."""
    address = urlsplit(os.environ.get("ZHIKE_KEYRING", ""))
    if address.scheme != "sqlite":
        return folder / "keyring.sqlite3"
    file = Path(unquote(address.path))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return file


def _own_place() -> Path:
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / ".home"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "zhike"
