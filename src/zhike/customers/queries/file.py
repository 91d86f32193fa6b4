"""The file of one customer: its head, and its values as one viewer may see them, each with its origin."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from zhike.customers import cards
from zhike.customers.models import CustomerCard, Metric, SourceRecord, SourceVersion
from zhike.customers.numbers import customer_of, schemes
from zhike.customers.queries.register import rows
from zhike.customers.queries.sources import names_of_sources, outside_kinds, outside_sources
from zhike.customers.records import SEALED_COLUMN, Completeness, CustomerHeader, FieldGroup, FieldValue
from zhike.customers.scope import card_of, cards_of, numbers_of_group
from zhike.customers.survivorship import LiveVersion, golden
from zhike.customers.verifying import CONTESTED, contradicts, value_states
from zhike.customers.weights import weight
from zhike.kit.answering import once_a_page
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import SealedRef, Viewer

WHAT_NEXT = 3  # fields named as worth filling next


def root_of(viewer: Viewer, public_id: str) -> int | None:
    """The root customer behind an address or a file number, if it lies in the viewer's scope; else None, whatever the reason."""
    root_id = customer_of(public_id)
    return root_id if root_id is not None and card_of(viewer, root_id) else None


def header(viewer: Viewer, customer_id: int) -> CustomerHeader | None:
    """The head of a file, or None outside the viewer's scope."""
    card = card_of(viewer, customer_id)
    if card is None:
        return None
    group = numbers_of_group(customer_id)
    records = dict(SourceRecord.objects.filter(customer_id__in=list(group)).values_list("id", "source_id"))
    rfm = _families(customer_id).get("rfm") if _sees_metrics(viewer) else None
    return CustomerHeader(
        row=rows(viewer, [card])[0],
        rfm=rfm.values if rfm else {},
        rfm_as_of=rfm.as_of if rfm else None,
        rfm_run_id=rfm.run_id if rfm else None,
        record_ids=tuple(sorted(records)),
        sources=tuple(outside_sources(records.values())),
        source_kinds=tuple(outside_kinds(records.values())),
        absorbed_numbers=tuple(sorted(number for i, number in group.items() if i != customer_id)),
        member_ids=tuple(sorted(group)),
    )


def value_classes(viewer: Viewer, customer_id: int) -> tuple[str, str]:
    """The ABC class and the level of the pyramid a file stands at; empty where unknown or not the viewer's to see."""
    if secure.sight(viewer, "metrics") != "shown":
        return "", ""
    found = cards_of(viewer).filter(customer_id=customer_id).values_list("abc_class", "pyramid_level").first()
    return found or ("", "")


def figures_of(viewer: Viewer, customer_id: int, family: str) -> tuple[dict[str, Any], dt.date] | None:
    """A family of computed figures of one file and the day they are of; None without, or where the viewer may not see them."""
    if secure.sight(viewer, "metrics") != "shown":
        return None
    found = _families(customer_id).get(family) if card_of(viewer, customer_id) else None
    return (dict(found.values), found.as_of) if found else None


@once_a_page
def _families(customer_id: int) -> dict[str, Metric]:
    """Every family of figures of one file: a handful, and a page wants most of them."""
    return {metric.family: metric for metric in Metric.objects.filter(customer_id=customer_id)}


def number_patterns() -> dict[tuple[str, int | None], str]:
    """The patterns of file numbers in force: {(kind, source or None): pattern}."""
    return dict(schemes().patterns)


def last_computed_at() -> dt.datetime | None:
    """When figures were last computed for anybody."""
    return Metric.objects.order_by("-run_id").values_list("computed_at", flat=True).first()


def _sees_metrics(viewer: Viewer) -> bool:
    return secure.sight(viewer, "rfm_class") == "shown"


def field_groups(viewer: Viewer, customer_id: int) -> list[FieldGroup]:
    """The values of a file in their groups. Fields hidden from the viewer are not there at all; empty ones may be entered."""
    card = card_of(viewer, customer_id)
    if card is None:
        return []
    groups: dict[str, list[FieldValue]] = {code: [] for code in fields.GROUPS}
    for value in _values(viewer, card).values():
        groups.setdefault(value.group, []).append(value)
    return [FieldGroup(code, str(fields.group_label(code)), tuple(own)) for code, own in groups.items() if own]


def completeness(groups: Sequence[FieldGroup], stage: str = "") -> Completeness:
    """How complete a file is for one viewer, weighing each field by what the customer is to us, and what to fill next.

    Only fields the viewer may know of count, so the figure tells nothing about the others.
    """
    weighed = [(weight(fields.field(v.name), stage), v) for group in groups for v in group.fields]
    there = {v.name for _, v in weighed if v.is_known}
    if "company" in there:
        there.add("name")  # a company's file bears the company's name
    total = sum(worth for worth, _ in weighed)
    known = sum(worth for worth, v in weighed if v.name in there)
    empty = sorted(
        ((worth, v) for worth, v in weighed if worth and v.name not in there and v.can_edit),
        key=lambda pair: -pair[0],
    )
    return Completeness(known / total if total else 1.0, tuple(v for _, v in empty[:WHAT_NEXT]))


def field_value(viewer: Viewer, customer_id: int, name: str) -> FieldValue | None:
    """One value of a file, or None when the viewer may not know of it."""
    card = card_of(viewer, customer_id)
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
        if f.is_stated and (not names or f.name in names) and secure.sight(viewer, f.name) != "hidden"
    ]
    versions = [v for _, v in cards.live_versions([card.customer_id])]
    won = golden(versions)
    sources = names_of_sources(v.source_id for v in versions)
    by_id = {v.id: v for v in versions}
    texts = _texts(viewer, wanted, won, by_id)
    return {f.name: _value(viewer, f, won.get(f.name), by_id, versions, sources, texts) for f in wanted}


def _texts(
    viewer: Viewer,
    wanted: Sequence[fields.Field],
    won: Mapping[str, tuple[int, Any]],
    versions: Mapping[int, LiveVersion],
) -> dict[str, str]:
    """What stands in each field: open values by the viewer's sight, sealed ones as masks made inside `secure`."""
    sealed = [f.name for f in wanted if f.sealed and f.name in won]
    blobs = refs_of([versions[won[name][0]] for name in sealed])
    texts = secure.masks(viewer, {name: blobs[won[name][0]] for name in sealed})
    for f in wanted:
        if not f.sealed and f.name in won:
            texts[f.name] = fields.words(f, secure.show(viewer, f.name, won[f.name][1]))
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
    sight = secure.sight(viewer, field.name)
    states = value_states(versions, field.name) if winner else []
    return FieldValue(
        name=field.name,
        label=str(field.label),
        sight=sight,
        text=texts.get(field.name, ""),
        is_known=winner is not None,
        can_reveal=winner is not None and sight == "masked" and secure.may_reveal(viewer, field.name),
        can_edit=secure.may_edit(viewer, field.name) and viewer.can("customers.edit"),
        source_name=sources.get(origin.source_id, "") if origin else "",
        as_of=origin.as_of if origin else None,
        version_id=origin.id if origin else None,
        others_count=max(len(states) - 1, 0),
        is_sealed=field.sealed,
        is_house=origin is not None and origin.is_house,
        group=field.group,
        kind=field.kind,
        choices=fields.choices_of(field),
        typed=str(winner[1]) if winner and sight == "shown" else "",
        state=states[0].state if states else "",
        origin_count=states[0].origin_count if states else 0,
        contradicted=len(states) > 1 and field.name in CONTESTED and bool(contradicts(versions, field.name)),
    )
