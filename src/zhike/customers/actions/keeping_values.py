"""Keeping a value that a source states: it becomes a statement of the house, so it stands whatever the sources say later."""

from collections.abc import Mapping

from django.db import transaction

from zhike.customers import cards, house
from zhike.customers.actions.editing import EditRefused
from zhike.customers.actions.finish import retoken
from zhike.customers.actions.withdrawal import derive_cards
from zhike.customers.models import Lookup, SourceVersion
from zhike.customers.normalizing import lookups_in
from zhike.customers.records import SEALED_COLUMN
from zhike.customers.scope import root_within
from zhike.customers.survivorship import LiveVersion
from zhike.kit import bulk, clock, ids
from zhike.secure import actions as secure
from zhike.secure import queries as policy
from zhike.secure import vault
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import SealedRef, Viewer


def keep_values(customer_id: int, chosen: Mapping[str, int], *, by: Viewer) -> list[int]:
    """Let a file show, for each field, what the given version states; returns the versions made, for `undo_edit`.

    A sealed value is carried from seal to seal inside `secure`: nobody sees it, and who may not edit the field may not
    choose it. Raises Forbidden, CustomerUnknown, EditRefused `no_value`.
    """
    check(by, "customers.edit")
    for field in chosen:
        if not policy.may_edit(by, field):
            raise Forbidden(f"edit.{field}")
    root_id = root_within(by, customer_id)
    live = {version.id: version for _, version in cards.live_versions([root_id])}
    stated: dict[int, list[str]] = {}
    for field, version_id in chosen.items():
        if version_id not in live or live[version_id].facts.get(field) is None:
            raise EditRefused("no_value")
        stated.setdefault(version_id, []).append(field)
    with transaction.atomic():
        record_id = house.house_record_id(root_id)
        made = [_lay(live[version_id], sorted(fields), record_id, by) for version_id, fields in sorted(stated.items())]
        for field in sorted(chosen):
            secure.record_audit("customer.edited", by=by, about=("customer", root_id), field=field)
        derive_cards({root_id})
    retoken({record_id})
    return made


def _lay(version: LiveVersion, fields: list[str], record_id: int, by: Viewer) -> int:
    """The chosen facts as a version of the house record, its sealed values sealed anew for that place."""
    at, version_id = clock.now(), ids.take("version")[0]
    facts = {field: version.facts[field] for field in fields}
    blob = bytes(SourceVersion.objects.values_list("sealed", flat=True).get(pk=version.id))
    origin = SealedRef(SEALED_COLUMN, version.id, version.source_record_id, blob)
    sealed = secure.carry(
        origin, [f for f in fields if isinstance(facts[f], dict)], to=(SEALED_COLUMN, version_id, record_id), by=by
    )
    SourceVersion.objects.create(
        id=version_id,
        source_record_id=record_id,
        digest=vault.lookup("version", f"{version.id}:{','.join(fields)}{at.isoformat()}"),
        as_of=at,
        facts=facts,
        sealed=sealed,
        by_staff_id=by.staff_id,
        created_at=at,
    )
    found = [(kind, digest, record_id) for kind, digest in lookups_in(facts)]
    bulk.insert_many(Lookup._meta.db_table, ("kind", "digest", "source_record_id"), found, on_conflict="ignore")
    return version_id
