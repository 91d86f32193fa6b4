"""An import is killed at every failpoint and at random moments; resumed, nothing is lost and nothing doubled."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests import proofs
from tests.collect.importing import HEADERS, ORDERS_MAPPING, brought, counted, csv_bytes, order_row, state
from zhike.collect.models import ImportRun

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(2400),
]

ROWS = [
    order_row(
        f"O{n // 2}",
        f"c{n % 97}" if n % 5 else "",
        sku=f"S{n % 13}",
        price=f"{n % 50}.{n % 100:02d}" if n % 211 else "oops",
        name=f"王{n % 97}",
        email=f"c{n % 97}@example.com",
    )
    for n in range(2400)
] + [order_row("O3", "c7", sku="LATE")]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The orders file and its mapping."""
    orders, mapping = tmp_path / "orders.csv", tmp_path / "mapping.yaml"
    orders.write_bytes(csv_bytes(HEADERS, ROWS))
    mapping.write_text(ORDERS_MAPPING, encoding="utf-8")
    return orders, mapping


@pytest.fixture
def truth(files: tuple[Path, Path]) -> Iterator[dict[str, Any]]:
    """The state an undisturbed import leaves, then an empty database again."""
    run = brought(files[0].read_bytes(), source="test_shop")
    wanted = {"state": state(), "counts": dict(run.counts), "rejects": counted("collect_rejectrow")}
    _empty()
    yield wanted


def _empty() -> None:
    from django.core.management import call_command

    from zhike.kit import ids

    for alias in ("default", "keyring"):
        call_command("flush", database=alias, interactive=False, verbosity=0, allow_cascade=True)
    ids.forget_blocks()


def zhike(*words: str, failpoint: str = "") -> subprocess.Popen[str]:
    environment = {**os.environ, "ZHIKE_FAILPOINT": failpoint, "LANG": "C.UTF-8"}
    code = "import sys; from zhike.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "import", *words, "--json"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str], *, may_be_cut: bool = False) -> tuple[int, dict[str, Any]]:
    out, err = process.communicate(timeout=300)
    for connection in connections.all():
        connection.close()
    try:
        return process.returncode, json.loads(out) if out.strip() else {"said": err}
    except json.JSONDecodeError:
        if may_be_cut and process.returncode:
            return process.returncode, {}
        raise AssertionError(out + err) from None


def bring(files: tuple[Path, Path], failpoint: str = "") -> subprocess.Popen[str]:
    return zhike("orders", str(files[0]), "--mapping", str(files[1]), "--source", "test_shop", failpoint=failpoint)


def newest() -> dict[str, Any]:
    code, answer = ended(zhike("list"))
    assert code == 0, answer
    return answer["imports"][0] if answer["imports"] else {}


def resumed(files: tuple[Path, Path]) -> dict[str, Any]:
    """Whatever the kill left: an import that never began is brought again, one that began goes on."""
    run = newest()
    if not run or run["state"] in ("stored", "checking", "checked"):
        code, run = ended(bring(files))
    elif run["state"] == "done":
        code = 0
    else:
        code, run = ended(zhike("resume", str(run["id"])))
    assert code == 0, run
    return run


# `make prove` asks for hundreds, on both databases; the quick suite for one.
KILLS = int(os.environ.get("ZHIKE_PROVE_KILLS", "1"))
PROVING = "ZHIKE_PROVE_KILLS" in os.environ
QUICK_POINTS = ["collect.inside_batch:2", "collect.inside_finish:2"]
POINTS = [
    "collect.after_store",
    "collect.after_prepare:1",
    "collect.after_prepare:2",
    "collect.inside_batch:1",
    "collect.inside_batch:3",
    "collect.after_batch:1",
    "collect.after_batch:2",
    "collect.before_finish",
    "collect.inside_finish:1",
    "collect.inside_finish:2",
]


def differences(truth: dict[str, Any]) -> list[str]:
    """What an import that was killed and resumed left different from an undisturbed one; empty when nothing."""
    now = {"state": state(), "counts": dict(_newest_run().counts), "rejects": counted("collect_rejectrow")}
    return [name for name, value in now.items() if value != truth[name]]


def _newest_run() -> ImportRun:
    return ImportRun.objects.latest("id")


@pytest.mark.long_on_postgresql
@pytest.mark.both_databases
def test_an_import_killed_at_every_failpoint_loses_and_doubles_nothing(
    files: tuple[Path, Path], truth: dict[str, Any]
) -> None:
    points = POINTS if PROVING else QUICK_POINTS
    for point in points:
        _empty()
        code, _ = ended(bring(files, point))
        assert code == -signal.SIGKILL, point
        resumed(files)
        assert differences(truth) == [], point
    proofs.note("Import killed at failpoints", points=len(points), kills=len(points), rows=len(ROWS), differences=0)


