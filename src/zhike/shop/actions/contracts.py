"""Contracts: agreed, changed, judged clause by clause, disputed, ended; and whom to remind of an end."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.db.models import Max

from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.kit import chance, clock, ids
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure.permissions import check
from zhike.secure.records import SYSTEM, Viewer
from zhike.shop.models import Contract, ContractClause, ContractDispute, ContractPrice
from zhike.work import actions as work
from zhike.work.records import TaskOffer

STATES = ("draft", "active", "ended", "terminated")
PERFORMANCES = ("open", "kept", "late", "broken")
DISPUTE_STATES = ("open", "settled", "won", "lost")
REMINDER = "contract_ends"
_MOST_PARTS = 100
_REMINDED = 500


class ContractRefused(ValueError):
    """A contract cannot read so; `code` is title, dates, state, identifier, price, clause, many, unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed. `volume_cents`: to be bought from the first day to the last; `notice_days` before the end."""

    title: str
    starts_on: dt.date
    number: str = ""
    subject: str = ""
    payment_terms: str = ""
    volume_terms: str = ""
    volume_cents: int | None = None
    signed_on: dt.date | None = None
    ends_on: dt.date | None = None
    notice_days: int = 30
    state: str = "active"
    owner_staff_id: int | None = None


def add_contract(customer_id: int, terms: Terms, *, by: Viewer) -> str:
    """Put a contract on a customer's file; returns the id in its address. Raises ContractRefused, Forbidden, CustomerUnknown."""
    check(by, "customers.edit")
    _refuse_bad(terms)
    with transaction.atomic():
        contract_id, at = ids.take("contract")[0], clock.now()
        record_id = customers.house_record(customer_id, by=by)
        contract = Contract.objects.create(
            id=contract_id,
            public_id=chance.public_id(),
            source_record_id=record_id,
            currency=installation().currency,
            by_staff_id=by.staff_id,
            created_at=at,
            updated_at=at,
            **_columns(terms),
        )
        secure.record_audit("contract.added", by=by, about=("contract", contract_id))
    return contract.public_id


def change_contract(public_id: str, terms: Terms, *, by: Viewer) -> None:
    """Change what a contract says. Raises ContractRefused, Forbidden."""
    _refuse_bad(terms)
    with transaction.atomic():
        contract = _held(public_id, by)
        before = {name: getattr(contract, name) for name in _columns(terms)}
        changed = sorted(name for name, value in _columns(terms).items() if before[name] != value)
        if changed:
            Contract.objects.filter(id=contract.id).update(updated_at=clock.now(), **_columns(terms))
            secure.record_audit("contract.changed", by=by, about=("contract", contract.id), detail={"changed": changed})


def add_price(public_id: str, title: str, unit_price: str, *, by: Viewer, sku: str = "", from_quantity: int = 1) -> int:
    """Agree a price; the decimal text stays as given. Raises ContractRefused, Forbidden."""
    price = _price(unit_price)
    if not title.strip() or not 1 <= from_quantity <= 10**9:
        raise ContractRefused("price")
    with transaction.atomic():
        contract = _held(public_id, by)
        _refuse_many(ContractPrice.objects.filter(contract_id=contract.id).count())
        row = ContractPrice.objects.create(
            id=ids.take("contract_price")[0],
            contract_id=contract.id,
            sku=sku.strip()[:60],
            title=title.strip()[:200],
            unit_price=price,
            from_quantity=from_quantity,
        )
        _note(contract, "price_added", by)
    return row.id


def remove_price(public_id: str, price_id: int, *, by: Viewer) -> None:
    """Take an agreed price off a contract."""
    with transaction.atomic():
        contract = _held(public_id, by)
        ContractPrice.objects.filter(contract_id=contract.id, id=price_id).delete()
        _note(contract, "price_removed", by)


