"""Processes that belong together: children that end with their parent, and a supervisor that restarts them."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

_SUPERVISED = "ZHIKE_SUPERVISED"
_CALM_AFTER_S = 60
_LONGEST_WAIT_S = 30.0


def spawn(arguments: Sequence[str], *, is_read: bool = False) -> subprocess.Popen[bytes]:
    """Start `python <arguments>` so that it ends when this process does, however this one ends.

    With `is_read` what it prints comes back through a pipe, `process.stdout`.
    """
    environment = {**os.environ, _SUPERVISED: "1"}
    out = subprocess.PIPE if is_read else None
    return subprocess.Popen([sys.executable, *arguments], stdin=subprocess.PIPE, stdout=out, env=environment)


def end_with_parent() -> None:
    """In a spawned process: ask ourselves to stop as soon as the parent's end of our stdin closes."""
    if os.environ.get(_SUPERVISED) != "1":
        return

    def watch() -> None:
        with contextlib.suppress(OSError, ValueError):
            while os.read(0, 64):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(20)
        os._exit(70)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def stop(process: subprocess.Popen[bytes], *, patience_s: float = 15) -> int:
    """Ask a process to stop, wait, and end it by force when it does not; returns its exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


@dataclass
class Child:
    """One supervised process: its name, its arguments, and how often it fell lately."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    start_at: float = field(default_factory=time.monotonic)

    def tend(self) -> None:
        """Start it when its time has come; notice its end and set the time of the next start."""
        moment = time.monotonic()
        if self.process is None:
            if moment >= self.start_at:
                self.process, self.started = spawn(self.arguments), moment
            return
        code = self.process.poll()
        if code is None:
            return
        self.falls = 1 if moment - self.started > _CALM_AFTER_S else self.falls + 1
        wait = min(0.5 * 2 ** (self.falls - 1), _LONGEST_WAIT_S)
        log.error("%s ended with code %s, starting again in %.1f s", self.name, code, wait)
        self.process, self.start_at = None, moment + wait


def supervise(children: Sequence[Child], told_to_stop: threading.Event, *, each_turn: Callable[[], None]) -> None:
    """Keep the children running until told to stop, then stop them all."""
    try:
        while not told_to_stop.is_set():
            for child in children:
                child.tend()
            each_turn()
            told_to_stop.wait(0.25)
    finally:
        running = [child.process for child in children if child.process is not None]
        for process in running:
            process.terminate()
        for process in running:
            stop(process)


def on_stop_signals(act: Callable[[], object]) -> None:
    """Call `act` on SIGTERM and SIGINT."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: act())
