"""What the parts measured: each figure as it is known, a line of JSON for the run of all parts; tables of them at the end."""

import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

NOTES = "ZHIKE_BENCH_NOTES"  # names the file the figures go to
PART = "ZHIKE_BENCH_PART"  # what is measuring, and where: "import on sqlite"


@dataclass(frozen=True)
class Figure:
    """One figure: beside its target, or beside a named other way measured in the same run."""

    part: str
    name: str
    value: float
    unit: str
    target: float | None
    at_least: bool
    peer: str
    processor: str

    @property
    def ratio(self) -> float | None:
        """The figure by its target."""
        return self.value / self.target if self.target else None

    @property
    def kept(self) -> bool:
        """No target, or one that is met."""
        if self.target is None:
            return True
        return self.value >= self.target if self.at_least else self.value <= self.target


def tell(
    name: str,
    value: float,
    unit: str,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    peer: str = "",
    processor: str = "",
) -> None:
    """Print a figure and keep it for the tables. `peer` names what a ratio is measured against."""
    target = at_least if at_most is None else at_most
    figure = Figure(os.environ.get(PART, ""), name, float(value), unit, target, at_least is not None, peer, processor)
    print(line(figure), flush=True)
    if place := os.environ.get(NOTES):
        with Path(place).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(figure), ensure_ascii=False) + "\n")


def told(place: Path) -> list[Figure]:
    """The figures kept so far."""
    if not place.exists():
        return []
    return [Figure(**json.loads(one)) for one in place.read_text(encoding="utf-8").splitlines()]


def processor_s() -> float:
    """Seconds the processors spent on this process and on those it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


class Stopwatch:
    """Seconds by the clock and by the processors since it was made."""

    def __init__(self) -> None:
        self._since = time.perf_counter(), processor_s()

    def read(self) -> tuple[float, float]:
        """Both so far."""
        return time.perf_counter() - self._since[0], processor_s() - self._since[1]


def line(figure: Figure) -> str:
    """A figure in a line of the terminal."""
    words = [f"  {figure.name:<52.52} {number(figure.value):>10} {figure.unit:<7}"]
    words.append(f"{_target(figure):<12}")
    words.append(f"{figure.ratio:6.2f}" if figure.ratio is not None else " " * 6)
    words.append("" if figure.kept else "MISSED")
    words.append(f"processor {figure.processor}" if figure.processor else "")
    words.append(f"({figure.peer})" if figure.peer else "")
    return " ".join(word for word in words if word).rstrip()


def table(figures: Iterable[Figure]) -> list[str]:
    """Figures as a table of a page."""
    lines = [
        "| figure | measured | target | by target | kept | processor | beside |",
        "| --- | ---: | ---: | ---: | --- | --- | --- |",
    ]
    for f in figures:
        kept = "" if f.target is None else "yes" if f.kept else "**no**"
        ratio = f"{f.ratio:.2f}" if f.ratio is not None else ""
        lines.append(
            f"| {f.name} | {number(f.value)} {f.unit} | {_target(f)} | {ratio} | {kept} | {f.processor} | {f.peer} |"
        )
    return lines


def number(value: float) -> str:
    """Three figures that matter, and all before the point."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    return f"{'≥' if figure.at_least else '≤'} {figure.target:,g}"


def fail(words: str) -> int:
    """Say why a part cannot be measured; the code to end with."""
    print(words, file=sys.stderr, flush=True)
    return 1