def test_visits_killed_inside_and_after_a_batch_are_all_there_once(tmp_path: Path) -> None:
    visits, mapping = tmp_path / "visits.csv", tmp_path / "visits.yaml"
    rows = [[f"v{n % 40}", f"2021-03-{n % 28 + 1:02d} 10:{n % 60:02d}:00", f"/page/{n}"] for n in range(1_600)]
    visits.write_bytes(csv_bytes(["v", "t", "u"], rows))
    mapping.write_text("{kind: visits, platform: test_shop, visit: {visitor: v, at: t, url: u}}", encoding="utf-8")
    words = ("visits", str(visits), "--mapping", str(mapping), "--source", "test_shop", "--legal-basis", "contract")
    for point in ("collect.inside_batch:1", "collect.after_batch:1") if PROVING else ("collect.after_batch:1",):
        _empty()
        code, _ = ended(zhike(*words, failpoint=point))
        assert code == -signal.SIGKILL, point
        code, run = ended(zhike("resume", str(newest()["id"])))
        assert code == 0, run
        assert (run["counts"]["new"], run["counts"]["unchanged"]) == (len(rows), 0)
        assert (counted("collect_trackedevent"), counted("collect_trackedsighting")) == (len(rows), len(rows))
        assert counted("collect_visitor") == 40


def test_an_import_killed_again_and_again_at_random_moments_ends_the_same(
    files: tuple[Path, Path], truth: dict[str, Any]
) -> None:
    chance = random.Random(20261122)
    _empty()
    began = time.monotonic()
    ended(bring(files))
    whole_s = time.monotonic() - began
    kills = imports = 0
    hits: Counter[str] = Counter()
    _empty()
    while kills < KILLS:
        began, process = time.monotonic(), _go_on(files)
        try:
            process.wait(chance.uniform(0.4, 1.0) * whole_s)
        except subprocess.TimeoutExpired:
            process.kill()
        code, answer = ended(process, may_be_cut=True)
        assert code in (0, -signal.SIGKILL), answer
        if code == 0:  # faster than when it was measured: a machine that grew quiet must not outrun every kill
            whole_s = min(whole_s * 0.9, max(time.monotonic() - began, whole_s / 2))
        kills += code != 0
        hits[_where()] += code != 0
        if code == 0 or _where() == "done":  # killed after its last commit, it is done all the same
            assert differences(truth) == []
            imports += 1
            _empty()
    resumed(files)
    assert differences(truth) == []
    told = {f"killed while {name}": count for name, count in sorted(hits.items()) if count}
    proofs.note("Import killed at random", kills=kills, imports=imports + 1, rows=len(ROWS), differences=0, **told)


def _go_on(files: tuple[Path, Path]) -> subprocess.Popen[str]:
    """Whatever the last kill left: resume it, or bring the file when nothing was begun."""
    run = ImportRun.objects.order_by("-id").first()
    if run is None or run.state in ("stored", "checking", "checked", "done"):
        return bring(files)
    return zhike("resume", str(run.id))


def _where() -> str:
    """How far the import had come, for the page of proofs."""
    run = ImportRun.objects.order_by("-id").first()
    if run is None:
        return "starting"
    return f"{run.state} {run.phase}".strip() if run.started_at else "taking the file in or checking it"


@pytest.mark.long_on_postgresql
@pytest.mark.both_databases
def test_an_undoing_killed_in_the_middle_goes_on(files: tuple[Path, Path]) -> None:
    before = state()
    run = brought(files[0].read_bytes(), source="test_shop")
    code, _ = ended(zhike("undo", str(run.id), failpoint="collect.inside_undo:2"))
    assert code == -signal.SIGKILL
    code, answer = ended(zhike("resume", str(run.id)))
    assert (code, answer["state"]) == (0, "undone")
    assert state() == before


@pytest.mark.both_databases
def test_two_imports_at_once_wait_for_each_other(files: tuple[Path, Path]) -> None:
    first = bring(files)
    time.sleep(0.2)
    second = bring(files)
    answers = [ended(first), ended(second)]
    assert [code for code, _ in answers] == [0, 0], answers
    answers.sort(key=lambda pair: pair[1]["counts"]["new"])
    assert answers[0][1]["counts"]["new"] == 0
    assert answers[0][1]["counts"]["unchanged"] == answers[1][1]["counts"]["new"]
