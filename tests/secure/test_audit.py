"""The audit only grows, and every change to what it holds is found."""

import io
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.cast import hire
from zhike.secure import actions, audit_trail, sealing_audit
from zhike.secure.models import AuditEvent, AuditSeal
from zhike.secure.records import SYSTEM
from zhike.secure.vault import roots
from zhike.secure.verify_audit import problems

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def fill(rounds: int = 6, each: int = 5) -> None:
    for n in range(rounds):
        for k in range(each):
            actions.record_audit(
                "reveal", by=SYSTEM, about=("customer", n * each + k), field="phone", detail={"n": n, "字": "值"}
            )
        sealing_audit.seal_pending()


def chain() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return list(audit_trail.event_lines()), list(audit_trail.seal_lines())


def wrong(events: list[dict[str, Any]], seals: list[dict[str, Any]], anchors: Any = ()) -> list[str]:
    return list(problems(events, seals, roots.audit_key(), anchors))


@pytest.mark.parametrize("table", ["secure_auditevent", "secure_auditseal"])
@pytest.mark.parametrize("act", ["UPDATE {} SET mac = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_the_audit(table: str, act: str) -> None:
    fill(1)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))
    assert AuditEvent.objects.count() == 5


def test_an_untouched_audit_is_whole() -> None:
    fill()
    assert audit_trail.verify() == []
    assert (
        AuditSeal.objects.count() == 6
        and AuditSeal.objects.order_by("seq").last().last_id == AuditEvent.objects.order_by("pk").last().pk
    )


def test_an_empty_audit_is_whole_and_has_nothing_to_seal() -> None:
    assert sealing_audit.seal_pending() == 0 and audit_trail.verify() == [] and not sealing_audit.write_anchor()


def test_three_hundred_random_changes_are_all_found() -> None:
    fill(rounds=8, each=6)
    events, seals = chain()
    dice = random.Random(7)
    assert wrong(events, seals) == []
    for _ in range(300):
        changed_events, changed_seals = json.loads(json.dumps([events, seals]))
        what = _mutate(dice, changed_events, changed_seals)
        assert wrong(changed_events, changed_seals), what


def _mutate(dice: random.Random, events: list[dict[str, Any]], seals: list[dict[str, Any]]) -> str:
    rows = dice.choice([events, seals])
    at = dice.randrange(len(rows) - 1)  # the last seal alone needs an anchor, tested below
    kind = dice.choice(["edit", "delete", "insert", "swap", "move"])
    if kind == "edit":
        name = dice.choice(sorted(rows[at]))
        value = rows[at][name]
        rows[at][name] = (
            value + 1 if isinstance(value, int) else {"n": -1} if isinstance(value, dict) else f"{value or ''}x"
        )
        return f"edit {name}"
    if kind == "delete":
        del rows[at]
    elif kind == "insert":
        rows.insert(at, dict(rows[at + 1]))
    elif kind == "swap":
        rows[at], rows[at + 1] = rows[at + 1], rows[at]
    else:
        rows[at] = {**rows[at], **{n: rows[at + 1][n] for n in rows[at] if n not in ("id", "seq")}}
    return kind


def test_a_cut_tail_is_found_by_the_anchor(home: Path) -> None:
    fill(3)
    assert sealing_audit.write_anchor() and not sealing_audit.write_anchor()
    anchors = audit_trail.anchors()[-1:]
    events, seals = chain()
    assert wrong(events, seals, anchors) == []
    assert wrong(events[:-5], seals[:-1]) == []  # nothing in the chain itself can tell
    assert "cut or rewritten" in wrong(events[:-5], seals[:-1], anchors)[0]
    for file in (home / "audit-anchors").iterdir():
        file.unlink()


def test_an_event_not_sealed_yet_is_still_checked_by_its_own_mac() -> None:
    fill(1)
    actions.record_audit("reveal", by=SYSTEM)
    events, seals = chain()
    events[-1]["actor"] = "somebody else"
    assert wrong(events, seals) == [f"event {events[-1]['id']}: changed"]


def test_another_key_verifies_nothing() -> None:
    fill(1)
    assert list(problems(*chain(), b"\0" * 32))


def test_a_seal_covers_only_what_was_committed_and_goes_on_after_it() -> None:
    fill(1)
    first = AuditSeal.objects.get()
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.record_audit("reveal", by=SYSTEM)
        raise RuntimeError
    actions.record_audit("reveal", by=SYSTEM)
    assert sealing_audit.seal_pending() == 1
    assert AuditSeal.objects.get(seq=2).prev_mac == first.mac and audit_trail.verify() == []


