"""`python -m tests.prove` (`make prove`): the long proofs, and the pages in docs/proofs that tell what they counted.

Each group is a pytest run of its own. Figures are counts of this run; the pages name no machine. Ends with 1 when any
group failed; the pages then say so too.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
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


_KILLS = {"ZHIKE_PROVE_KILLS": os.environ.get("ZHIKE_PROVE_KILLS", "200")}
_PAIRS = {"ZHIKE_PROVE_EXAMPLES": os.environ.get("ZHIKE_PROVE_EXAMPLES", "60")}
_SEQUENCES = {
    "ZHIKE_PROVE_SEQUENCES": os.environ.get("ZHIKE_PROVE_SEQUENCES", "500"),
    "ZHIKE_PROVE_STEPS": os.environ.get("ZHIKE_PROVE_STEPS", "50"),
}
_CASES = {"ZHIKE_PROVE_CASES": os.environ.get("ZHIKE_PROVE_CASES", "10000")}
_POSTGRESQL = {"ZHIKE_TEST_DATABASE": "postgresql"}
_KILLED = ("tests/flows/test_import_kill.py",)
_IDENTITY = ("tests/customers/identity",)
_UNDONE = ("tests/flows/test_import_undo.py",)

GROUPS = (
    Group("published-numbers", "Published numbers and independent computations", ("tests/analytics",)),
    Group(
        "value-classes",
        "Composition, bridge, ABC, concentration, ratios of products: published figures beside ours",
        tuple(f"tests/analytics/test_{name}.py" for name in ("value_classes", "composition", "margins")),
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
    ),
    Group(
        "matching",
        "Duplicates found in sets whose truth is known, beside what others published",
        ("tests/clean/test_linkage.py",),
    ),
    Group("leak-matrix", "No canary lies in clear anywhere", ("tests/flows/test_leak_matrix.py",)),
    Group("import-kills-sqlite", "An import that is killed, on SQLite", _KILLED, _KILLS),
    Group("import-kills-postgresql", "An import that is killed, on PostgreSQL", _KILLED, _KILLS | _POSTGRESQL),
    Group(
        "identity-sqlite",
        "Any sequence of arrivals, merges, moves and undone imports equals the model, on SQLite",
        _IDENTITY,
        _SEQUENCES,
    ),
    Group("identity-postgresql", "… on PostgreSQL", _IDENTITY, _SEQUENCES | _POSTGRESQL),
    Group("import-undo-sqlite", "Import A, import B, undo A equals import B, on SQLite", _UNDONE, _PAIRS),
    Group("import-undo-postgresql", "… on PostgreSQL", _UNDONE, _PAIRS | _POSTGRESQL),
)


@dataclass
class Outcome:
    """What came of a group."""

    group: Group
    counts: dict[str, int]
    seconds: int
    notes: list[dict[str, Any]]

    @property
    def holds(self) -> bool:
        """Something was proved, and nothing failed."""
        return not self.counts["failed"] and self.counts["passed"] > 0


def main(wanted: list[str]) -> int:
    """Run all groups, or those named, and write their pages; a page of a group not run stays as it is."""
    outcomes = [_proved(group) for group in GROUPS if not wanted or group.code in wanted]
    PAGES.mkdir(parents=True, exist_ok=True)
    for outcome in outcomes:
        (PAGES / f"{outcome.group.code}.md").write_text(_page(outcome), encoding="utf-8")
    if not wanted:
        (PAGES / "README.md").write_text(_index(outcomes), encoding="utf-8")
    return 0 if outcomes and all(outcome.holds for outcome in outcomes) else 1


def _proved(group: Group) -> Outcome:
    print(f"\n== {group.title}", flush=True)
    with tempfile.TemporaryDirectory(prefix="zhike-prove-") as scratch:
        report, notes = Path(scratch) / "report.xml", Path(scratch) / "notes"
        environment = os.environ | group.environment | {NOTES: str(notes)}
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *group.words, f"--junitxml={report}"], cwd=ROOT, env=environment
        )
        seconds = round(time.monotonic() - began)
        told = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()] if notes.exists() else []
        return Outcome(group, _counts(report), seconds, told)


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
        "| run on | holds | tests passed | failed | skipped | seconds |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        f"| {dt.date.today()} | {_row(outcome)} |",
    ]
    for note in outcome.notes:
        lines += ["", f"## {note['proof']}", "", "| figure | count |", "| --- | ---: |"]
        lines += [
            f"| {name} | {value:,} |" if isinstance(value, int) else f"| {name} | {value} |"
            for name, value in note["figures"].items()
        ]
    return "\n".join([*lines, ""])


def _index(outcomes: list[Outcome]) -> str:
    lines = [
        "# Proofs",
        "",
        "What the long tests counted the last time `make prove` ran through.",
        "",
        "| proof | holds | tests passed | failed | skipped | seconds |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        *(f"| [{outcome.group.title}]({outcome.group.code}.md) | {_row(outcome)} |" for outcome in outcomes),
    ]
    return "\n".join([*lines, ""])


def _row(outcome: Outcome) -> str:
    counts = outcome.counts
    holds = "yes" if outcome.holds else "**no**"
    return f"{holds} | {counts['passed']} | {counts['failed']} | {counts['skipped']} | {outcome.seconds}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
