"""Cards that were closed, read as they were: each field from the version that stated it then, seen by today's rights."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhike.customers import cards
from zhike.customers.models import Customer, CustomerCard, OldCard, Source, Tag
from zhike.customers.queries.file import _texts, _value
from zhike.customers.queries.register import rows
from zhike.customers.records import FieldGroup, FieldValue, OldCardFacts, OldCardInFull, RegisterRow, TagFacts
from zhike.customers.scope import card_of, numbers_of_group
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


def old_cards(viewer: Viewer, customer_id: int, *, limit: int = 50) -> list[OldCardFacts]:
    """The closed cards of a file's whole merged group, the newest first; none for whom the stage is hidden."""
    if secure.sight(viewer, "stage") != "shown" or card_of(viewer, customer_id) is None:
        return []
    group = list(numbers_of_group(customer_id))
    return [_facts(c) for c in OldCard.objects.filter(customer_id__in=group).order_by("-closed_at", "-id")[:limit]]


def old_card(viewer: Viewer, customer_id: int, public_id: str) -> OldCardInFull | None:
    """A closed card of this file, or None when the viewer may not know of it. What was withdrawn since still reads here."""
    if secure.sight(viewer, "stage") != "shown":
        return None
    card = card_of(viewer, customer_id)
    held = OldCard.objects.filter(public_id=public_id).first() if card else None
    if card is None or held is None or _root(held.customer_id) != customer_id:
        return None
    values = _values_then(viewer, card.kind, held.origins)
    groups: dict[str, list[FieldValue]] = {code: [] for code in fields.GROUPS}
    for value in values.values():
        groups.setdefault(value.group, []).append(value)
    return OldCardInFull(
        facts=_facts(held),
        row=_row_then(viewer, card, held, values),
        groups=tuple(
            FieldGroup(code, str(fields.group_label(code)), tuple(own)) for code, own in groups.items() if own
        ),
        abc_class=str(held.figures.get("abc_class") or "") if secure.sight(viewer, "metrics") == "shown" else "",
    )


def _values_then(viewer: Viewer, kind: str, origins: Mapping[str, int]) -> dict[str, FieldValue]:
    said = {v.id: v for _, v in cards.withdrawn_versions(origins.values())}
    won: dict[str, tuple[int, Any]] = {
        name: (version_id, said[version_id].facts[name])
        for name, version_id in origins.items()
        if version_id in said and said[version_id].facts.get(name) is not None
    }
    wanted = [
        f for f in fields.catalogue(kind) if f.is_stated and f.name in won and secure.sight(viewer, f.name) != "hidden"
    ]
    sources = dict(Source.objects.filter(id__in={v.source_id for v in said.values()}).values_list("id", "name"))
    texts = _texts(viewer, wanted, won, said)
    made = {f.name: _value(viewer, f, won[f.name], said, list(said.values()), sources, texts) for f in wanted}
    return {name: dataclasses.replace(v, can_edit=False, can_reveal=False, others_count=0) for name, v in made.items()}


def _row_then(viewer: Viewer, card: CustomerCard, held: OldCard, values: Mapping[str, FieldValue]) -> RegisterRow:
    """The head of the file with what stood there then."""
    now, figures = rows(viewer, [card])[0], held.figures

    def seen(field: str, value: Any, hidden: Any = None) -> Any:
        return value if secure.sight(viewer, field) == "shown" else hidden

    tags = Tag.objects.filter(id__in=held.tag_ids).order_by("name")
    return dataclasses.replace(
        now,
        name=values["name"].text if "name" in values else "",
        province=values["province"].text if "province" in values else "",
        city=values["city"].text if "city" in values else "",
        stage=held.stage,
        owner_staff_id=seen("owner", held.owner_staff_id),
        tags=tuple(TagFacts(t.id, t.name, t.color) for t in tags) if secure.sight(viewer, "tags") == "shown" else (),
        order_count=seen("order_count", figures.get("order_count")),
        net_cents=seen("net_amount", figures.get("net_cents")),
        first_order_at=seen("first_order_at", _moment(figures.get("first_order_at"))),
        last_order_at=seen("last_order_at", _moment(figures.get("last_order_at"))),
        rfm_class=seen("rfm_class", figures.get("rfm_class") or "", ""),
        rfm_cell=seen("rfm_class", figures.get("rfm_cell") or "", ""),
    )


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _root(customer_id: int) -> int | None:
    return Customer.objects.filter(pk=customer_id).values_list("root_id", flat=True).first()


def _facts(card: OldCard) -> OldCardFacts:
    return OldCardFacts(card.public_id, card.kind, card.stage, card.next_stage, card.closed_at, card.by_staff_id)
