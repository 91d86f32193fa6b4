"""One order: its lines, its money, who it went to (masked), and every statement that was made of it."""

from collections.abc import Sequence

from zhike.customers import queries as customers
from zhike.customers.records import TimelineItem, TimelinePlace
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import SealedRef, Viewer
from zhike.shop.models import Order, OrderLine, OrderVersion, Product
from zhike.shop.queries.orders import matching, row_of
from zhike.shop.records import LineFacts, OrderDetail, OrderFilter, OrderVersionFacts, SealedPart

SEALED_COLUMN = "shop_orderversion.sealed"
RECEIVER = ("receiver_name", "receiver_phone", "receiver_address", "buyer_message")


def order(viewer: Viewer, public_id: str) -> OrderDetail | None:
    """An order whole, or None when there is none the viewer may see."""
    found = matching(viewer, OrderFilter()).filter(public_id=public_id).first()
    if found is None:
        return None
    versions = list(OrderVersion.objects.filter(order_id=found.id).order_by("-seen_rank", "-id"))
    current = next((v for v in versions if v.id == found.current_version_id), None)
    return OrderDetail(
        row=row_of(found),
        paid_at=found.paid_at,
        goods_cents=found.goods_cents,
        postage_cents=found.postage_cents,
        fee_cents=found.fee_cents,
        refund_cents=found.refund_cents,
        lines=_lines(found),
        versions=tuple(_version(found, v) for v in versions),
        receiver=_receiver(viewer, current),
    )


def sealed_ref(viewer: Viewer, public_id: str) -> tuple[int, SealedRef] | None:
    """The order's id and the place of its sealed part, for a reveal; None when the viewer may not see the order."""
    found = matching(viewer, OrderFilter()).filter(public_id=public_id).first()
    version = OrderVersion.objects.filter(id=found.current_version_id or 0).first() if found else None
    ref = _ref(version) if version else None
    return (found.id, ref) if found and ref else None


def timeline(record_ids: Sequence[int], before: TimelinePlace | None = None, limit: int = 30) -> list[TimelineItem]:
    """Orders of these records before a place of the timeline, newest first."""
    live = "current_version_id IS NOT NULL"
    ids = customers.newest_ids("shop_order", "ordered_at", "order", record_ids, before, limit, only=live)
    found = Order.objects.filter(id__in=ids).order_by("-ordered_at", "-id")[:limit]
    return [
        TimelineItem(
            at=o.ordered_at,
            kind="order",
            key=str(o.id),
            title=o.external_id,
            detail=o.kind,
            amount_cents=o.net_cents,
            currency=o.currency,
            state=o.status,
            address=o.public_id,
        )
        for o in found
    ]


def _ref(version: OrderVersion) -> SealedRef | None:
    if version.sealed is None or version.sealed_record_id is None:
        return None
    return SealedRef(SEALED_COLUMN, version.id, version.sealed_record_id, bytes(version.sealed))


def _receiver(viewer: Viewer, version: OrderVersion | None) -> tuple[SealedPart, ...]:
    ref = _ref(version) if version else None
    if ref is None:
        return ()
    parts = []
    for name in RECEIVER:
        (mask,) = secure.masked(viewer, [ref], name)
        if mask:
            parts.append(SealedPart(name, str(fields.field(name).label), mask, secure.may_reveal(viewer, name)))
    return tuple(parts)


def _lines(found: Order) -> tuple[LineFacts, ...]:
    lines = list(OrderLine.objects.filter(version_id=found.current_version_id or 0).order_by("line_no", "id"))
    products = {p.id: p for p in Product.objects.filter(id__in={line.product_id for line in lines})}
    return tuple(
        LineFacts(
            line_no=line.line_no,
            sku=_sku(products[line.product_id].sku),
            title=line.title or products[line.product_id].title,
            kind=line.kind,
            quantity=line.quantity,
            unit_price=_price(line.unit_price),
            amount_cents=line.amount_cents,
            is_repeat=line.is_repeat,
        )
        for line in lines
    )


def _sku(sku: str) -> str:
    """A product known by nothing but its title has a key of ours, which is no article number."""
    return "" if sku.startswith("title:") else sku


def _price(text: str) -> str:
    """A price as stated, with both digits of the cents; finer prices stay as they are."""
    whole, _, part = text.partition(".")
    return f"{whole}.{part:<02}" if whole.lstrip("-").isdigit() and len(part) < 2 else text


def _version(found: Order, version: OrderVersion) -> OrderVersionFacts:
    return OrderVersionFacts(
        id=version.id,
        created_at=version.created_at,
        is_current=version.id == found.current_version_id,
        is_withdrawn=version.withdrawn_at is not None,
        total_cents=version.header.get("total_cents"),
        status=version.header.get("status", ""),
    )
