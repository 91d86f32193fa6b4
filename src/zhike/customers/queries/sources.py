"""The register of sources, tags, and the small choices that pages offer."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext

from zhike.customers.models import CustomerCard, Source, SourceCost, SourceRecord, Tag
from zhike.customers.records import SourceFacts, SourceLine, TagFacts
from zhike.customers.scope import cards_of
from zhike.kit.answering import once_a_page
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


def sources(*, archived: bool = False) -> list[SourceFacts]:
    """The sources in use, by name; the house record is one of them."""
    found = Source.objects.order_by("name") if archived else Source.objects.filter(archived_at=None).order_by("name")
    return [_facts(s) for s in found]


def source(source_id: int) -> SourceFacts | None:
    """One source."""
    found = Source.objects.filter(id=source_id).first()
    return _facts(found) if found else None


def source_details(source_id: int) -> dict[str, Any]:
    """Everything a page edits of a source, with its cost entries, newest first."""
    found = Source.objects.get(id=source_id)
    names = ("name", "channel_kind", "platform", "legal_basis", "notice_text", "trust_grade", "owner_staff_id", "note")
    attributes = ("is_direct", "is_internal", "is_first_hand", "is_online")
    costs = (
        SourceCost.objects.filter(source_id=source_id)
        .order_by("-spent_on", "-id")
        .values("spent_on", "kind", "amount_cents")
    )
    return {**{name: getattr(found, name) for name in (*names, *attributes)}, "costs": list(costs[:100])}


def source_lines() -> list[SourceLine]:
    """The register of sources with what each brought and cost. Counts the whole base: for the sources page only."""
    records: dict[int, Any] = {
        row["source_id"]: row
        for row in SourceRecord.objects.values("source_id").annotate(n=Count("id"), last=Max("created_at"))
    }
    firsts = dict(
        CustomerCard.objects.filter(archived_at=None).values_list("first_source_id").annotate(n=Count("customer_id"))
    )
    costs: dict[int, int] = dict(SourceCost.objects.values_list("source_id").annotate(n=Sum("amount_cents")))
    return [
        SourceLine(
            facts=facts,
            record_count=records.get(facts.id, {}).get("n", 0),
            customer_count=firsts.get(facts.id, 0),
            cost_cents=costs.get(facts.id, 0),
            last_record_at=records.get(facts.id, {}).get("last"),
        )
        for facts in sources()
    ]


def tags() -> list[TagFacts]:
    """The tags in use, by name."""
    return [TagFacts(t.id, t.name, t.color) for t in Tag.objects.filter(archived_at=None).order_by("name")]


# One step of the index per place there is, whatever the number of customers.
_NEXT_PLACE = (
    "WITH RECURSIVE place(name) AS (SELECT min({0}) FROM customers_customercard WHERE {1} {0} > '' "
    "UNION ALL SELECT (SELECT min({0}) FROM customers_customercard WHERE {1} {0} > place.name) FROM place "
    "WHERE place.name IS NOT NULL) SELECT name FROM place WHERE name IS NOT NULL LIMIT %s"
)
_LOOKED_THROUGH = 20_000


def places(viewer: Viewer, *, province: str = "", most: int = 400) -> list[str]:
    """Provinces, or the cities of one, that occur; nothing for a viewer who may not see them.

    Who sees only some owners' customers is told the places of the first 20,000 of them.
    """
    column = "city" if province else "province"
    if secure.sight(viewer, column) != "shown":
        return []
    if viewer.scope == "all":
        sql = _NEXT_PLACE.format(column, "province = %s AND" if province else "")
        with connection.cursor() as cursor:
            cursor.execute(sql, [province, province, most] if province else [most])
            return [str(name) for (name,) in cursor.fetchall()]
    found = cards_of(viewer).filter(province=province) if province else cards_of(viewer)
    seen = set(found.order_by().values_list(column, flat=True)[:_LOOKED_THROUGH])
    return sorted(seen - {""})[:most]


def _facts(s: Source) -> SourceFacts:
    return SourceFacts(
        id=s.id,
        public_id=s.public_id,
        code=s.code,
        name=gettext("This house") if s.is_house else s.name,
        channel_kind=s.channel_kind,
        platform=s.platform,
        trust_grade=s.trust_grade,
        legal_basis=s.legal_basis,
        is_house=s.is_house,
        is_demo=s.is_demo,
        archived=s.archived_at is not None,
    )


def names_of_sources(source_ids: Iterable[int]) -> dict[int, str]:
    """{source: its name}, the house by its own words in the reader's language."""
    wanted = set(source_ids)
    every = _every_source() if wanted else {}
    return {i: gettext("This house") if every[i][1] else every[i][0] for i in wanted if i in every}


def outside_sources(source_ids: Iterable[int]) -> list[str]:
    """The names of these sources in their order, the house not among them."""
    wanted = set(source_ids)
    return sorted(name for i, (name, is_house, _) in _every_source().items() if i in wanted and not is_house)


def outside_kinds(source_ids: Iterable[int]) -> list[str]:
    """The kinds of these sources, each once, the house not among them."""
    wanted = set(source_ids)
    return sorted({kind for i, (_, is_house, kind) in _every_source().items() if i in wanted and not is_house})


@once_a_page
def _every_source() -> dict[int, tuple[str, bool, str]]:
    """{source: (its name, is it the house, its kind)}: dozens of rows, and a page names them in several places."""
    found = Source.objects.values_list("id", "name", "is_house", "channel_kind")
    return {i: (name, is_house, kind) for i, name, is_house, kind in found}
