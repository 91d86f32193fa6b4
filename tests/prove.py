"""`python -m tests.prove` (`make prove`): the long proofs, and the pages in docs/proofs that tell what they counted.

Each group is a pytest run of its own, or several that share its work, on databases of their own: as many run side by side as
there are processors. Figures are counts of this run; the pages name no machine. Ends with 1 when any group failed; the pages
then say so too, and they are written as the groups end, so that a run that is cut short leaves what it counted. The page of
all proofs says of each when it was last run.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.proofs import NOTES

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "proofs"


@dataclass(frozen=True)
class Group:
    """One pytest run: what it proves, where its tests are, and what it is told."""

    code: str
    title: str
    words: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    shares: tuple[tuple[str, ...], ...] = ((),)  # what each of its runs is told besides
    minutes: int = 1  # of a processor, about, for each share: the long ones begin first


_HALVES = 2  # random sequences are drawn by two runs, each from a seed of its own
_KILLS = {"ZHIKE_PROVE_KILLS": os.environ.get("ZHIKE_PROVE_KILLS", "200")}
_PAIRS = {"ZHIKE_PROVE_EXAMPLES": os.environ.get("ZHIKE_PROVE_EXAMPLES", "60")}
_SEQUENCES = {
    "ZHIKE_PROVE_SEQUENCES": str(-(-int(os.environ.get("ZHIKE_PROVE_SEQUENCES", "300")) // _HALVES)),
    "ZHIKE_PROVE_STEPS": os.environ.get("ZHIKE_PROVE_STEPS", "50"),
}
_CASES = {"ZHIKE_PROVE_CASES": os.environ.get("ZHIKE_PROVE_CASES", "10000")}
_LOOKS = {"ZHIKE_PROVE_LOOKS": "all"}
_DETAILS = "every_detail_page_pleases_axe"
_HELD_TO_AXE = "axe or screen or is_told_by_share or stand_in_both_sizes or taken_apart"
_POSTGRESQL = {"ZHIKE_TEST_DATABASE": "postgresql"}
_SEEDS = tuple((f"--hypothesis-seed={seed}",) for seed in range(1, _HALVES + 1))
_RANDOM_KILLS = (("-k", "random_moments"), ("-k", "not random_moments"))
_CREWS = (("-k", "odd"), ("-k", "even"))  # every second role each (tests/api/test_fuzz.py)
_VALUE, _LIFETIME = ("value_classes", "composition", "margins"), ("lifetime", "lifetime_bad_input", "retention")
_CREDIT = ("ratios", "credit", "credit_limits")
_SATISFACTION = ("satisfaction", "satisfaction_bad_input", "loyalty")
_GOODS = ("association", "recommend", "replenishment")
_PORTRAIT = ("portrait",)
_OF_THEIR_OWN = (
    *_VALUE,
    *_LIFETIME,
    *_CREDIT,
    *_SATISFACTION,
    *_GOODS,
    *_PORTRAIT,
)  # have groups, and pages, of their own
_KILLED = ("tests/flows/test_import_kill.py",)
_IDENTITY = ("tests/customers/identity", "tests/customers/test_consents.py")
_UNDONE = ("tests/flows/test_import_undo.py",)

GROUPS = (
    Group(
        "published-numbers",
        "Published numbers and independent computations",
        (
            "tests/analytics",
            "--ignore=tests/analytics/engines",
            "--ignore=tests/analytics/oracles",
            *(f"--ignore=tests/analytics/test_{name}.py" for name in _OF_THEIR_OWN),
        ),
    ),
    Group(
        "value-classes",
        "Composition, bridge, ABC, concentration, ratios of products: published figures beside ours",
        tuple(f"tests/analytics/test_{name}.py" for name in _VALUE),
    ),
    Group(
        "lifetime-value",
        "Lifetime value and retention: published figures beside ours",
        tuple(f"tests/analytics/test_{name}.py" for name in _LIFETIME),
    ),
    Group(
        "credit",
        "Operating ratios and credit: published figures beside ours",
        tuple(f"tests/analytics/test_{name}.py" for name in _CREDIT),
    ),
    Group(
        "satisfaction",
        "Satisfaction and loyalty: published figures beside ours",
        tuple(f"tests/analytics/test_{name}.py" for name in _SATISFACTION),
    ),
    Group(
        "products",
        "Products together, recommended and bought again: published figures beside ours",
        tuple(f"tests/analytics/test_{name}.py" for name in _GOODS),
    ),
    Group(
        "portrait",
        "Portraits: groups that hold, guesses with evidence, look-alikes tried",
        tuple(f"tests/analytics/test_{name}.py" for name in _PORTRAIT),
    ),
    Group(
        "other-packages",
        "The same answers as lifetimes, mlxtend, implicit, plspm, scikit-learn and statsmodels",
        ("tests/analytics/oracles",),
    ),
    Group(
        "online-retail",
        "Online Retail, the whole file: imported to the cent, scored customer by customer",
        ("tests/flows/test_import_of_exports.py", "tests/analyze/test_online_retail.py"),
    ),
    Group("platforms", "Exports of four platforms by their real headers", ("tests/flows/test_import_of_platforms.py",)),
    Group(
        "api-requests",
        "10,000 made-up API requests a role: no fault, nothing undocumented",
        ("tests/api/test_fuzz.py",),
        _CASES,
        _CREWS,
        minutes=7,
    ),
    Group(
        "matching",
        "Duplicates found in sets whose truth is known, beside what others published",
        ("tests/clean/test_linkage.py",),
        minutes=6,
    ),
    Group(
        "looks",
        "Every page held to axe in every size, theme and language its story knows",
        ("tests/browser",),
        _LOOKS,
        (("-k", _DETAILS), ("-k", f"({_HELD_TO_AXE}) and not {_DETAILS}")),
        minutes=5,
    ),
    Group(
        "spark",
        "Every measure on a Spark cluster of two workers, equal to DuckDB",
        ("tests/analyze/test_engines.py",),
        minutes=8,
    ),
    Group(
        "lake-place",
        "The lake on an S3 server and over WebHDFS",
        ("tests/analyze/test_lake_place.py",),
    ),
    Group(
        "spark-library",
        "Every function of the library that stands on tables, on Spark, equal to DuckDB",
        ("tests/analytics/engines",),
        minutes=4,
    ),
    Group("leak-matrix", "No canary lies in clear anywhere", ("tests/flows/test_leak_matrix.py",), minutes=5),
    Group(
        "upgrade",
        "An installation of the first tables, filled, brought up to date, on both databases",
        ("tests/flows/test_upgrade.py",),
        minutes=2,
    ),
    Group(
        "point-in-time",
        "PostgreSQL turned back to a moment: the mistake is gone, the erased stay erased",
        ("tests/protect/test_point_in_time.py",),
    ),
    Group(
        "everything",
        "Everything out in an open format and in again, killed early, in the middle and late",
        ("tests/protect/test_everything.py",),
        minutes=2,
    ),
    Group(
        "storage-postgresql",
        "Long stories of storage, told on PostgreSQL as well",
        ("tests", "-m", "long_on_postgresql"),
        _POSTGRESQL,
        minutes=4,
    ),
    Group(
        "at-full-length",
        "Stories told shorter every time, at their full length",
        (
            "tests/kit/test_ids.py",
            "tests/analyze/test_measures_run.py",
            "tests/desk/demo/test_demo_shop.py",
            "tests/protect/test_backup.py",
            "-m",
            "slow",
        ),
    ),
    Group(
        "packaging",
        "The wheel, the documentation site, the compose file: built and run",
        ("tests/packaging",),
        minutes=3,
    ),
    Group("import-kills-sqlite", "An import that is killed, on SQLite", _KILLED, _KILLS, _RANDOM_KILLS, 9),
    Group(
        "import-kills-postgresql",
        "An import that is killed, on PostgreSQL",
        _KILLED,
        _KILLS | _POSTGRESQL,
        _RANDOM_KILLS,
        8,
    ),
    Group(
        "identity-sqlite",
        "Any sequence of arrivals, merges, moves and undone imports equals the model, on SQLite",
        _IDENTITY,
        _SEQUENCES,
        _SEEDS,
        5,
    ),
    Group(
        "identity-postgresql",
        "Any sequence of arrivals, merges, moves and undone imports equals the model, on PostgreSQL",
        _IDENTITY,
        _SEQUENCES | _POSTGRESQL,
        _SEEDS,
        7,
    ),
    Group("import-undo-sqlite", "Import A, import B, undo A equals import B, on SQLite", _UNDONE, _PAIRS),
    Group(
        "import-undo-postgresql",
        "Import A, import B, undo A equals import B, on PostgreSQL",
        _UNDONE,
        _PAIRS | _POSTGRESQL,
    ),
)

_COLUMNS = "run on | holds | tests passed | failed | skipped | seconds | processor seconds"


@dataclass
class Outcome:
    """What came of a group."""

    group: Group
    counts: dict[str, int]
    seconds: int
    processor_s: int  # of its processes, not of a PostgreSQL server; a busy machine hardly changes it
    notes: list[dict[str, Any]]

    @property
    def holds(self) -> bool:
        """Something was proved, and nothing failed."""
        return not self.counts["failed"] and self.counts["passed"] > 0


def main(wanted: list[str]) -> int:
    """Run all groups, or those named, and write their pages; a page of a group not run stays as it is."""
    if unknown := set(wanted) - {group.code for group in GROUPS}:
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(group.code for group in GROUPS)}")
        return 2
    groups = [group for group in GROUPS if not wanted or group.code in wanted]
    PAGES.mkdir(parents=True, exist_ok=True)
    began, outcomes = time.monotonic(), {}
    for outcome in _side_by_side(groups):
        outcomes[outcome.group.code] = outcome
        (PAGES / f"{outcome.group.code}.md").write_text(_page(outcome), encoding="utf-8")
        (PAGES / "README.md").write_text(_index(), encoding="utf-8")
    print(f"\n{len(outcomes)} groups in {time.monotonic() - began:.0f} s")
    for outcome in outcomes.values():
        print(
            f"  {'holds' if outcome.holds else 'FAILED':<8}{outcome.group.code:<28}{outcome.seconds:>6} s, processor {outcome.processor_s:>6} s"
        )
    return 0 if outcomes and all(outcome.holds for outcome in outcomes.values()) else 1


def _side_by_side(groups: list[Group]) -> Iterator[Outcome]:
    """Each group's outcome when the last of its shares has ended."""
    parts = sorted(((g, share) for g in groups for share in g.shares), key=lambda one: -one[0].minutes)
    ended: dict[str, list[Outcome]] = {group.code: [] for group in groups}
    with ThreadPoolExecutor(os.cpu_count() or 2) as lanes:
        running: list[Future[Outcome]] = [lanes.submit(_proved, *one) for one in parts]
        for done in as_completed(running):
            outcome = done.result()
            group, shares = outcome.group, ended[outcome.group.code]
            shares.append(outcome)
            if len(shares) == len(group.shares):
                yield _together(group, shares)


