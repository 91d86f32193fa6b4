"""What the pages of truth checks ask: results by collector, one collector's draws and checks, one check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhike.clean.actions.truth import asked_root
from zhike.clean.models import TruthCheck, TruthDraw
from zhike.clean.queries.verification import Accuracy, interval
from zhike.clean.truth.rates import INVENTED, TRUE, Result, rate_of, results, rules
from zhike.clean.truth.words import visible
from zhike.customers import queries as customers
from zhike.kit.paging import Column, Page, Sort, page_of
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

__all__ = [
    "CollectorLine",
    "Entered",
    "check_page",
    "checks",
    "collector",
    "collectors",
    "draws",
    "entered",
    "invented_records",
    "one",
    "open_checks",
    "rules",
    "visible",
    "with_accuracy",
]

_SORTS: dict[str, Sort] = {"newest": (Column("id", descending=True),)}


@dataclass(frozen=True, slots=True)
class CollectorLine:
    """One collector: what came of the checks drawn by chance, the interval of the share true, and what is drawn next."""

    staff_id: int
    name: str
    result: Result
    share: float | None
    low: float
    high: float
    next_share: float
    next_why: str
    records: int
    signs: tuple[tuple[str, Mapping[str, Any]], ...]  # of the newest draw


@dataclass(frozen=True, slots=True)
class Entered:
    """A field asked about, and the value as the viewer sees it; empty where it is gone."""

    name: str
    text: str


def collectors() -> list[CollectorLine]:
    """Everybody of whose records some were drawn: the least true first, then those nobody answered for yet."""
    told, own = results(), rules()
    newest: dict[int, TruthDraw] = {}
    records: dict[int, int] = {}
    for draw in TruthDraw.objects.order_by("until_at"):
        newest[draw.collector_staff_id] = draw
        records[draw.collector_staff_id] = records.get(draw.collector_staff_id, 0) + draw.record_count
    names = secure.staff_names(sorted(newest))
    lines = []
    for staff_id, draw in newest.items():
        result = told.get(staff_id, Result({}))
        low, high = interval(result.of(TRUE), result.answered)
        share, why = rate_of(result, own)
        signs = tuple((code, params) for code, params in draw.signs)
        lines.append(
            CollectorLine(
                staff_id, names.get(staff_id, ""), result, result.share_true, low, high, share, why, records[staff_id], signs
            )
        )  # fmt: skip
    return sorted(lines, key=lambda c: (c.share is None, c.share or 0.0, -len(c.signs), c.staff_id))


def with_accuracy(people: Sequence[Accuracy]) -> list[tuple[int, str, Accuracy | None, CollectorLine | None]]:
    """Everybody who entered what was checked or drawn: (id, name, accuracy by value, truth of records), the least true first."""
    values = {a.checked.id: a for a in people}
    lines = {line.staff_id: line for line in collectors()}
    names = {i: a.checked.name for i, a in values.items()} | {i: line.name for i, line in lines.items()}
    told = [(i, names[i], values.get(i), lines.get(i)) for i in sorted({*values, *lines})]
    return sorted(told, key=lambda row: (row[2].share if row[2] else 1.0, row[0]))


def collector(staff_id: int) -> CollectorLine | None:
    """One collector."""
    return next((line for line in collectors() if line.staff_id == staff_id), None)


def draws(staff_id: int, *, limit: int = 12) -> Sequence[TruthDraw]:
    """The newest draws from what somebody collected."""
    return list(TruthDraw.objects.filter(collector_staff_id=staff_id).order_by("-until_at")[:limit])


def check_page(viewer: Viewer, staff_id: int, *, after: str = "", before: str = "") -> tuple[Page[Any], dict[int, Any]]:
    """A page of the checks of a collector, newest first, and the files the viewer may see, by the check's id."""
    rows = TruthCheck.objects.filter(collector_staff_id=staff_id)
    page = page_of(rows, sorts=_SORTS, sort="newest", after=after, before=before, size=50)
    roots = customers.living_roots([row.customer_id for row in page.items])
    lines = customers.lines(viewer, sorted(set(roots.values())))
    shown = {row.id: lines[roots[row.customer_id]] for row in page.items if roots.get(row.customer_id) in lines}
    return page, shown


def checks(viewer: Viewer, state: str, *, after: str = "", limit: int = 50) -> tuple[Page[Any], dict[int, int]]:
    """A page of the checks of files the viewer may see, `open` or `noted`, newest first; {customer: file it stands on now}.

    Raises BadPageKey.
    """
    rows = TruthCheck.objects.filter(outcome="") if state == "open" else TruthCheck.objects.exclude(outcome="")
    within = customers.records_in_scope(viewer)
    if within is not None:
        rows = rows.filter(source_record_id__in=within)
    page = page_of(rows, sorts=_SORTS, sort="newest", after=after, size=limit)
    return page, customers.living_roots([row.customer_id for row in page.items])


def entered(viewer: Viewer, row: TruthCheck, root_id: int) -> list[Entered]:
    """What was entered of one record, field by field as the viewer sees it; fields hidden from them are left out."""
    told = []
    for name, version_id in row.asked:
        if visible(viewer, [name]):
            values, _mark = customers.checked_values(viewer, root_id, name)
            said = next((v for v in values if v.version_id == version_id), None) or (values[0] if values else None)
            told.append(Entered(name, said.text if said else ""))
    return told


def invented_records(staff_id: int) -> set[int]:
    """The source records a call found invented, of those a collector entered."""
    found = TruthCheck.objects.filter(collector_staff_id=staff_id, outcome=INVENTED)
    return set(found.values_list("source_record_id", flat=True))


def open_checks(staff_id: int) -> list[TruthCheck]:
    """The checks of a collector drawn by chance that nobody noted yet, in order."""
    return list(TruthCheck.objects.filter(collector_staff_id=staff_id, by_chance=True, outcome="").order_by("id"))


def one(viewer: Viewer, public_id: str) -> tuple[TruthCheck, int] | None:
    """A check and the file its record stands on now; None where there is none the viewer may see."""
    row = TruthCheck.objects.filter(public_id=public_id).first()
    if row is None:
        return None
    root_id = asked_root(row)
    return (row, root_id) if customers.lines(viewer, [root_id]) else None
