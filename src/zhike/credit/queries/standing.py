"""Where a customer stands: credit in force, what it owes, how it pays, and whether an order would wait."""

from collections.abc import Sequence
from dataclasses import dataclass

from zhike.credit import evaluating, measuring, shipped_rules
from zhike.credit.models import CreditReport, Receivable
from zhike.credit.queries.reports import band_of, facts, in_force, is_expired
from zhike.credit.records import CreditStanding, ReceivableRow
from zhike.customers import queries as customers
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.records import SYSTEM, Viewer
from zhike.shop import queries as shop
from zhike_analytics.credit import Ageing, Exposure, Hold, ageing, exposure, hold


@dataclass(frozen=True, slots=True)
class _Position:
    """What is owed and allowed, as the machine knows it: no viewer sees this whole."""

    report: CreditReport | None
    is_expired: bool
    ages: Ageing
    parts: Exposure

    def hold(self, order_cents: int) -> Hold:
        return hold(
            self.parts.total,
            order_cents,
            limit=self.report.limit_cents if self.report else None,
            overdue_days=self.ages.oldest_days,
            grace_days=shipped_rules.limits().grace_days,
            is_expired=self.is_expired,
        )


def standing(viewer: Viewer, customer_id: int) -> CreditStanding | None:
    """Where a customer stands; None for who may not see credit at all. Who sees it masked is told the band and whether orders wait."""
    sight = _sight(viewer, customer_id)
    if sight == "hidden":
        return None
    record_ids = customers.record_ids_of(customer_id)
    at = _position(record_ids)
    judged, shown = at.hold(0), sight == "shown"
    with_money = secure.sight(viewer, "receivables") == "shown"
    with_orders = with_money and viewer.can("orders.view") and secure.sight(viewer, "net_amount") == "shown"
    return CreditStanding(
        band=band_of(at.report.grade) if at.report else "",
        report=facts(viewer, at.report) if at.report and shown else None,
        is_expired=at.is_expired,
        invoices_cents=int(at.parts.invoices) if with_money else None,
        shipped_cents=int(at.parts.shipped) if with_orders else None,
        orders_cents=int(at.parts.orders) if with_orders else None,
        owed_cents=int(at.parts.total) if with_orders else None,
        free_cents=int(judged.free) if judged.free is not None and shown and with_orders else None,
        overdue_cents=int(at.ages.overdue) if with_money else None,
        overdue_days=at.ages.oldest_days if with_money else 0,
        ages={code: int(amount) for code, amount in at.ages.amounts.items()} if with_money else {},
        payments=evaluating.payments_as_data(evaluating.payments_of(record_ids)) if with_money and shown else {},
        holds=judged.reasons,
        currency=installation().currency,
    )


def hold_for(viewer: Viewer, customer_id: int, order_cents: int) -> Hold | None:
    """Whether an order of this amount, not prepaid, would wait, and why; None for who may not see credit.

    What is free is told only to who sees the limit and what is owed. For a natural person this is a hint: somebody decides.
    """
    found = standing(viewer, customer_id)
    if found is None:
        return None
    judged = _position(customers.record_ids_of(customer_id)).hold(order_cents)
    return Hold(judged.is_held, judged.reasons, judged.free if found.free_cents is not None else None)


def receivables_of(viewer: Viewer, record_ids: Sequence[int], *, limit: int = 100) -> tuple[ReceivableRow, ...]:
    """The invoices of a file: what is owed, the longest first, then the settled, the newest first."""
    if not viewer.can("credit.view") or secure.sight(viewer, "receivables") != "shown":
        return ()
    today = clock.today(installation().time_zone)
    found = [
        ReceivableRow(
            r.number, r.currency, r.issued_on, r.due_on, r.amount_cents, r.paid_cents, r.paid_on,
            max(0, (today - r.due_on).days) if r.paid_cents < r.amount_cents else 0,
        )
        for r in Receivable.objects.filter(source_record_id__in=list(record_ids)).order_by("-due_on", "-id")[:500]
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda r: (r.paid_cents >= r.amount_cents, -r.days_overdue))[:limit])


def _sight(viewer: Viewer, customer_id: int) -> str:
    if not viewer.can("credit.view") or not customers.lines(viewer, [customer_id]):
        return "hidden"
    return secure.sight(viewer, "credit")


def _position(record_ids: Sequence[int]) -> _Position:
    currency = installation().currency
    rows = list(Receivable.objects.filter(source_record_id__in=list(record_ids), currency=currency))
    ages = ageing([measuring.invoice_of(r) for r in rows], as_of=clock.today(installation().time_zone))
    orders = shop.owed(SYSTEM, record_ids, billed=[r.number for r in rows])
    parts = exposure(
        invoices=ages.total, shipped=orders.sent_cents if orders else 0, orders=orders.agreed_cents if orders else 0
    )
    report = in_force(record_ids)
    return _Position(report, report is not None and is_expired(report), ages, parts)