def _together(group: Group, shares: list[Outcome]) -> Outcome:
    """One outcome of several runs. Counts that two runs noted under one name are added up."""
    counts = {name: sum(one.counts[name] for one in shares) for name in ("passed", "failed", "skipped")}
    notes: dict[str, dict[str, Any]] = {}
    for note in (note for one in shares for note in one.notes):
        known = notes.setdefault(note["proof"], {"proof": note["proof"], "figures": {}})["figures"]
        for name, value in note["figures"].items():
            known[name] = known[name] + value if isinstance(known.get(name), int) else value
    seconds, processor_s = (sum(getattr(one, name) for one in shares) for name in ("seconds", "processor_s"))
    return Outcome(group, counts, seconds, processor_s, [notes[name] for name in sorted(notes)])


def _proved(group: Group, share: tuple[str, ...]) -> Outcome:
    print(f"begun: {group.code} {' '.join(share)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="zhike-prove-") as scratch:
        report, notes, said = (Path(scratch) / name for name in ("report.xml", "notes", "said"))
        environment = os.environ | group.environment | {NOTES: str(notes)}
        words = [sys.executable, "-m", "pytest", "-q", *group.words, *share, f"--junitxml={report}"]
        began = time.monotonic()
        with said.open("w", encoding="utf-8") as stream:
            process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=stream, stderr=subprocess.STDOUT)
            _, status, spent = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds, processor_s = round(time.monotonic() - began), round(spent.ru_utime + spent.ru_stime)
        print(f"\n== {group.title} {' '.join(share)}: {seconds} s\n{said.read_text(encoding='utf-8')}", flush=True)
        told = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()] if notes.exists() else []
        return Outcome(group, _counts(report), seconds, processor_s, told)


