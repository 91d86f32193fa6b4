"""Wake-ups between web and worker: (topic, word) only; a message may be lost.

Over a Unix socket in the data folder; over Redis where ZHIKE_REDIS names one, so that several machines can serve one
installation. Nothing but topics and words passes, and whoever misses one polls anyway.
"""

import contextlib
import logging
import os
import socket
import tempfile
import time
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from zhike.kit.home import home, path

log = logging.getLogger(__name__)

_MOST = 200
_LONGEST_PATH = 100
_PATIENCE_S = 1.0
_REST_S = 5.0  # how long Redis is left alone after it did not answer: callers must not wait for it again and again

_silent_until = 0.0


def send(topic: str, word: str = "") -> bool:
    """Tell the worker of this installation something; False when nobody listens (it polls anyway)."""
    message = f"{topic} {word}".encode()[:_MOST]
    if os.environ.get("ZHIKE_REDIS"):
        return _publish(message)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
        speaker.setblocking(False)
        try:
            speaker.sendto(message, _address())
        except OSError:
            return False
    return True


class Listener:
    """The worker's ear. Use as a context manager; `wait` returns the words heard."""

    def __new__(cls) -> "Listener":
        """The ear for the medium of this installation."""
        return super().__new__(RedisListener if os.environ.get("ZHIKE_REDIS") else cls)

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
            return _read(self._socket.recv(_MOST))
        except TimeoutError:
            return None

    def _remove(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            Path(_address()).unlink()


class RedisListener(Listener):
    """An ear on Redis. While Redis is away it hears nothing and subscribes again by itself."""

    def __enter__(self) -> "RedisListener":
        self._ear: Any = None
        return self

    def __exit__(self, *_: object) -> None:
        if self._ear is not None:
            self._ear.close()

    def wait(self, seconds: float) -> tuple[str, str] | None:
        """The next (topic, word), or None after `seconds` of silence."""
        import redis

        deadline = time.monotonic() + seconds
        try:
            while (left := deadline - time.monotonic()) > 0:
                message = self._subscribed().get_message(timeout=left)
                if message is not None:
                    return _read(message["data"])
        except (redis.RedisError, OSError) as error:
            self._ear = None
            log.warning("redis does not answer: %s", type(error).__name__)
            time.sleep(max(deadline - time.monotonic(), 0.0))
        return None

    def _subscribed(self) -> Any:
        if self._ear is None:
            ear = _redis().pubsub(ignore_subscribe_messages=True)
            ear.subscribe(_channel())
            self._ear = ear
        return self._ear


def _publish(message: bytes) -> bool:
    global _silent_until
    import redis

    if time.monotonic() < _silent_until:
        return False
    try:
        return bool(_redis().publish(_channel(), message))
    except (redis.RedisError, OSError):
        _silent_until = time.monotonic() + _REST_S
        return False


@cache
def _redis() -> Any:
    import redis

    return redis.Redis.from_url(
        os.environ["ZHIKE_REDIS"],
        socket_connect_timeout=_PATIENCE_S,
        socket_timeout=_PATIENCE_S,
        health_check_interval=30,
    )


def _channel() -> str:
    """One channel an installation: others may use the same Redis."""
    from django.conf import settings

    names = (str(settings.DATABASES["default"][part]) for part in ("HOST", "PORT", "NAME"))
    return f"zhike:{zlib.crc32('/'.join(names).encode()):08x}"


def _read(message: bytes) -> tuple[str, str]:
    topic, _, word = message.decode(errors="replace").partition(" ")
    return topic, word


def _address() -> str:
    """The socket's path: below the data folder, or a short name made from it when that is too long for the kernel."""
    wanted = str(home() / "run" / "worker.sock")
    if len(wanted.encode()) < _LONGEST_PATH:
        return wanted
    return str(Path(tempfile.gettempdir()) / f"zhike-{os.getuid()}-{zlib.crc32(wanted.encode()):08x}.sock")
