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


HEAD = """# What was measured

Written by `make bench`: one shop, recorded on SQLite, carried over to PostgreSQL (with `fsync` on); every part in a process of its
own. A part measured alone takes the place of its own section; each says when and at which size it was measured. Targets are those
the product is built to; “beside” names another way measured in the same run. “Processor” is the time processors spent on the work
in Zhike's own processes (the PostgreSQL server's not counted), which other work on the same machine hardly lengthens; the figure
itself is by the clock.
"""
TIMES = "Where the time went"
_TIMES_HEAD = ["| part | seconds | processor seconds | ended |", "| --- | ---: | ---: | --- |"]


def text(before: str, figures: list[Figure], ended: list[Ended], size: tuple[int, int]) -> str:
    """The page: what was measured now in the place of what the page said of the same parts, all other parts as they stand."""
    sections = _sections(before)
    rows = [row for row in sections.pop(TIMES, "").splitlines() if row.startswith("| ")]
    times = {row.split(" | ")[0]: row for row in rows if row not in _TIMES_HEAD}
    for one in ended:
        how = "well" if not one.code else f"**code {one.code}**"
        times[f"| {one.title}"] = f"| {one.title} | {one.seconds:.0f} | {one.processor:.0f} | {how} |"
        mine = [f for f in figures if f.part == one.title]
        if mine or one.code:
            sections[one.title] = _section(one, mine, size)
    sections[TIMES] = "\n".join([*_TIMES_HEAD, *times.values()])
    return "\n".join([HEAD, *(f"## {title}\n\n{body.strip()}\n" for title, body in sections.items())])


def _sections(page: str) -> dict[str, str]:
    """{title: body} of a page, in its order."""
    parts = ("\n" + page).split("\n## ")[1:]
    return {title.strip(): body for title, _, body in (part.partition("\n") for part in parts)}


def _section(one: Ended, mine: list[Figure], size: tuple[int, int]) -> str:
    when = f"Measured on {time.strftime('%Y-%m-%d')}, {size[0]:,} customers, {size[1]:,} order lines, Python {platform.python_version()}."
    lines = [when, ""]
    lines += [f"**Did not end well** (code {one.code}).", ""] if one.code else []
    return "\n".join([*lines, *(table(mine) if mine else [])])