def _counts(report: Path) -> dict[str, int]:
    """Tests by what came of them; a run that broke off before its report counts as one failure."""
    if not report.exists():
        return {"passed": 0, "failed": 1, "skipped": 0}
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    total, skipped = (sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "skipped"))
    failed = sum(int(suite.get(name, "0")) for suite in suites for name in ("failures", "errors"))
    return {"passed": total - failed - skipped, "failed": failed, "skipped": skipped}


def _page(outcome: Outcome) -> str:
    lines = [
        f"# {outcome.group.title}",
        "",
        "Written by `make prove`; the figures are what that run counted.",
        "",
        f"| {_COLUMNS} |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        f"| {dt.date.today()} | {_row(outcome)} |",
    ]
    for note in outcome.notes:
        lines += ["", f"## {note['proof']}", "", "| figure | count |", "| --- | ---: |"]
        lines += [
            f"| {name} | {value:,} |" if isinstance(value, int) else f"| {name} | {value} |"
            for name, value in note["figures"].items()
        ]
    return "\n".join([*lines, ""])


def _index() -> str:
    """All proofs, each as its page tells it; what has no page was not run yet."""
    lines = [
        "# Proofs",
        "",
        "What the long tests counted the last time `make prove` ran each of them. Seconds are those of all runs of a proof; those",
        "of a processor leave out the PostgreSQL server.",
        "",
        f"| proof | {_COLUMNS} |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for group in GROUPS:
        page = PAGES / f"{group.code}.md"
        if not page.exists():
            lines.append(f"| {group.title} | not run yet | | | | | | |")
            continue
        head, _, row = page.read_text(encoding="utf-8").splitlines()[4:7]
        told = dict(zip(_cells(head), _cells(row), strict=True))
        cells = " | ".join(told.get(name, "") for name in _COLUMNS.split(" | "))
        lines.append(f"| [{group.title}]({group.code}.md) | {cells} |")
    return "\n".join([*lines, ""])


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _row(outcome: Outcome) -> str:
    counts = outcome.counts
    holds = "yes" if outcome.holds else "**no**"
    return f"{holds} | {counts['passed']} | {counts['failed']} | {counts['skipped']} | {outcome.seconds} | {outcome.processor_s}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