def add_clause(public_id: str, text: str, *, by: Viewer, whose: str = "theirs", due_on: dt.date | None = None) -> int:
    """Write down one thing that was promised. Raises ContractRefused, Forbidden."""
    calm = _calm(text, 400)
    if not calm or whose not in ("ours", "theirs"):
        raise ContractRefused("clause")
    with transaction.atomic():
        contract = _held(public_id, by)
        clauses = ContractClause.objects.filter(contract_id=contract.id)
        _refuse_many(clauses.count())
        row = ContractClause.objects.create(
            id=ids.take("contract_clause")[0],
            contract_id=contract.id,
            place=(clauses.aggregate(last=Max("place"))["last"] or 0) + 1,
            whose=whose,
            text=calm,
            due_on=due_on,
        )
        _note(contract, "clause_added", by)
    return row.id


def judge_clause(public_id: str, clause_id: int, performance: str, note: str = "", *, by: Viewer) -> None:
    """Say whether a clause was kept 履约. Raises ContractRefused, Forbidden."""
    if performance not in PERFORMANCES:
        raise ContractRefused("clause")
    with transaction.atomic():
        contract = _held(public_id, by)
        judged = ContractClause.objects.filter(contract_id=contract.id, id=clause_id).update(
            performance=performance,
            note=_calm(note, 400),
            judged_at=clock.now() if performance != "open" else None,
            judged_by_staff_id=by.staff_id,
        )
        if not judged:
            raise ContractRefused("unknown")
        _note(contract, f"clause_{performance}", by)


def open_dispute(
    public_id: str, claim: str, *, by: Viewer, clause_id: int | None = None, amount_cents: int | None = None
) -> int:
    """Note a dispute about a contract or one of its clauses. Raises ContractRefused, Forbidden."""
    calm = _calm(claim, 400)
    if not calm or (amount_cents is not None and amount_cents < 0):
        raise ContractRefused("clause")
    with transaction.atomic():
        contract = _held(public_id, by)
        if clause_id and not ContractClause.objects.filter(contract_id=contract.id, id=clause_id).exists():
            raise ContractRefused("unknown")
        _refuse_many(ContractDispute.objects.filter(contract_id=contract.id).count())
        row = ContractDispute.objects.create(
            id=ids.take("contract_dispute")[0],
            contract_id=contract.id,
            clause_id=clause_id,
            source_record_id=contract.source_record_id,
            at=clock.now(),
            claim=calm,
            amount_cents=amount_cents,
            by_staff_id=by.staff_id,
        )
        _note(contract, "dispute_opened", by)
    return row.id


def close_dispute(public_id: str, dispute_id: int, state: str, outcome: str, *, by: Viewer) -> None:
    """Say how a dispute ended: settled, won or lost, and with what outcome. Raises ContractRefused, Forbidden."""
    if state not in DISPUTE_STATES:
        raise ContractRefused("state")
    with transaction.atomic():
        contract = _held(public_id, by)
        closed = ContractDispute.objects.filter(contract_id=contract.id, id=dispute_id).update(
            state=state, outcome=_calm(outcome, 400), closed_at=None if state == "open" else clock.now()
        )
        if not closed:
            raise ContractRefused("unknown")
        _note(contract, f"dispute_{state}", by)


def remind_of_ends() -> int:
    """Make the ends that come near, or have passed unnoticed, tasks of the contracts' owners; how many are open now.

    The nearest end of a customer stands for the customer: one task of this kind about one file.
    """
    today = clock.today(installation().time_zone)
    rows = Contract.objects.filter(state="active", ends_on__isnull=False, ends_on__lte=today + dt.timedelta(days=366))
    near = [c for c in rows.order_by("ends_on", "id")[: 4 * _REMINDED] if c.ends_on and _is_near(c, today)]
    roots = customer_queries.customers_of_records(SYSTEM, [c.source_record_id for c in near])
    offers: dict[int, TaskOffer] = {}
    for contract in near:
        root = roots.get(contract.source_record_id)
        if root is not None and root not in offers and contract.ends_on:
            days = (contract.ends_on - today).days
            offers[root] = TaskOffer(
                about_id=root,
                rank=len(offers) + 1,
                why_code="contract_ends",
                why_params={"days": days, "contract": contract.public_id},
                owner_staff_id=contract.owner_staff_id,
                due_on=contract.ends_on,
                fact_at=contract.updated_at,
            )
    tally = work.offer_tasks(REMINDER, offers.values(), run_id=0, limit=_REMINDED)
    return tally.new + tally.kept


