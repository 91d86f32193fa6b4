"""Products and after-sale cases in lists, on their order, and what recording some would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhike.kit.paging import Column, Page, page_of
from zhike.secure.records import Viewer
from zhike.shop.actions.stated import digest_of, known_of
from zhike.shop.models import AfterSaleCase, Order, Product
from zhike.shop.queries.orders import matching
from zhike.shop.records import CaseRow, OrderFilter, OrderRow, ProductRow, Stated

_CASE_SORTS = {"time": (Column("opened_at", descending=True), Column("id", descending=True))}
_PRODUCT_SORTS = {"id": (Column("id", descending=True),)}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list of cases shows; blank does not narrow."""

    status: str = ""
    kind: str = ""
    source_id: int | None = None


def cases(viewer: Viewer, wanted: CaseFilter, *, after: str = "", before: str = "", size: int = 50) -> Page[CaseRow]:
    """A page of live after-sale cases, newest first, of orders the viewer may see."""
    page = page_of(_cases_of(viewer, wanted), sorts=_CASE_SORTS, sort="time", after=after, before=before, size=size)
    return Page(_rows(page.items), page.next_key, page.previous_key)


def cases_of_order(source_id: int, number: str, *, most: int = 50) -> list[CaseRow]:
    """The live cases of an order the caller has shown to the viewer already."""
    found = AfterSaleCase.objects.filter(source_id=source_id, order_number=number, current_version_id__isnull=False)
    return _rows(list(found.order_by("-opened_at", "-id")[:most]))


def open_cases_of(orders: Sequence[OrderRow], *, limit: int = 20) -> list[CaseRow]:
    """The open cases of some orders the caller has shown to the viewer already, newest first."""
    by_source: dict[int, list[str]] = {}
    for o in orders:
        by_source.setdefault(o.source_id, []).append(o.number)
    wanted = [Q(source_id=source_id, order_number__in=numbers) for source_id, numbers in by_source.items()]
    if not wanted:
        return []
    found = AfterSaleCase.objects.filter(
        reduce(or_, wanted), current_version_id__isnull=False, status__in=("open", "agreed")
    )
    return _rows(list(found.order_by("-opened_at", "-id")[:limit]))


def products(*, source_id: int | None = None, category: str = "", after: str = "", before: str = "", size: int = 50) -> Page[ProductRow]:  # fmt: skip
    """A page of the products a catalogue or an order has named, newest first. Products are no personal data."""
    found = Product.objects.all()
    if source_id is not None:
        found = found.filter(source_id=source_id)
    if category:
        found = found.filter(category=category)
    page = page_of(found, sorts=_PRODUCT_SORTS, sort="id", after=after, before=before, size=size)
    return Page([_product(p) for p in page.items], page.next_key, page.previous_key)


def foresee_stated(about: str, source_id: int | None, given: Sequence[Stated]) -> list[str]:
    """New, updated or unchanged, as recording would count each; writes nothing."""
    known = known_of(about, source_id, {one.key for one in given}) if source_id is not None else {}
    outcomes = []
    for one in given:
        held = known.get(one.key)
        if held is None:
            outcomes.append("new")
        else:
            version = held.versions.get(digest_of(one))
            outcomes.append("unchanged" if version and version[0] == held.shown else "updated")
    return outcomes


def _cases_of(viewer: Viewer, wanted: CaseFilter) -> QuerySet[AfterSaleCase]:
    found = AfterSaleCase.objects.filter(current_version_id__isnull=False)
    if viewer.scope != "all":
        orders = matching(viewer, OrderFilter())
        found = found.filter(
            Exists(orders.filter(source_id=OuterRef("source_id"), external_id=OuterRef("order_number")))
        )
    plain = {"status": wanted.status, "kind": wanted.kind, "source_id": wanted.source_id}
    return found.filter(**{name: value for name, value in plain.items() if value not in ("", None)})


def _rows(found: Sequence[Any]) -> list[CaseRow]:
    numbers = {c.order_number for c in found}
    orders = {
        (source, number): public_id
        for source, number, public_id in Order.objects.filter(
            external_id__in=numbers, current_version_id__isnull=False
        ).values_list("source_id", "external_id", "public_id")
    }
    return [
        CaseRow(
            number=c.external_id,
            source_id=c.source_id,
            order_number=c.order_number,
            order_public_id=orders.get((c.source_id, c.order_number), ""),
            sku=c.sku,
            kind=c.kind,
            status=c.status,
            reason=c.reason,
            amount_cents=c.amount_cents,
            currency=c.currency,
            opened_at=c.opened_at,
            closed_at=c.closed_at,
        )
        for c in found
    ]


def _product(p: Product) -> ProductRow:
    sku = "" if p.sku.startswith("title:") else p.sku
    return ProductRow(
        p.id, p.source_id, sku, p.title, p.category, p.brand, p.price_cents, p.cost_cents, p.attributes or {}
    )
