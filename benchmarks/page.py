"""What a run of all measurements comes to: a table on the terminal, and docs/benchmarks.md."""

import platform
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.telling import Figure, line, table

PLACE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Ended:
    """How a part ended."""

    title: str
    code: int
    seconds: float
    processor: float


def show(figures: list[Figure], ended: list[Ended], whole: tuple[float, float]) -> None:
    """Everything once more, together."""
    print("\n== All figures (name, measured, target, by target)")
    for one in ended:
        mine = [f for f in figures if f.part == one.title]
        if mine or one.code:
            print(f"\n{one.title}" + (f": FAILED, code {one.code}" if one.code else ""))
        for figure in mine:
            print(line(figure))
    print("\n== Where the time went")
    for one in ended:
        print(f"  {one.title:<56} {one.seconds:7.0f} s   processor {one.processor:7.0f} s   code {one.code}")
    missed = sum(not f.kept for f in figures)
    print(
        f"\n{len(figures)} figures, {missed} beyond their target; {whole[0]:.0f} s, processor {whole[1]:.0f} s",
        flush=True,
    )


def text(figures: list[Figure], ended: list[Ended], size: tuple[int, int]) -> str:
    """The page."""
    lines = [
        "# What was measured",
        "",
        f"Written by `make bench` on {time.strftime('%Y-%m-%d')}: {size[0]:,} customers, {size[1]:,} order lines, "
        f"Python {platform.python_version()}. One shop, recorded on SQLite, carried over to PostgreSQL (with `fsync` on); every "
        "part in a process of its own. Targets are those the product is built to; “beside” names another way measured in the same "
        "run. “Processor” is the time processors spent on the work in Zhike's own processes (the PostgreSQL server's not "
        "counted), which other work on the same machine hardly lengthens; the figure itself is by the clock.",
    ]
    for one in ended:
        mine = [f for f in figures if f.part == one.title]
        if not mine and not one.code:
            continue
        lines += ["", f"## {one.title}", ""]
        lines += [f"**Did not end well** (code {one.code})."] if one.code else []
        lines += ["", *table(mine)] if mine and one.code else table(mine) if mine else []
    lines += [
        "",
        "## Where the time went",
        "",
        "| part | seconds | processor seconds | ended |",
        "| --- | ---: | ---: | --- |",
    ]
    lines += [
        f"| {one.title} | {one.seconds:.0f} | {one.processor:.0f} | {'well' if not one.code else f'**code {one.code}**'} |"
        for one in ended
    ]
    return "\n".join([*lines, ""])
