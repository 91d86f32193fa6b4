"""Statements: entered, changed, taken away. What they warn of is computed here, once."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction

from zhike.credit import measuring
from zhike.credit.models import FinancialStatement
from zhike.credit.records import AMOUNTS, PERIODS, Stated
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.kit import chance, clock, ids
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

MOST_CENTS = 10**17
_MAY_BE_NEGATIVE = frozenset({"net_assets", "retained_earnings", "ebit", "net_profit"})
_EARLIEST = dt.date(1990, 1, 1)


class StatementRefused(ValueError):
    """A statement cannot read so. `code`: nothing_stated, negative, too_large, day, period, identifier, exists, person,
    currency, unknown; `part` the amount meant."""

    def __init__(self, code: str, part: str = "") -> None:
        super().__init__(code)
        self.code, self.part = code, part


def add_statement(customer_id: int, stated: Stated, *, by: Viewer) -> str:
    """Put a statement on an organization's file; returns the id in its address.

    Raises StatementRefused, Forbidden, CustomerUnknown.
    """
    _check(by)
    refuse_bad(stated)
    if not is_organisation(customer_id, by):
        raise StatementRefused("person")
    with transaction.atomic():
        record_id = customers.house_record(customer_id, by=by)
        if _of_period(record_id, stated) is not None:
            raise StatementRefused("exists")
        made = lay_statement(record_id, stated, by)
        mark_newest([record_id])
        secure.record_audit("statement.added", by=by, about=("statement", made.pk))
    return made.public_id


def change_statement(public_id: str, stated: Stated, *, by: Viewer) -> bool:
    """Correct a statement; whether anything changed. The audit keeps which amounts did, never how much."""
    _check(by)
    refuse_bad(stated)
    with transaction.atomic():
        row = _held(public_id, by)
        other = _of_period(row.source_record_id, stated)
        if other is not None and other.pk != row.pk:
            raise StatementRefused("exists")
        changed = restate(row, stated)
        if changed:
            mark_newest([row.source_record_id])
            secure.record_audit("statement.changed", by=by, about=("statement", row.pk), detail={"changed": changed})
    return bool(changed)


def remove_statement(public_id: str, *, by: Viewer) -> None:
    """Take a statement away that should not be there. Reports that rest on it keep the figures they showed."""
    _check(by)
    with transaction.atomic():
        row = _held(public_id, by)
        record_id, row_id = row.source_record_id, row.pk
        row.delete()
        mark_newest([record_id])
        secure.record_audit("statement.removed", by=by, about=("statement", row_id))


def refuse_bad(stated: Stated) -> None:
    """Raise StatementRefused for what cannot be a statement."""
    today = clock.today(installation().time_zone)
    if stated.period not in PERIODS:
        raise StatementRefused("period")
    if not _EARLIEST <= stated.ends_on <= today:
        raise StatementRefused("day")
    if stated.currency and stated.currency != installation().currency:
        raise StatementRefused("currency")
    known = {name: value for name, value in stated.amounts.items() if value is not None}
    if not known:
        raise StatementRefused("nothing_stated")
    for name, value in known.items():
        if name not in AMOUNTS:
            raise StatementRefused("unknown", name)
        if abs(value) > MOST_CENTS:
            raise StatementRefused("too_large", name)
        if value < 0 and name not in _MAY_BE_NEGATIVE:
            raise StatementRefused("negative", name)
    if cutting.cut(f"{stated.origin} {stated.note}")[1]:
        raise StatementRefused("identifier")


def lay_statement(record_id: int, stated: Stated, by: Viewer) -> FinancialStatement:
    """A new row; inside a transaction, its bounds checked before."""
    at = clock.now()
    return FinancialStatement.objects.create(
        id=ids.take("statement")[0],
        public_id=chance.public_id(),
        source_record_id=record_id,
        by_staff_id=by.staff_id,
        created_at=at,
        updated_at=at,
        **_columns(stated),
    )


def restate(row: FinancialStatement, stated: Stated) -> list[str]:
    """Bring a row to what is stated; the names of what changed."""
    columns = _columns(stated)
    changed = sorted(
        name.removesuffix("_cents") for name, value in columns.items()
        if name not in ("tone", "warning_codes") and getattr(row, name) != value
    )  # fmt: skip
    if changed:
        FinancialStatement.objects.filter(pk=row.pk).update(updated_at=clock.now(), **columns)
    return changed


def mark_newest(record_ids: Iterable[int]) -> None:
    """Of each record the statement with the latest end is the newest; of one end the longer period, then the consolidated."""
    for record_id in set(record_ids):
        rows = list(FinancialStatement.objects.filter(source_record_id=record_id))
        rows.sort(key=lambda r: (r.ends_on, -PERIODS.index(r.period), r.is_consolidated, r.pk), reverse=True)
        FinancialStatement.objects.filter(source_record_id=record_id).update(is_newest=False)
        if rows:
            FinancialStatement.objects.filter(pk=rows[0].pk).update(is_newest=True)


def is_organisation(customer_id: int, by: Viewer) -> bool:
    """Whether the customer is an organization; False for one the viewer may not know of, too."""
    head = customer_queries.header(by, customer_id)
    return head is not None and head.row.kind == "organisation"


def _columns(stated: Stated) -> dict[str, object]:
    amounts: Mapping[str, int | None] = {name: stated.amounts.get(name) for name in AMOUNTS}
    tone, codes = measuring.in_short(measuring.told_by(amounts))
    return {
        **{f"{name}_cents": value for name, value in amounts.items()},
        "ends_on": stated.ends_on,
        "period": stated.period,
        "is_consolidated": stated.is_consolidated,
        "is_audited": stated.is_audited,
        "currency": stated.currency or installation().currency,
        "origin": " ".join(stated.origin.split())[:120],
        "note": " ".join(stated.note.split())[:400],
        "tone": tone,
        "warning_codes": codes,
    }


def _of_period(record_id: int, stated: Stated) -> FinancialStatement | None:
    return FinancialStatement.objects.filter(
        source_record_id=record_id, ends_on=stated.ends_on, period=stated.period, is_consolidated=stated.is_consolidated
    ).first()


def _check(by: Viewer) -> None:
    check(by, "credit.edit")
    if not policy.may_edit(by, "statements"):
        raise Forbidden("statements")


def _held(public_id: str, by: Viewer) -> FinancialStatement:
    row = FinancialStatement.objects.select_for_update().filter(public_id=public_id).first()
    if row is None or not customer_queries.customers_of_records(by, [row.source_record_id]):
        raise StatementRefused("unknown")
    return row
