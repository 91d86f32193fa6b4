"""What orders say of a customer's credit: what was ordered and sent and is not paid, and what it usually buys."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.shop.models import Order

_YEAR_DAYS = 365
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Owed:
    """Unpaid orders of a file in the shop's currency: agreed and not sent, sent and not paid."""

    agreed_cents: int
    sent_cents: int
    order_count: int


def owed(viewer: Viewer, record_ids: Sequence[int], *, billed: Collection[str] = ()) -> Owed | None:
    """Orders not paid yet. Those whose number was billed stand on an invoice and are left out; None where orders may not be seen.

    An order counts as sent only where its state says so and no payment is known: platforms pay before they send.
    """
    if not viewer.can("orders.view") or secure.sight(viewer, "net_amount") != "shown":
        return None
    found = _of(record_ids).filter(kind="sale", paid_at__isnull=True, status__in=("unpaid", "shipped"))
    sums = found.exclude(external_id__in=billed).values_list("status").annotate(sum=Sum("total_cents"), n=Count("id"))
    by_status = {status: (int(cents or 0), count) for status, cents, count in sums.order_by()}
    agreed, sent = by_status.get("unpaid", (0, 0)), by_status.get("shipped", (0, 0))
    return Owed(agreed[0], sent[0], agreed[1] + sent[1])


def monthly_net_cents(viewer: Viewer, record_ids: Sequence[int]) -> int | None:
    """Net of the last 365 days over twelve; None where it may not be seen or nothing was bought."""
    if not viewer.can("orders.view") or secure.sight(viewer, "net_amount") != "shown":
        return None
    since = clock.now() - dt.timedelta(days=_YEAR_DAYS)
    net = _of(record_ids).filter(ordered_at__gte=since).aggregate(n=Sum("net_cents"))["n"]
    return int(net) // _MONTHS if net else None


def _of(record_ids: Sequence[int]) -> QuerySet[Order]:
    is_live = Q(current_version_id__isnull=False, currency=installation().currency)
    return Order.objects.filter(is_live, source_record_id__in=list(record_ids))