def test_the_stand_alone_file_checks_an_exported_chain(tmp_path: Path) -> None:
    fill(2)
    file, key = tmp_path / "chain.jsonl", tmp_path / "audit.key"
    with file.open("w") as out:
        assert audit_trail.export_chain(out) == 12
    key.write_bytes(roots.audit_key())
    from zhike.secure import verify_audit

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, verify_audit.__file__, file, key], capture_output=True, text=True, check=False
        )

    assert run().returncode == 0 and "whole: 12 lines" in run().stdout
    file.write_text(file.read_text().replace('"n": 0', '"n": 1', 1))
    assert run().returncode == 1 and "changed" in run().stdout
    assert len(Path(verify_audit.__file__).read_text().splitlines()) <= 80


def test_search_pages_through_without_losing_or_repeating_an_event() -> None:
    fill(rounds=26, each=5)
    page, seen = audit_trail.search(audit_trail.Filters(action="reveal")), []
    while True:
        seen += [e.pk for e in page.events]
        if not page.older_than:
            break
        last, page = page, audit_trail.search(audit_trail.Filters(action="reveal"), older_than=page.older_than)
    assert len(seen) == len(set(seen)) == 130 and seen == sorted(seen, reverse=True)
    back = audit_trail.search(audit_trail.Filters(action="reveal"), newer_than=page.newer_than)
    assert [e.pk for e in back.events] == [e.pk for e in last.events]


@pytest.mark.parametrize(
    "filters", [{"object_id": "3"}, {"object_kind": "customer", "object_id": "3", "field": "phone", "outcome": "ok"}]
)
def test_search_finds_by_object_and_field(filters: dict[str, str]) -> None:
    fill(2)
    assert [e.object_id for e in audit_trail.search(audit_trail.Filters(**filters)).events] == ["3"]


def test_many_reveals_by_one_person_are_shown_as_unusual() -> None:
    agent = hire("agent")
    from zhike.secure import queries

    for _ in range(audit_trail.MANY_REVEALS):
        actions.record_audit("reveal", by=queries.viewer_of(agent))
    found = {a.code: a for a in audit_trail.alerts("Asia/Shanghai")}
    assert found["many_reveals"].count == audit_trail.MANY_REVEALS and found["many_reveals"].actor_id == agent.pk


def test_the_page_shows_and_filters_and_only_to_those_who_may(as_officer: Client, as_agent: Client) -> None:
    fill(1)
    assert as_agent.get("/security/audit/").status_code == 403
    page = as_officer.get("/security/audit/", {"action": "reveal", "object_id": "3"})
    assert page.status_code == 200 and page.content.decode().count("<tr>") == 2
    for bad in ({"since": "x"}, {"older": "9" * 40}, {"actor": "²"}, {"until": "9999-12-31"}):
        assert as_officer.get("/security/audit/", bad).status_code == 200, bad


def test_things_stand_in_the_audit_by_their_names_for_those_who_may_see_them(as_officer: Client) -> None:
    from zhike.customers.actions import add_customer, add_source
    from zhike.customers.models import Customer
    from zhike.secure import queries

    agent = hire("agent")
    source = add_source(code="shop", name="西湖小店", channel_kind="shop_platform", legal_basis="contract", by=SYSTEM)
    opened = Customer.objects.get(pk=add_customer("person", {"name": "王小明"}, by=queries.viewer_of(hire("owner"))))
    for about in (("staff", agent.pk), ("source", source.id), ("customer", opened.id), ("customer", 10**15)):
        actions.record_audit("reveal", by=SYSTEM, about=about)
    text = as_officer.get("/security/audit/", {"action": "reveal"}).content.decode()
    assert agent.display_name in text and "西湖小店" in text and opened.number in text and str(10**15) in text
    assert "王小明" not in text
    by_number = as_officer.get("/security/audit/", {"object_id": opened.number.lower(), "action": "reveal"})
    assert by_number.content.decode().count("<tr>") == 2


def test_every_kind_of_thing_the_audit_speaks_of_has_words() -> None:
    import re

    import zhike
    from zhike.secure.audit_actions import OBJECT_KINDS

    sources = Path(zhike.__file__).parent.rglob("*.py")
    kinds = {kind for file in sources for kind in re.findall(r'about=\("(\w+)", ', file.read_text(encoding="utf-8"))}
    assert len(kinds) > 15 and kinds <= set(OBJECT_KINDS), kinds - set(OBJECT_KINDS)


def test_an_export_is_harmless_csv_and_is_itself_audited(as_officer: Client) -> None:
    from zhike.secure.records import Viewer

    actions.record_audit("reveal", by=Viewer(None, "=cmd()"))
    text = b"".join(as_officer.post("/security/audit/export/", {}).streaming_content).decode()
    assert "'=cmd()" in text and "\n=cmd" not in text
    assert AuditEvent.objects.filter(action="audit.exported").count() == 1
    assert as_officer.get("/security/audit/export/").status_code == 405


def test_a_printed_chain_is_json_lines() -> None:
    fill(1)
    out = io.StringIO()
    audit_trail.export_chain(out)
    assert [next(iter(json.loads(line))) for line in out.getvalue().splitlines()] == ["event"] * 5 + ["seal"]
