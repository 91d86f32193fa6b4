"""Paper: PDF from a layout of the product and its data, made by a child process; nothing touches the disk."""

import json
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from zhike.kit import clock

LONGEST = 2_000  # characters of one cell on paper; what is longer is read on the screen
_KEPT = "\n\u200d"  # ends of lines; what joins the parts of one emoji
FONTS = Path(__file__).resolve().parents[2] / "fonts_build"
_CHILD = Path(__file__).with_name("child.py")
_PATIENCE_S = 150


class PrintFailed(RuntimeError):
    """No PDF came of it; `code` is `fonts_missing` (the build has not laid them), `too_slow` or `refused`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, and on which page each counted row stands."""

    content: bytes
    pages: tuple[int, ...]


def compiled(layout: str, data: dict[str, Any], *, tagged: bool = True) -> Printed:
    """A file of `layouts` filled with data. Raises PrintFailed."""
    if not any(FONTS.glob("*.ttf")):
        raise PrintFailed("fonts_missing")
    asked = {
        "layout": layout,
        "data": data,
        "fonts": str(FONTS),
        "tagged": tagged,
        "created_s": int(clock.now().timestamp()),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD)],
            input=orjson.dumps(asked),
            capture_output=True,
            timeout=_PATIENCE_S,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PrintFailed("too_slow") from None
    if done.returncode:
        raise PrintFailed("too_slow" if done.returncode < 0 else "refused")
    head, _, content = done.stdout.partition(b"\n")
    return Printed(content, tuple(json.loads(head)))


def calm(text: str, *, longest: int = LONGEST) -> str:
    """A text as paper takes it: no control sign, none that turns the direction of writing, no endless value."""
    kept = "".join(
        c for c in text[: longest + 1] if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )
    return f"{kept[:longest]}…" if len(text) > longest else kept
