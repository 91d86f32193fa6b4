"""Reading the audit: search page by page, export of the chain, verification, and what looks unusual."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from zhike.kit import clock
from zhike.kit.home import path
from zhike.secure import sealing_audit
from zhike.secure.auditing import CANONICAL
from zhike.secure.models import AuditEvent, AuditSeal
from zhike.secure.vault import roots
from zhike.secure.verify_audit import problems

PAGE = 50
MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; empty means anything. `since` and `until` are aware moments, `until` exclusive."""

    actor_id: int | None = None
    action: str = ""
    object_kind: str = ""
    object_id: str = ""
    field: str = ""
    outcome: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Fifty events, newest first, and where the pages before and after begin (ids; 0: there is none)."""

    events: list[AuditEvent]
    older_than: int
    newer_than: int


def search(filters: Filters, *, older_than: int = 0, newer_than: int = 0) -> AuditPage:
    """A page of the audit, by keyset on the id."""
    found = _matching(filters)
    if newer_than:
        rows = list(found.filter(pk__gt=newer_than).order_by("pk")[: PAGE + 1])
        more_newer, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        return AuditPage(rows, rows[-1].pk if rows else 0, rows[0].pk if rows and more_newer else 0)
    rows = list((found.filter(pk__lt=older_than) if older_than else found).order_by("-pk")[: PAGE + 1])
    more_older, rows = len(rows) > PAGE, rows[:PAGE]
    return AuditPage(rows, rows[-1].pk if rows and more_older else 0, rows[0].pk if rows and older_than else 0)


def matching_for_export(filters: Filters) -> Iterator[AuditEvent]:
    """Matching events, oldest first, at most 100,000."""
    yield from _matching(filters).order_by("pk")[:MOST_EXPORTED].iterator(chunk_size=2000)


def _matching(filters: Filters) -> QuerySet[AuditEvent]:
    found = AuditEvent.objects.all()
    for name in ("actor_id", "action", "object_kind", "object_id", "field", "outcome"):
        if (value := getattr(filters, name)) not in (None, ""):
            found = found.filter(**{name: value})
    if filters.since:
        found = found.filter(at__gte=filters.since)
    if filters.until:
        found = found.filter(at__lt=filters.until)
    return found


def event_lines() -> Iterator[dict[str, Any]]:
    """All events as verify_audit reads them, by id."""
    for event in AuditEvent.objects.order_by("pk").iterator(chunk_size=2000):
        line = {name: getattr(event, name) for name in CANONICAL}
        yield {**line, "id": event.pk, "at": int(event.at.timestamp() * 1_000_000), "mac": event.mac}


def seal_lines() -> Iterator[dict[str, Any]]:
    """All seals as verify_audit reads them, by sequence."""
    names = ("seq", "first_id", "last_id", "count", "root", "prev_mac", "mac")
    for seal in AuditSeal.objects.order_by("seq").iterator(chunk_size=2000):
        yield {**{n: getattr(seal, n) for n in names}, "at": int(seal.at.timestamp() * 1_000_000)}


def anchors() -> list[dict[str, Any]]:
    """All anchors on disk."""
    files = sorted(path("audit-anchors").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines() if line]


def verify() -> list[str]:
    """Seal what is pending, then check every event, seal and anchor; what is wrong, nothing when the audit is whole."""
    sealing_audit.seal_pending()
    return list(problems(event_lines(), seal_lines(), roots.audit_key(), anchors()))


def export_chain(out: IO[str]) -> int:
    """Write the whole chain as JSON lines for the stand-alone checker; how many lines."""
    sealing_audit.seal_pending()
    count = 0
    for kind, lines in (("event", event_lines()), ("seal", seal_lines())):
        for line in lines:
            out.write(json.dumps({kind: line}, ensure_ascii=False) + "\n")
            count += 1
    return count


@dataclass(frozen=True, slots=True)
class Alert:
    """Something unusual: a code the page words, about whom, how often."""

    code: str
    actor: str
    actor_id: int | None
    count: int


MANY_REVEALS, MANY_EXPORTS, MANY_FAILURES = 30, 5, 10
NIGHT_HOURS = range(0, 6)


def alerts(time_zone: str) -> list[Alert]:
    """Unusual use in the last 24 hours: many reveals or exports, work at night, refused reveals, alarms of the vault."""
    since = clock.now() - dt.timedelta(hours=24)
    recent = AuditEvent.objects.filter(at__gte=since)
    found = []
    bounds = [("many_reveals", "reveal", "ok", MANY_REVEALS), ("many_exports", "export", "ok", MANY_EXPORTS)]
    bounds += [
        ("refused_reveals", "reveal", "refused", 3),
        ("failed_sign_ins", "sign_in_failed", "failed", MANY_FAILURES),
    ]
    bounds += [("blocked_lookups", "lookup.blocked", "refused", 1), ("vault_alarms", "vault.alarm", "failed", 1)]
    for code, action, outcome, least in bounds:
        counted = recent.filter(action=action, outcome=outcome).values("actor_id", "actor").annotate(n=Count("id"))
        found += [Alert(code, row["actor"], row["actor_id"], row["n"]) for row in counted if row["n"] >= least]
    return found + _at_night(recent, ZoneInfo(time_zone))


def _at_night(recent: QuerySet[AuditEvent], zone: ZoneInfo) -> list[Alert]:
    counts: dict[tuple[int | None, str], int] = {}
    acts = recent.filter(action__in=["reveal", "export"], actor_id__isnull=False).values_list("actor_id", "actor", "at")
    for actor_id, actor, at in acts[:10_000]:
        if at.astimezone(zone).hour in NIGHT_HOURS:
            counts[actor_id, actor] = counts.get((actor_id, actor), 0) + 1
    return [Alert("at_night", actor, actor_id, n) for (actor_id, actor), n in counts.items()]
