"""A small shop to look at: people from two sources, as the recording actions lay them down, and viewers of each kind."""

import datetime as dt
from dataclasses import dataclass, field

from zhike.customers import actions as customers
from zhike.customers.models import Customer, CustomerCard, SourceRecord
from zhike.customers.records import Statement
from zhike.kit import installation
from zhike.secure import vault
from zhike.secure.records import LOCAL_OPERATOR, Rights, Viewer

NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
FULL = Rights("shown", reveal=True, edit=True, export=True)
MASKED = Rights("masked", reveal=True, edit=True, export=True)
HIDDEN = Rights()


def viewer(
    *permissions: str,
    scope: str = "all",
    staff_id: int = 1,
    team: tuple[int, ...] = (),
    personal: Rights = MASKED,
    **fields: Rights,
) -> Viewer:
    """A viewer who sees internal fields, personal ones as given, and the fields named otherwise."""
    rules = {
        "class:public": FULL,
        "class:internal": FULL,
        "class:personal": personal,
        "name": FULL,
        "sex": FULL,
        **fields,
    }
    return Viewer(
        staff_id,
        "Lin",
        ("agent",),
        frozenset(permissions or ("customers.view", "customers.edit", "orders.view")),
        scope,  # type: ignore[arg-type]
        frozenset(team),
        rules,
        "test",
        reveals_per_hour=20,
    )


def lay_ground() -> None:
    """An installation with its keys, without a shop in it."""
    installation.set_up(name="小店", time_zone="Asia/Shanghai", currency="CNY")
    vault.setup()


@dataclass(frozen=True)
class Person:
    """Somebody a source tells of."""

    key: str
    values: dict[str, str]
    as_of: dt.datetime = NOON
    card: dict[str, object] = field(default_factory=dict)


def source(code: str = "taobao", trust: int = 3) -> int:
    """A source of online sales."""
    facts = customers.add_source(
        code=code,
        name=code.title(),
        channel_kind="online_shop",
        legal_basis="contract",
        trust_grade=trust,
        by=LOCAL_OPERATOR,
    )
    return facts.id


def record(source_id: int, *people: Person, run_id: int = 1) -> list[int]:
    """Record people as one run of a source says them; returns their customer ids, with the card's figures set as given."""
    statements = [
        Statement(("platform_id", p.key), p.as_of, p.values, n, raw={"note": "row"})
        for n, p in enumerate(people, start=1)
    ]
    prepared = customers.prepare_statements(source_id, statements, run_id=run_id)
    customers.record_statements(prepared)
    for _ in customers.finish_run(run_id):
        pass
    owners = dict(SourceRecord.objects.filter(id__in=prepared.record_ids).values_list("id", "customer_id"))
    found = [owners[r] for r in prepared.record_ids]
    for customer_id, person in zip(found, people, strict=True):
        if person.card:
            CustomerCard.objects.filter(customer_id=customer_id).update(**person.card)
    return found


def public_id(customer_id: int) -> str:
    """The address part of a customer."""
    return str(Customer.objects.values_list("public_id", flat=True).get(id=customer_id))