def forget_contracts(record_ids: Iterable[int]) -> None:
    """Delete the contracts of records that are erased or never were; repeatable."""
    found = list(Contract.objects.filter(source_record_id__in=list(record_ids)).values_list("id", flat=True))
    for model in (ContractPrice, ContractClause, ContractDispute):
        model._default_manager.filter(contract_id__in=found).delete()
    Contract.objects.filter(id__in=found).delete()


def forget_lost_contracts(*, by: Viewer) -> None:
    """Delete contracts whose customer is no more: the demo shop's, once it was taken out."""
    check(by, "demo.manage")
    records = set(Contract.objects.values_list("source_record_id", flat=True))
    forget_contracts(records - set(customer_queries.customers_of_records(SYSTEM, records)))


def forget_contracts_of(customer_id: int) -> None:
    """Delete the contracts of an erased customer; again after each restore."""
    forget_contracts(customer_queries.record_ids_of(customer_id))


def _is_near(contract: Contract, today: dt.date) -> bool:
    return contract.ends_on is not None and contract.ends_on - dt.timedelta(days=contract.notice_days) <= today


def _held(public_id: str, by: Viewer) -> Contract:
    """The contract, locked, if the viewer may edit its customer's file."""
    check(by, "customers.edit")
    contract = Contract.objects.select_for_update().filter(public_id=public_id).first()
    if contract is None or not customer_queries.customers_of_records(by, [contract.source_record_id]):
        raise ContractRefused("unknown")
    return contract


def _note(contract: Contract, code: str, by: Viewer) -> None:
    Contract.objects.filter(id=contract.id).update(updated_at=clock.now())
    secure.record_audit("contract.changed", by=by, about=("contract", contract.id), detail={"changed": [code]})


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "title": _calm(terms.title, 120),
        "number": terms.number.strip()[:60],
        "subject": terms.subject.strip()[:4000],
        "payment_terms": _calm(terms.payment_terms, 400),
        "volume_terms": _calm(terms.volume_terms, 400),
        "volume_cents": terms.volume_cents,
        "signed_on": terms.signed_on,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "notice_days": terms.notice_days,
        "state": terms.state,
        "owner_staff_id": terms.owner_staff_id,
    }


def _price(typed: str) -> str:
    """A price as decimal text; finer than a cent if that was agreed, a point between whole and part."""
    try:
        price = Decimal(typed.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ContractRefused("price") from None
    if not price.is_finite() or not 0 <= price < 10**12 or price != round(price, 6):
        raise ContractRefused("price")
    return format(price, "f")


def _calm(text: str, longest: int) -> str:
    """A line of words; phones and card numbers belong to fields that seal them."""
    if cutting.cut(text)[1]:
        raise ContractRefused("identifier")
    return " ".join(text.split())[:longest]


def _refuse_bad(terms: Terms) -> None:
    if not terms.title.strip():
        raise ContractRefused("title")
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise ContractRefused("dates")
    if terms.state not in STATES or not 0 <= terms.notice_days <= 365:
        raise ContractRefused("state")
    if terms.volume_cents is not None and terms.volume_cents < 0:
        raise ContractRefused("price")
    if cutting.cut(f"{terms.subject} {terms.number}")[1]:
        raise ContractRefused("identifier")


def _refuse_many(count: int) -> None:
    if count >= _MOST_PARTS:
        raise ContractRefused("many")
