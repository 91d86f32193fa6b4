"""The file of one customer: its head, and its values as one viewer may see them, each with its origin."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhike.customers import cards
from zhike.customers.models import Customer, CustomerCard, Metric, Source, SourceRecord, SourceVersion
from zhike.customers.queries.register import rows
from zhike.customers.records import CustomerHeader, FieldGroup, FieldValue
from zhike.customers.scope import cards_of
from zhike.customers.survivorship import LiveVersion, golden
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import SealedRef, Viewer

SEALED_COLUMN = "customers_sourceversion.sealed"
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("self", _("Self"), ("name", "nickname", "sex", "birth_date", "language")),
    ("contact", _("Contact"), ("phone", "other_phone", "email", "wechat", "qq")),
    ("accounts", _("Accounts"), ("platform_handle", "platform_id", "payment_account")),
    ("address", _("Address"), ("country", "province", "city", "district", "address_detail", "postcode")),
    ("career", _("Career"), ("occupation", "employer", "company", "credit_code")),
    ("other", _("Other"), ("note",)),
)


def root_of(viewer: Viewer, public_id: str) -> int | None:
    """The root customer behind an address or a file number, if it lies in the viewer's scope; else None, whatever the reason."""
    asked = (
        {"number": public_id.upper()} if public_id[:1] in "Kk" and public_id[1:].isdigit() else {"public_id": public_id}
    )
    root_id = Customer.objects.filter(**asked).values_list("root_id", flat=True).first()
    return root_id if root_id is not None and cards_of(viewer).filter(customer_id=root_id).exists() else None


def header(viewer: Viewer, customer_id: int) -> CustomerHeader | None:
    """The head of a file, or None outside the viewer's scope."""
    card = cards_of(viewer).filter(customer_id=customer_id).first()
    if card is None:
        return None
    group = list(Customer.objects.filter(root_id=customer_id).values_list("id", "number"))
    records = dict(SourceRecord.objects.filter(customer_id__in=[i for i, _ in group]).values_list("id", "source_id"))
    sources = Source.objects.filter(id__in=set(records.values()), is_house=False).order_by("name")
    rfm = Metric.objects.filter(customer_id=customer_id, family="rfm").first() if _sees_metrics(viewer) else None
    return CustomerHeader(
        row=rows(viewer, [card])[0],
        rfm=rfm.values if rfm else {},
        rfm_as_of=rfm.as_of if rfm else None,
        rfm_run_id=rfm.run_id if rfm else None,
        record_ids=tuple(sorted(records)),
        sources=tuple(sources.values_list("name", flat=True)),
        absorbed_numbers=tuple(sorted(number for i, number in group if i != customer_id)),
    )


def last_computed_at() -> dt.datetime | None:
    """When figures were last computed for anybody."""
    return Metric.objects.order_by("-run_id").values_list("computed_at", flat=True).first()


def _sees_metrics(viewer: Viewer) -> bool:
    return secure.sight(viewer, "rfm_class") == "shown"


def field_groups(viewer: Viewer, customer_id: int) -> list[FieldGroup]:
    """The values of a file in their groups. Fields hidden from the viewer are not there at all; empty ones may be entered."""
    card = cards_of(viewer).filter(customer_id=customer_id).first()
    if card is None:
        return []
    values = _values(viewer, card)
    groups = ((code, label, tuple(values[n] for n in names if n in values)) for code, label, names in GROUPS)
    return [FieldGroup(code, str(label), own) for code, label, own in groups if own]


def field_value(viewer: Viewer, customer_id: int, name: str) -> FieldValue | None:
    """One value of a file, or None when the viewer may not know of it."""
    card = cards_of(viewer).filter(customer_id=customer_id).first()
    return _values(viewer, card, [name]).get(name) if card else None


def masks_of(viewer: Viewer, customer_ids: Sequence[int], name: str) -> dict[int, str]:
    """The masks of a sealed field on many files, by customer; files without a value are not there."""
    cards_found = cards_of(viewer).filter(customer_id__in=customer_ids)
    origins = {c: o[name] for c, o in cards_found.values_list("customer_id", "origins") if name in o}
    stored = SourceVersion.objects.filter(id__in=set(origins.values())).values_list("id", "source_record_id", "sealed")
    refs = {i: SealedRef(SEALED_COLUMN, i, record_id, bytes(blob)) for i, record_id, blob in stored}
    holders = [c for c, version_id in origins.items() if version_id in refs]
    masks = secure.masked(viewer, [refs[origins[c]] for c in holders], name)
    return dict(zip(holders, masks, strict=True))


def _values(viewer: Viewer, card: CustomerCard, names: Sequence[str] = ()) -> dict[str, FieldValue]:
    wanted = [
        f
        for f in fields.catalogue(card.kind)
        if f.name in (names or _ON_FILE) and secure.sight(viewer, f.name) != "hidden"
    ]
    versions = [v for _, v in cards.live_versions([card.customer_id])]
    won = golden(versions)
    sources = dict(Source.objects.filter(id__in={v.source_id for v in versions}).values_list("id", "name"))
    texts = _texts(viewer, wanted, won, {v.id: v for v in versions})
    by_id = {v.id: v for v in versions}
    return {f.name: _value(viewer, f, won.get(f.name), by_id, versions, sources, texts) for f in wanted}


_ON_FILE = frozenset(name for _, _, names in GROUPS for name in names)


def _texts(
    viewer: Viewer,
    wanted: Sequence[fields.Field],
    won: Mapping[str, tuple[int, Any]],
    versions: Mapping[int, LiveVersion],
) -> dict[str, str]:
    """What stands in each field: open values by the viewer's sight, sealed ones as masks made inside `secure`."""
    sealed = [f.name for f in wanted if f.sealed and f.name in won]
    blobs = refs_of([versions[won[name][0]] for name in sealed])
    texts = {name: secure.masked(viewer, [blobs[won[name][0]]], name)[0] for name in sealed}
    for f in wanted:
        if not f.sealed and f.name in won:
            texts[f.name] = secure.show(viewer, f.name, won[f.name][1])
    return texts


def refs_of(versions: Sequence[LiveVersion]) -> dict[int, SealedRef]:
    """References to the sealed payloads of versions, by version id."""
    record_of = {v.id: v.source_record_id for v in versions}
    blobs = SourceVersion.objects.filter(id__in=record_of).values_list("id", "sealed")
    return {i: SealedRef(SEALED_COLUMN, i, record_of[i], bytes(blob)) for i, blob in blobs}


def _value(
    viewer: Viewer,
    field: fields.Field,
    winner: tuple[int, Any] | None,
    by_id: Mapping[int, LiveVersion],
    versions: Sequence[LiveVersion],
    sources: Mapping[int, str],
    texts: Mapping[str, str],
) -> FieldValue:
    origin = by_id[winner[0]] if winner else None
    others = {str(v.facts[field.name]) for v in versions if v.facts.get(field.name) is not None}
    return FieldValue(
        name=field.name,
        label=str(field.label),
        sight=secure.sight(viewer, field.name),
        text=texts.get(field.name, ""),
        is_known=winner is not None,
        can_reveal=winner is not None and field.sealed and secure.may_reveal(viewer, field.name),
        can_edit=secure.may_edit(viewer, field.name) and viewer.can("customers.edit"),
        source_name=sources.get(origin.source_id, "") if origin else "",
        as_of=origin.as_of if origin else None,
        version_id=origin.id if origin else None,
        others_count=len(others - {str(winner[1])}) if winner else 0,
        is_sealed=field.sealed,
        is_house=origin is not None and origin.is_house,
    )
