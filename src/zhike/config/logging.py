"""Where the log goes: JSON lines to <home>/logs, short lines to the terminal, both scrubbed of personal values."""

import json
import logging
import logging.handlers
import os
import sys

from zhike.kit import clock
from zhike.kit.home import path
from zhike.kit.scrub import Scrub

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_FILE_BYTES = 10 * 1024 * 1024
_PLAIN = (str, int, float, bool, type(None))


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, process, text, and the ids given as `extra`."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": self.process,
            "text": record.getMessage(),
        }
        extra = {k: v for k, v in vars(record).items() if k not in _OWN and isinstance(v, _PLAIN)}
        return json.dumps({**extra, **line}, ensure_ascii=False)


def set_up(process: str, *, terminal: bool = True) -> None:
    """Configure logging for one process: `web`, `worker`, `child`, `cli` or `serve`."""
    scrub = Scrub()
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    file = logging.handlers.RotatingFileHandler(
        path("logs") / f"{process}.jsonl", maxBytes=_FILE_BYTES, backupCount=5, encoding="utf-8", delay=True
    )
    file.setFormatter(JsonLines(process))
    handlers: list[logging.Handler] = [file]
    if terminal:
        screen = logging.StreamHandler(sys.stderr)
        screen.setFormatter(logging.Formatter(f"{process}: %(levelname)s %(message)s"))
        screen.setLevel(logging.WARNING if process == "cli" else logging.INFO)
        handlers.append(screen)
    for handler in handlers:
        handler.addFilter(scrub)
        root.addHandler(handler)
    root.setLevel(os.environ.get("ZHIKE_LOG_LEVEL", "INFO").upper())
    for chatty in ("uvicorn.access", "asyncio", "django.utils.autoreload"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
