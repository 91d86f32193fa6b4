"""Editing and revealing single fields of a file: an edit is a version of the house record, so its origin shows."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from zhike.customers import cards, house, normalizing
from zhike.customers.actions.batch import Said, version_row
from zhike.customers.actions.finish import retoken
from zhike.customers.actions.withdrawal import derive_cards
from zhike.customers.identity.holding import hold_roots
from zhike.customers.models import Lookup, SourceVersion
from zhike.customers.reading import canonical
from zhike.customers.records import SEALED_COLUMN, Statement
from zhike.customers.scope import root_within
from zhike.customers.survivorship import golden
from zhike.kit import bulk, clock, ids
from zhike.secure import actions as secure
from zhike.secure import fields, vault
from zhike.secure import queries as policy
from zhike.secure.opened import Opened
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import SealedRef, Viewer
from zhike_analytics.values.problem import ValueProblem


class EditRefused(ValueError):
    """The text cannot stand in this field; `code` and `params` say why (a code of zhike_analytics.values, or `unchanged`)."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def edit_field(customer_id: int, field: str, text: str, *, by: Viewer) -> int:
    """Enter a value (or clear it, with an empty text) on a customer's file; returns the version's id, for `undo_edit`.

    The house record stands above every source. Raises Forbidden, CustomerUnknown or EditRefused.
    """
    return edit_fields(customer_id, {field: text}, by=by)


def edit_fields(customer_id: int, values: Mapping[str, str], *, by: Viewer) -> int:
    """Enter several values as one statement of the house: one line on the timeline, one undo. Raises as `edit_field` does."""
    check(by, "customers.edit")
    for field in values:
        if not policy.may_edit(by, field) or not (field == "address" or normalizing.is_stated(field)):
            raise Forbidden(f"edit.{field}")
    root_id = root_within(by, customer_id)
    made = normalizing.Normalized("house")
    for field, text in values.items():
        part = normalized(field, text)
        made.facts |= part.facts
        made.sealed |= part.sealed
    with transaction.atomic():
        root_id = hold_roots([root_id])[root_id]
        record_id = house.house_record_id(root_id)
        version_id = lay_version(made, record_id, by)
        for field in values:
            secure.record_audit("customer.edited", by=by, about=("customer", root_id), field=field)
        derive_cards({root_id})
    retoken({record_id})
    return version_id


def undo_edit(version_id: int, *, by: Viewer) -> None:
    """Take back an edit: the values before it stand again. Raises EditRefused `not_an_edit` for a source's version."""
    check(by, "customers.edit")
    with transaction.atomic():
        version = (
            SourceVersion.objects.select_for_update()
            .filter(pk=version_id, by_staff_id=by.staff_id, withdrawn_at=None)
            .first()
        )
        if version is None:
            raise EditRefused("not_an_edit")
        roots = {root for root, _ in cards.withdrawn_versions([version_id])}
        for root_id in roots:
            root_within(by, root_id)
        version.withdrawn_at = clock.now()
        version.save(update_fields=["withdrawn_at"])
        for field in version.facts:
            for root_id in roots:
                secure.record_audit("customer.edit_undone", by=by, about=("customer", root_id), field=field)
        derive_cards(roots)
    retoken({version.source_record_id})


def reveal_field(customer_id: int, field: str, *, by: Viewer, purpose: str, reason: str = "") -> Opened:
    """Open the winning value of a field: permission → quota → audit committed → value. Not inside a transaction.

    A value that lies open behind a mask takes the same way as a sealed one. Raises Forbidden, QuotaExceeded, ReasonMissing, CustomerUnknown, or EditRefused `no_value`.
    """
    check(by, "customers.view")
    root_id = root_within(by, customer_id)
    if fields.known(field) and not fields.field(field).sealed:
        won = golden([version for _, version in cards.live_versions([root_id])])
        if field not in won:
            raise EditRefused("no_value")
        about = ("customer", root_id)
        return secure.unmask(by, str(won[field][1]), field, about=about, purpose=purpose, reason=reason)
    ref = sealed_ref(root_id, field)
    if ref is None:
        raise EditRefused("no_value")
    return secure.open_sealed(by, ref, field, about=("customer", root_id), purpose=purpose, reason=reason)


def sealed_ref(root_id: int, field: str) -> SealedRef | None:
    """Where the winning value of a sealed field lies."""
    won = golden([version for _, version in cards.live_versions([root_id])])
    if field not in won:
        return None
    version = SourceVersion.objects.get(pk=won[field][0])
    return SealedRef(SEALED_COLUMN, version.id, version.source_record_id, bytes(version.sealed))


def normalized(field: str, text: str) -> normalizing.Normalized:
    """What a typed text states of a field, ready to lay down; an empty one clears it. Raises EditRefused."""
    made = normalizing.Normalized("house")
    if not text.strip():
        names = ("province", "city", "district", "address_detail", "postcode") if field == "address" else (field,)
        made.facts.update(dict.fromkeys(names))
        return made
    statement = Statement(("platform_id", "house"), clock.now(), {}, 0, joins=())
    try:
        for name, value in normalizing.normal_text(field, text).items():
            normalizing.lay(made, statement, name, value)
    except ValueProblem as problem:
        raise EditRefused(problem.code, **problem.params) from None
    return made


def lay_version(made: normalizing.Normalized, record_id: int, by: Viewer) -> int:
    """Lay a version of the house record down, with its lookups; call inside a transaction. Returns its id."""
    at = clock.now()
    text = canonical(made.facts)
    said = Said(
        vault.lookup("version", text + at.isoformat()),  # each entry is a statement of its own, however often repeated
        text,
        made,
        at,
        0,
        "person",
        {},
        ids.take("version")[0],
    )
    key = vault.ensure_keys([record_id])[record_id]
    columns = ("id", "source_record_id", "digest", "as_of", "facts", "sealed", "by_staff_id", "created_at")
    bulk.insert_many("customers_sourceversion", columns, [version_row(said, record_id, key, by.staff_id, at)])
    lookups = [(kind, digest, record_id) for kind, digest in normalizing.lookups_in(made.facts)]
    bulk.insert_many(Lookup._meta.db_table, ("kind", "digest", "source_record_id"), lookups, on_conflict="ignore")
    return said.version_id
