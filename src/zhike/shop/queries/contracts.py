"""Questions about contracts: of one file, of all customers by the day they end, and one in full."""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from zhike.customers import queries as customers
from zhike.customers.records import TimelineItem, TimelinePlace
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.shop.models import Contract, ContractClause, ContractDispute, ContractPrice, Order
from zhike.shop.records import ContractDetail, ContractPage, ContractRow

_SOON_DAYS = 90
_NEVER = dt.date(9999, 12, 31)
VIEWS = ("soon", "active", "draft", "over")


def contracts(viewer: Viewer, view: str = "soon", *, after: str = "", limit: int = 50) -> ContractPage:
    """Contracts of the viewer's customers by the day they end, open-ended ones last in `active`.

    Views: `soon` (active, ends within 90 days or has ended unnoticed), `active`, `draft`, `over`.
    """
    if secure.sight(viewer, "contracts") == "hidden":
        return ContractPage((), "")
    # Contracts without an end come last, on both databases alike.
    found = _in_view(_in_scope(viewer), view).annotate(
        last=Coalesce("ends_on", Value(_NEVER), output_field=DateField())
    )
    place = _read(after)
    if place:
        end, contract_id = place
        found = found.filter(Q(last__gt=end) | Q(last=end, id__gt=contract_id))
    page = list(found.order_by("last", "id")[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    return ContractPage(_rows(page), _token(page[-1]) if more else "")


def contracts_of(viewer: Viewer, record_ids: Sequence[int], *, limit: int = 20) -> tuple[ContractRow, ...]:
    """The contracts of a file, the newest first."""
    if secure.sight(viewer, "contracts") == "hidden":
        return ()
    found = Contract.objects.filter(source_record_id__in=list(record_ids)).order_by("-created_at", "-id")
    return _rows(list(found[:limit]))


def contract(viewer: Viewer, public_id: str) -> ContractDetail | None:
    """A contract in full, with what has been bought under it; None when the viewer may not know of it."""
    found = _in_scope(viewer).filter(public_id=public_id).first()
    if found is None or secure.sight(viewer, "contracts") == "hidden":
        return None
    return ContractDetail(
        row=_rows([found])[0],
        subject=found.subject,
        payment_terms=found.payment_terms,
        volume_terms=found.volume_terms,
        bought_cents=_bought(viewer, found),
        prices=tuple(
            ContractPrice.objects.filter(contract_id=found.id).order_by("title", "from_quantity", "id").values()
        ),
        clauses=tuple(ContractClause.objects.filter(contract_id=found.id).order_by("place", "id").values()),
        disputes=tuple(ContractDispute.objects.filter(contract_id=found.id).order_by("-at", "-id").values()),
    )


def contract_items(
    viewer: Viewer, record_ids: Sequence[int], before: TimelinePlace | None, limit: int
) -> list[TimelineItem]:
    """Contracts and disputes on the timeline of a file."""
    if secure.sight(viewer, "contracts") == "hidden":
        return []
    ids = customers.newest_ids("shop_contract", "created_at", "contract", record_ids, before, limit)
    found = [
        TimelineItem(at=c.created_at, kind="contract", key=str(c.id), title=c.title, state=c.state, address=c.public_id)
        for c in Contract.objects.filter(id__in=ids)
    ]
    ids = customers.newest_ids("shop_contractdispute", "at", "dispute", record_ids, before, limit)
    disputes = list(ContractDispute.objects.filter(id__in=ids))
    of = dict(Contract.objects.filter(id__in={d.contract_id for d in disputes}).values_list("id", "public_id"))
    return found + [
        TimelineItem(at=d.at, kind="dispute", key=str(d.id), title=d.claim, state=d.state, address=of[d.contract_id])
        for d in disputes
    ]


def _in_scope(viewer: Viewer) -> QuerySet[Contract]:
    within = customers.records_in_scope(viewer)
    return Contract.objects.all() if within is None else Contract.objects.filter(source_record_id__in=within)


def _in_view(found: QuerySet[Contract], view: str) -> QuerySet[Contract]:
    if view == "soon":
        until = clock.today(installation().time_zone) + dt.timedelta(days=_SOON_DAYS)
        return found.filter(state="active", ends_on__lte=until)
    states = {"draft": ["draft"], "over": ["ended", "terminated"]}.get(view, ["active"])
    return found.filter(state__in=states)


def _rows(found: Iterable[Contract]) -> tuple[ContractRow, ...]:
    rows = list(found)
    today = clock.today(installation().time_zone)
    clauses: dict[int, dict[str, int]] = {}
    counted = ContractClause.objects.filter(contract_id__in=[c.id for c in rows])
    for contract_id, performance, count in counted.values_list("contract_id", "performance").annotate(n=Count("id")):
        clauses.setdefault(contract_id, {})[performance] = count
    open_disputes = ContractDispute.objects.filter(contract_id__in=[c.id for c in rows], state="open")
    disputes = dict(open_disputes.values_list("contract_id").annotate(n=Count("id")).order_by())
    return tuple(
        ContractRow(
            id=c.id,
            public_id=c.public_id,
            source_record_id=c.source_record_id,
            number=c.number,
            title=c.title,
            currency=c.currency,
            volume_cents=c.volume_cents,
            signed_on=c.signed_on,
            starts_on=c.starts_on,
            ends_on=c.ends_on,
            days_left=(c.ends_on - today).days if c.ends_on else None,
            notice_days=c.notice_days,
            state=c.state,
            owner_staff_id=c.owner_staff_id,
            clauses=clauses.get(c.id, {}),
            open_disputes=disputes.get(c.id, 0),
        )
        for c in rows
    )


def _bought(viewer: Viewer, c: Contract) -> int | None:
    """Net amount of the customer's orders from the first day to the last, in the contract's currency."""
    if not viewer.can("orders.view") or secure.sight(viewer, "net_amount") != "shown":
        return None
    records = list(customers.records_beside([c.source_record_id]))
    zone = ZoneInfo(installation().time_zone)
    found = Order.objects.filter(source_record_id__in=records, currency=c.currency, current_version_id__isnull=False)
    found = found.filter(ordered_at__gte=dt.datetime.combine(c.starts_on, dt.time(), zone))
    if c.ends_on:
        found = found.filter(ordered_at__lt=dt.datetime.combine(c.ends_on + dt.timedelta(days=1), dt.time(), zone))
    return int(found.aggregate(n=Sum("net_cents"))["n"] or 0)


def _token(c: Contract) -> str:
    return f"{(c.ends_on or _NEVER).isoformat()}.{c.id}"


def _read(token: str) -> tuple[dt.date, int] | None:
    """A place from an address; a damaged one begins at the top."""
    end, _, contract_id = token.partition(".")
    if not contract_id.isdecimal() or len(contract_id) > 18:
        return None
    try:
        return dt.date.fromisoformat(end), int(contract_id)
    except ValueError:
        return None


def records_under_contract() -> set[int]:
    """The source records with a contract that runs, or one that is disputed; for those who ask what must be kept."""
    disputed = ContractDispute.objects.filter(state="open").values("contract_id")
    found = Contract.objects.filter(Q(state="active") | Q(id__in=disputed))
    return set(found.values_list("source_record_id", flat=True))
