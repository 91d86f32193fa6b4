"""Wake-ups between web and worker over a Unix socket: (topic, word) only; a message may be lost."""

import contextlib
import os
import socket
import tempfile
import zlib
from pathlib import Path

from zhike.kit.home import home, path

_MOST = 200
_LONGEST_PATH = 100


def send(topic: str, word: str = "") -> bool:
    """Tell the worker of this installation something; False when nobody listens (it polls anyway)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
        speaker.setblocking(False)
        try:
            speaker.sendto(f"{topic} {word}".encode()[:_MOST], _address())
        except OSError:
            return False
    return True


class Listener:
    """The worker's ear. Use as a context manager; `wait` returns the words heard."""

    def __enter__(self) -> "Listener":
        path("run")
        self._remove()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(_address())
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._remove()

    def wait(self, seconds: float) -> tuple[str, str] | None:
        """The next (topic, word), or None after `seconds` of silence."""
        self._socket.settimeout(max(seconds, 0.001))
        try:
            topic, _, word = self._socket.recv(_MOST).decode(errors="replace").partition(" ")
        except TimeoutError:
            return None
        return topic, word

    def _remove(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            Path(_address()).unlink()


def _address() -> str:
    """The socket's path: below the data folder, or a short name made from it when that is too long for the kernel."""
    wanted = str(home() / "run" / "worker.sock")
    if len(wanted.encode()) < _LONGEST_PATH:
        return wanted
    return str(Path(tempfile.gettempdir()) / f"zhike-{os.getuid()}-{zlib.crc32(wanted.encode()):08x}.sock")
