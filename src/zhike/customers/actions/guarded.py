"""Editing where others edit too: an edit names what its maker saw, and is refused when that no longer stands.

And the same value entered on many files at once, in batches that can be taken back.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from zhike.customers import house, normalizing
from zhike.customers.actions.batch import Said, version_row
from zhike.customers.actions.editing import EditRefused, edit_field, normalized
from zhike.customers.actions.finish import retoken
from zhike.customers.actions.labels import set_owner
from zhike.customers.actions.stages import set_stage
from zhike.customers.actions.withdrawal import derive_cards
from zhike.customers.identity.holding import hold_roots
from zhike.customers.models import CustomerCard, Lookup, SourceVersion
from zhike.customers.queries.cells import OWN_COLUMN, change_number
from zhike.customers.reading import canonical
from zhike.customers.scope import root_within, roots_within
from zhike.kit import bulk, clock, ids
from zhike.secure import actions as secure
from zhike.secure import queries as policy
from zhike.secure import vault
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer


class EditConflict(Exception):
    """Somebody changed the value since it was read; `seen` is its change number now."""

    def __init__(self, seen: str) -> None:
        super().__init__("changed")
        self.seen = seen


def edit_seen(customer_id: int, field: str, text: str, *, seen: str, by: Viewer) -> int:
    """Enter a value where `seen` still stands; the version made, or 0 for owner and stage.

    Raises EditConflict when somebody was faster, and whatever `edit_field` raises; `owner` takes a staff id or nothing.
    """
    check(by, "customers.edit")
    with transaction.atomic():
        root_id = hold_roots([customer_id]).get(customer_id, 0)
        root_within(by, root_id)
        card = CustomerCard.objects.select_for_update().get(pk=root_id)
        now = change_number(card, field)
        if now != seen:
            raise EditConflict(now)
        if field == "owner":
            if not policy.may_edit(by, "owner"):
                raise Forbidden("edit.owner")
            if text and not (text.isdigit() and int(text) in policy.staff_names()):
                raise EditRefused("choice.unknown")
            set_owner([root_id], int(text) if text else None, by=by)
        elif field == "stage":
            set_stage([root_id], text, by=by)
        else:
            return edit_field(root_id, field, text, by=by)
    return 0


def set_field(customer_ids: Iterable[int], field: str, text: str, *, by: Viewer) -> list[tuple[int, int]]:
    """Enter one open value (or clear it) on some files, in one transaction; (customer, version made) of those that changed.

    Sealed fields are refused: what reaches a person is entered file by file. Give a few hundred customers at a time.
    """
    check(by, "customers.edit")
    if not policy.may_edit(by, field) or normalizing.is_sealed(field) or not normalizing.is_stated(field):
        raise Forbidden(f"edit.{field}")
    made = normalized(field, text)
    wanted = made.facts.get(field)
    with transaction.atomic():
        roots = roots_within(by, sorted(set(hold_roots(customer_ids).values())))
        held = CustomerCard.objects.select_for_update().in_bulk(roots)
        roots = [root for root, card in held.items() if _stands(card, field) != (wanted or "")]
        records = house.house_record_ids(roots)
        versions = _lay_many(made, records, by)
        if versions:
            about = ("customer", roots[0]) if len(roots) == 1 else None
            secure.record_audit("customer.edited", by=by, about=about, field=field, detail={"count": len(roots)})
            derive_cards(set(roots))
    retoken(set(records.values()))
    return versions


def withdraw_entries(version_ids: Sequence[int], *, by: Viewer) -> int:
    """Undo of `set_field`: the entries are withdrawn and what stood before, or was entered since, stands; how many were live."""
    check(by, "customers.edit")
    with transaction.atomic():
        live = SourceVersion.objects.filter(pk__in=list(version_ids), by_staff_id=by.staff_id, withdrawn_at=None)
        pairs = dict(live.values_list("id", "source_record_id"))
        at = clock.now()
        bulk.update_many("customers_sourceversion", "id", ["withdrawn_at"], [(v, at) for v in pairs])
        sql = (
            "SELECT DISTINCT c.root_id FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id "
            "WHERE r.id IN {values}"
        )
        roots = {root for (root,) in bulk.fetch_in(sql, sorted(set(pairs.values())))}
        if roots:
            secure.record_audit("customer.edit_undone", by=by, detail={"count": len(roots)})
            derive_cards(roots)
    retoken(set(pairs.values()))
    return len(pairs)


def _stands(card: CustomerCard, field: str) -> str:
    return str(getattr(card, field) if field in OWN_COLUMN else card.values.get(field, ""))


def _lay_many(made: normalizing.Normalized, records: dict[int, int], by: Viewer) -> list[tuple[int, int]]:
    """One version of the same facts on the house record of each customer."""
    if not records:
        return []
    at, text = clock.now(), canonical(made.facts)
    digest = vault.lookup("version", text + at.isoformat())
    keys = vault.ensure_keys(list(records.values()))
    numbers = ids.take("version", len(records))
    rows: list[tuple[Any, ...]] = []
    lookups: list[tuple[int, bytes, int]] = []
    for version_id, record_id in zip(numbers, records.values(), strict=True):
        said = Said(digest, text, made, at, 0, "person", {}, version_id)
        rows.append(version_row(said, record_id, keys[record_id], by.staff_id, at))
        lookups += [(kind, keyed, record_id) for kind, keyed in normalizing.lookups_in(made.facts)]
    columns = ("id", "source_record_id", "digest", "as_of", "facts", "sealed", "by_staff_id", "created_at")
    bulk.insert_many("customers_sourceversion", columns, rows)
    bulk.insert_many(Lookup._meta.db_table, ("kind", "digest", "source_record_id"), lookups, on_conflict="ignore")
    return list(zip(records, numbers, strict=True))
