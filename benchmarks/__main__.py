"""`python -m benchmarks` (`make bench`): everything measured, at size, on SQLite and PostgreSQL; writes docs/benchmarks.md.

    make bench BENCH="--customers 100000"                    a smaller shop
    make bench BENCH="--only import,pages"                   some parts
    make bench BENCH="--databases sqlite --home FOLDER"      one database; a ground that is kept and used again
    make bench BENCH="--customers 20000 --page FOLDER/x.md"  a page elsewhere: docs/benchmarks.md tells of the full size only

One shop is made (1M customers, 10M order lines) and all parts stand on it; on PostgreSQL it is the same, carried over. A part
that fails does not end the run, but its exit code does tell. Nothing here is a test: judge a shared machine by processor time.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import page, server
from benchmarks.telling import NOTES, PART, Stopwatch, told

DATABASES = ("sqlite", "postgresql")
FULL = (1_000_000, 10_000_000)  # customers and order lines: what docs/benchmarks.md tells of


@dataclass(frozen=True)
class Part:
    """One measurement, a process of its own: what it is called, on which ground it stands, how it is started."""

    code: str
    title: str
    module: str
    on_ground: bool = True
    words: tuple[str, ...] = ()


def parts(customers: int, lines: int, rounds: int) -> list[Part]:
    """All parts, in the order in which they may follow each other on one ground."""
    size = ("--customers", str(customers), "--lines", str(lines))
    rows = str(max(1_000, min(customers // 5, 200_000)))
    return [
        Part("pages", "Pages, search, one customer judged", "pages", words=("--rounds", str(rounds))),
        Part("snapshot", "Snapshot into the lake, RFM on it", "snapshot"),
        Part("quality", "Quality of all files", "quality"),
        Part("import", "Import on top", "imports", words=("--rows", rows, "--lines", rows)),
        Part("rfm", "RFM beside raw SQL", "rfm", False, size),
        Part(
            "hundred-million",
            "RFM of ten times the lines, within a gigabyte",
            "hundred_million",
            False,
            ("--customers", str(customers * 10), "--lines", str(lines * 10)),
        ),
        Part("value", "Value classes beside raw SQL", "value", False, size),
        Part(
            "segments",
            "Segments beside raw SQL",
            "segments",
            False,
            ("--customers", str(customers), "--orders", str(lines * 2 // 5)),
        ),
        Part("long-file", "A file with ten thousand items", "long_file", False, ("--rounds", str(rounds))),
        Part("matching", "Duplicates beside plain Splink", "matching", False, ("--records", str(customers))),
        Part("long-file", "A file with ten thousand items on its timeline", "long_file", False),
        Part("cube", "Cube beside the engine's grouping sets", "cube", False, ("--facts", str(lines))),
        Part(
            "lifetime",
            "Lifetime value beside a plain search",
            "lifetime",
            False,
            ("--customers", str(customers)),
        ),
        Part(
            "goods",
            "Products together, recommendations, needs, profit",
            "goods",
            False,
            ("--customers", str(customers), "--orders", str(lines * 2 // 5)),
        ),
        Part(
            "portrait",
            "Portraits, preferences, look-alikes",
            "portrait",
            False,
            ("--customers", str(customers), "--orders", str(lines * 2 // 5)),
        ),
    ]


class Run:
    """One run of parts: where its grounds lie, and how each part ended."""

    def __init__(self, scratch: Path, home: Path, size: tuple[int, int]) -> None:
        self.scratch, self.home, self.size = scratch, home, size
        self.notes = scratch / "notes"
        self.ended: list[page.Ended] = []

    def step(self, title: str, module: str, *words: str, **environment: str) -> bool:
        """Run one part; whether it ended well."""
        print(f"\n== {title}", flush=True)
        watch = Stopwatch()
        known = {"DJANGO_SETTINGS_MODULE": "zhike.config.settings", "ZHIKE_TESTING": "1", NOTES: str(self.notes)}
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{module}", *words], env=os.environ | known | {PART: title} | environment
        )
        seconds, processor = watch.read()
        self.ended.append(page.Ended(title, done.returncode, seconds, processor))
        print(f"   {seconds:.0f} s, processor {processor:.0f} s, code {done.returncode}", flush=True)
        return done.returncode == 0

    def ground(self) -> bool:
        """The ground on SQLite, made if it is not there."""
        if (self.home / "zhike.sqlite3").exists():
            return True
        customers, lines = map(str, self.size)
        words = ("--customers", customers, "--lines", lines)
        return self.step("Ground on SQLite", "ground", *words, ZHIKE_HOME=str(self.home))

    def on(self, database: str, wanted: list[Part]) -> None:
        """The parts that stand on a ground, on one database."""
        if database == "sqlite":
            for part in wanted:
                self.step(f"{part.title}, on SQLite", part.module, *part.words, ZHIKE_HOME=str(self.home))
            return
        with server.running(self.scratch) as where:
            environment = where | {"ZHIKE_HOME": str(self.scratch / "postgresql")}
            if not self.step("Ground carried over to PostgreSQL", "carrying", str(self.home), **environment):
                return
            for part in wanted:
                self.step(f"{part.title}, on PostgreSQL", part.module, *part.words, **environment)


def main() -> int:
    """Run the parts asked for and write the page; 1 when one failed."""
    asked = _asked()
    every = parts(asked.customers, asked.lines, asked.rounds)
    wanted = [part for part in every if not asked.only or part.code in asked.only]
    standing = [part for part in wanted if part.on_ground]
    with tempfile.TemporaryDirectory(prefix="zhike-bench-") as scratch:
        home = asked.home or Path(scratch) / "sqlite"
        home.mkdir(parents=True, exist_ok=True)
        run, watch = Run(Path(scratch), home, (asked.customers, asked.lines)), Stopwatch()
        if standing and run.ground():
            # PostgreSQL first: what the parts add to the ground on SQLite is not carried over.
            for database in reversed(asked.databases):
                run.on(database, standing)
        shutil.rmtree(Path(scratch) / "sqlite", ignore_errors=True)
        for part in wanted:
            if not part.on_ground:
                run.step(part.title, part.module, *part.words, ZHIKE_HOME=str(Path(scratch) / "nowhere"))
        figures = told(run.notes)
        page.show(figures, run.ended, watch.read())
        if path := asked.page or (page.PLACE if run.size == FULL else None):
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            path.write_text(page.text(before, figures, run.ended, run.size), encoding="utf-8")
    return 1 if any(one.code for one in run.ended) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    codes = [part.code for part in parts(1, 1, 1)]
    parser.add_argument("--customers", type=int, default=FULL[0])
    parser.add_argument("--lines", type=int, help="order lines; ten to a customer when left out")
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked")
    parser.add_argument("--only", type=_list(codes), default=[], help=f"some of {','.join(codes)}")
    parser.add_argument("--databases", type=_list(DATABASES), default=list(DATABASES), help=",".join(DATABASES))
    parser.add_argument("--home", type=Path, help="keep the ground on SQLite here, or use the one made here before")
    parser.add_argument("--page", type=Path, help="write the page here (docs/benchmarks.md at the full size)")
    asked = parser.parse_args()
    asked.lines = asked.lines or asked.customers * 10
    return asked


def _list(known: Sequence[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        words = text.split(",")
        if unknown := sorted(set(words) - set(known)):
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)} (there are {', '.join(known)})")
        return [word for word in known if word in words]

    return read


if __name__ == "__main__":
    sys.exit(main())
