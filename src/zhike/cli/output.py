"""What a command says: text and tables for people, one JSON object for programs, progress as fits the terminal."""

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Advance = Callable[[int, int | None], None]

_LINE_EVERY_S = 5.0


class Output:
    """One per command. With `as_json` only `result` writes to stdout, everything else is silent or on stderr."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    def say(self, text: str) -> None:
        """A line for people."""
        if not self.as_json:
            print(text, flush=True)

    def warn(self, text: str) -> None:
        """A line people must not miss, on stderr."""
        print(text, file=sys.stderr, flush=True)

    def result(self, values: dict[str, Any], text: str | None = None) -> None:
        """The outcome: as JSON when asked for, else `text` (nothing when the command has already said it)."""
        if self.as_json:
            print(json.dumps(values, ensure_ascii=False, default=str), flush=True)
        elif text is not None:
            print(text, flush=True)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Rows under headings; on a terminal drawn, elsewhere separated by tabs."""
        if self.as_json:
            return
        if not sys.stdout.isatty():
            for row in [columns, *rows]:
                print("\t".join("" if cell is None else str(cell) for cell in row))
            return
        from rich.console import Console
        from rich.markup import escape
        from rich.table import Table

        drawn = Table(*columns, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            drawn.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
        Console().print(drawn)

    @contextlib.contextmanager
    def progress(self, label: str, total: int | None = None) -> Iterator[Advance]:
        """A bar on a terminal, a line every five seconds elsewhere. Gives `advance(done, total)`."""
        with _bar(label, total) if sys.stderr.isatty() and not self.as_json else _lines(label, total) as advance:
            yield advance


@contextlib.contextmanager
def _bar(label: str, total: int | None) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)

        def advance(done: int, of: int | None = None) -> None:
            bar.update(task, completed=done, total=of if of is not None else total)

        yield advance


@contextlib.contextmanager
def _lines(label: str, total: int | None) -> Iterator[Advance]:
    last = time.monotonic()

    def advance(done: int, of: int | None = None) -> None:
        nonlocal last
        if time.monotonic() - last >= _LINE_EVERY_S:
            last = time.monotonic()
            whole = of if of is not None else total
            print(f"{label}: {done:,}" + (f" / {whole:,}" if whole else ""), file=sys.stderr, flush=True)

    yield advance
