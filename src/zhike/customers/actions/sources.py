"""Naming the places data comes from."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from zhike.customers.models import Source, SourceCost
from zhike.customers.records import SourceFacts
from zhike.kit import chance, clock, ids
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

LEGAL_BASES = ("contract", "consent", "legal_duty", "emergency", "public_data", "other_law", "legitimate_interest")
_CHANGEABLE = (
    "name",
    "channel_kind",
    "platform",
    "is_direct",
    "is_internal",
    "is_first_hand",
    "is_online",
    "trust_grade",
    "legal_basis",
    "notice_text",
    "owner_staff_id",
    "note",
)


class SourceRefused(ValueError):
    """A source cannot be kept as asked: `code` says why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def add_source(
    *, code: str, name: str, channel_kind: str, legal_basis: str, by: Viewer, is_demo: bool = False, **given: Any
) -> SourceFacts:
    """Register a source. `given`: platform, the four attributes, trust_grade 1–5, notice_text, owner_staff_id, note.

    Raises SourceRefused: `code_taken`, `basis_missing`, `trust_out_of_range`, `name_missing`.
    """
    check(by, "sources.manage")
    _refuse_bad(name, legal_basis, given.get("trust_grade", 3))
    with transaction.atomic():
        if Source.objects.filter(code=code).exists():
            raise SourceRefused("code_taken", taken=code)
        source = Source(
            id=ids.take("source")[0], public_id=chance.public_id(), code=code, created_at=clock.now(), is_demo=is_demo
        )
        source.name, source.channel_kind, source.legal_basis = name.strip(), channel_kind, legal_basis
        for key, value in given.items():
            _set(source, key, value)
        try:
            with transaction.atomic():
                source.save(force_insert=True)
        except IntegrityError as taken:  # between the question above and here somebody else was faster
            raise SourceRefused("code_taken", taken=code) from taken
        secure.record_audit("source.added", by=by, about=("source", source.id))
    return facts_of(source)


def change_source(source_id: int, *, by: Viewer, **given: Any) -> SourceFacts:
    """Change attributes of a source; the house source cannot be changed (SourceRefused `house`)."""
    check(by, "sources.manage")
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source_id)
        if source.is_house:
            raise SourceRefused("house")
        for key, value in given.items():
            _set(source, key, value)
        _refuse_bad(source.name, source.legal_basis, source.trust_grade)
        source.save()
        secure.record_audit("source.changed", by=by, about=("source", source.id), detail={"fields": sorted(given)})
    return facts_of(source)


def archive_source(source_id: int, *, by: Viewer) -> None:
    """Close a source to new data; what it said stays."""
    check(by, "sources.manage")
    with transaction.atomic():
        Source.objects.filter(pk=source_id, is_house=False).update(archived_at=clock.now())
        secure.record_audit("source.archived", by=by, about=("source", source_id))


def add_source_cost(
    source_id: int, *, spent_on: dt.date, kind: str, amount_cents: int, note: str = "", by: Viewer
) -> int:
    """Note money spent on a source; returns the entry's id."""
    check(by, "sources.manage")
    with transaction.atomic():
        cost = SourceCost.objects.create(
            id=ids.take("source_cost")[0],
            source_id=source_id,
            spent_on=spent_on,
            kind=kind,
            amount_cents=amount_cents,
            note=note,
            by_staff_id=by.staff_id,
        )
        secure.record_audit("source.cost_added", by=by, about=("source", source_id))
    return cost.id


def open_source(code: str) -> int:
    """The id of the source that takes new data under a code. Raises SourceRefused: source_unknown, source_archived."""
    source = Source.objects.filter(code=code, is_house=False).only("id", "archived_at").first()
    if source is None:
        raise SourceRefused("source_unknown")
    if source.archived_at is not None:
        raise SourceRefused("source_archived")
    return int(source.id)


def facts_of(source: Source) -> SourceFacts:
    """A source as other modules see it."""
    return SourceFacts(
        source.id,
        source.public_id,
        source.code,
        source.name,
        source.channel_kind,
        source.platform,
        source.trust_grade,
        source.legal_basis,
        source.is_house,
        source.is_demo,
        source.archived_at is not None,
    )


def _set(source: Source, key: str, value: Any) -> None:
    if key not in _CHANGEABLE:
        raise SourceRefused("unknown_attribute", attribute=key)
    setattr(source, key, value.strip() if isinstance(value, str) else value)


def _refuse_bad(name: str, legal_basis: str, trust_grade: int) -> None:
    if not name.strip():
        raise SourceRefused("name_missing")
    if legal_basis not in LEGAL_BASES:
        raise SourceRefused("basis_missing")
    if not 1 <= trust_grade <= 5:
        raise SourceRefused("trust_out_of_range")
