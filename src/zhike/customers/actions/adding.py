"""A customer made by hand: a house record and nothing else, until a source speaks of them too."""

from collections.abc import Mapping

from django.db import transaction

from zhike.customers import cards, house, lookup_kinds, normalizing, numbers
from zhike.customers.actions.batch import new_card_row
from zhike.customers.actions.editing import EditRefused, lay_version, normalized
from zhike.customers.actions.finish import retoken
from zhike.customers.actions.stages import begin_at
from zhike.customers.actions.statements import NEW_CARD
from zhike.customers.actions.withdrawal import derive_cards
from zhike.customers.models import Customer, Lookup, SourceRecord
from zhike.customers.scope import cards_of
from zhike.kit import bulk, chance, changes, clock, ids
from zhike.secure import actions as secure
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

KINDS = ("person", "organisation")


class KnownAlready(ValueError):
    """Somebody with this phone or e-mail has a file the viewer may see; `number` is its file number."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


def add_customer(kind: str, values: Mapping[str, str], *, by: Viewer, stage: str = "") -> int:
    """Make a file by hand from typed values (a name at least), at a stage other than potential if one is given; returns its id.

    Who sees only their own customers becomes the owner. Raises EditRefused (with the field in `params`), KnownAlready,
    Forbidden.
    """
    check(by, "customers.edit")
    given = {name: text for name, text in values.items() if text.strip()}
    if kind not in KINDS or not given.get("name"):
        raise EditRefused("person.blank", field="name")
    made = normalizing.Normalized("house")
    for name, text in given.items():
        if not policy.may_edit(by, "address_detail" if name == "address" else name):
            raise Forbidden(f"edit.{name}")
        part = normalized(name, text)
        made.facts |= part.facts
        made.sealed |= part.sealed
    _refuse_known(made, by)
    with transaction.atomic():
        customer_id = make_customer(kind, str(made.facts.get("province", "")), by)
        record_id = house.house_record_id(customer_id)
        lay_version(made, record_id, by)
        secure.record_audit("customer.created", by=by, about=("customer", customer_id))
        derive_cards({customer_id})
        if stage:
            begin_at(customer_id, stage, by=by)
    retoken({record_id})
    return customer_id


def make_customer(kind: str, province: str, by: Viewer) -> int:
    """A customer with a number and an empty card, and nothing on it yet; call inside a transaction. Returns its id."""
    customer_id, at, seq = ids.take("customer")[0], clock.now(), changes.next_seq()
    number = numbers.schemes().number(customer_id, kind, at, source_id=None, province=province)
    Customer.objects.create(
        id=customer_id,
        public_id=chance.public_id(),
        number=number,
        kind=kind,
        root_id=customer_id,
        created_at=at,
        change_seq=seq,
    )
    row = new_card_row(customer_id, number, cards.columns_of([], kind), house.house_source().id, at)
    bulk.insert_many("customers_customercard", NEW_CARD, [(*row, seq)])
    if by.scope != "all" and by.staff_id is not None:
        bulk.update_many("customers_customercard", "customer_id", ["owner_staff_id"], [(customer_id, by.staff_id)])
    return customer_id


def _refuse_known(made: normalizing.Normalized, by: Viewer) -> None:
    """Two files of one person are worse than one asked for twice; each try counts as an exact search."""
    wanted = {kind: digest for kind, digest in normalizing.lookups_in(made.facts) if kind != lookup_kinds.PHONE_TAIL}
    for kind, digest in wanted.items():
        secure.note_lookup(by, lookup_kinds.NAMES[kind], digest)
        records = Lookup.objects.filter(kind=kind, digest=digest).values_list("source_record_id", flat=True)[:20]
        customers = SourceRecord.objects.filter(id__in=list(records)).values_list("customer_id", flat=True)
        roots = Customer.objects.filter(id__in=list(customers)).values_list("root_id", flat=True)
        found = (
            cards_of(by).filter(customer_id__in=list(roots), archived_at=None).values_list("number", flat=True).first()
        )
        if found:
            raise KnownAlready(found)
