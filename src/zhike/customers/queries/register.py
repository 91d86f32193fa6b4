"""The register: pages, counts and selections of customers as one viewer may see them."""

from collections.abc import Iterable, Iterator
from typing import Any

from zhike.customers.models import Customer, CustomerCard, CustomerTag, Tag
from zhike.customers.queries import keyset, walking
from zhike.customers.queries.filters import is_narrow, lies_along, matching, stretch
from zhike.customers.queries.keyset import Order, Place
from zhike.customers.queries.sources import names_of_sources
from zhike.customers.records import Count, RegisterFilter, RegisterPage, RegisterRow, Selection, TagFacts
from zhike.secure import queries as secure
from zhike.secure.records import Sight, Viewer

_SORTED_FIELD = {
    "name": "name",
    "last_order": "last_order_at",
    "orders": "order_count",
    "net": "net_amount",
    "class": "rfm_class",
}

# What a line shows by right; each is asked once a page.
_SHOWN = (
    "city",
    "email",
    "first_order_at",
    "last_order_at",
    "lead_score",
    "name",
    "net_amount",
    "order_count",
    "owner",
    "phone",
    "province",
    "purchase_class",
    "rfm_class",
    "sex",
    "stage",
)


def register(
    viewer: Viewer,
    wanted: RegisterFilter,
    *,
    sort: str = keyset.DEFAULT,
    after: str = "",
    before: str = "",
    limit: int = 50,
) -> RegisterPage:
    """A page of the register in the viewer's scope.

    `sort` is a code of `keyset.SORTS`, with a leading minus from the greatest down; `after` and `before` are cursors an earlier
    page gave. A name the viewer may not see is no sort either: the page then comes in order of creation.
    """
    order = allowed_order(viewer, sort)
    backwards = bool(before) and not after
    walked = order.reversed() if backwards else order
    place = keyset.read_place(before if backwards else after, order.sort)
    found = _cards(viewer, wanted, walked, place, limit + 1)
    cards = found.cards
    more = len(cards) > limit
    cards = cards[:limit]
    if backwards:
        cards.reverse()
    onward, back = (True, more) if backwards else (more, place is not None)
    return RegisterPage(
        rows=tuple(rows(viewer, cards)),
        next_key=_token(order, cards[-1]) if cards and onward else "",
        previous_key=_token(order, cards[0]) if cards and back else "",
        plan=found.plan,
        total=found.total,
    )


def allowed_order(viewer: Viewer, sort: str) -> Order:
    """The order an address asks for, or by creation where the viewer may not see the sorted field."""
    order = keyset.parse_order(sort)
    field = _SORTED_FIELD.get(order.sort.code)
    if field and secure.sight(viewer, field) != "shown":
        return keyset.parse_order(keyset.DEFAULT)
    return order


def count(viewer: Viewer, wanted: RegisterFilter, *, cap: int = walking.CAP, page: RegisterPage | None = None) -> Count:
    """How many match, counted no further than `cap` (1,001 reads "1,000+"), or as a page of the same list has told."""
    if page is not None and page.total is not None:
        return Count(page.total, False)
    number = matching(viewer, wanted).order_by().values("customer_id")[:cap].count()
    return Count(min(number, cap - 1), number >= cap)


def exact_count(viewer: Viewer, wanted: RegisterFilter) -> int:
    """How many match, all of them; for jobs and confirmations, not for pages."""
    return matching(viewer, wanted).count()


def selected_ids(viewer: Viewer, chosen: Selection, *, chunk: int = 1000, after: int = 0) -> Iterator[list[int]]:
    """The customers of a selection in the viewer's scope with ids above `after`, ascending, in chunks.

    All chunks together pass the table once: no index of a filter is taken, whose matches each chunk would sort again.
    """
    wanted = _wanted(chosen)
    found = matching(viewer, wanted, indexed=wanted.ids is not None).order_by("customer_id")
    while True:
        ids = list(found.filter(customer_id__gt=after).values_list("customer_id", flat=True)[:chunk])
        if ids:
            yield ids
        if len(ids) < chunk:
            return
        after = ids[-1]


def selection_size(viewer: Viewer, chosen: Selection) -> int:
    """How many customers of a selection lie in the viewer's scope."""
    return exact_count(viewer, _wanted(chosen))


def _wanted(chosen: Selection) -> RegisterFilter:
    """The filter of a selection; ticked customers who were absorbed since are meant with the file they are on now."""
    if chosen.matching:
        return chosen.matching
    absorbed = Customer.objects.filter(id__in=chosen.ids, is_root=False).values_list("root_id", flat=True)
    return RegisterFilter(ids=frozenset(chosen.ids).union(absorbed), archived="all")


def _cards(viewer: Viewer, wanted: RegisterFilter, order: Order, place: Place | None, limit: int) -> walking.Found:
    if wanted == RegisterFilter() and viewer.scope == "all":
        # Hardly any file is archived: the walk along the sort meets a page's worth at once.
        return walking.Found(walking.straight(matching(viewer, wanted, indexed=False), order, place, limit), "walk")
    column = order.sort.column
    return walking.page(
        lambda indexed: matching(viewer, wanted, indexed=indexed, sorted_by="" if indexed else column),
        order,
        place,
        limit,
        stretch=stretch(wanted, column),
        lies_along=lies_along(wanted, column),
        is_narrow=is_narrow(wanted),
    )


def _token(order: Order, card: CustomerCard) -> str:
    return Place(getattr(card, order.sort.column), card.customer_id).token(order.sort)


def lines(viewer: Viewer, customer_ids: Iterable[int]) -> dict[int, RegisterRow]:
    """Given customers as lines of the register, by id; those outside the viewer's scope are not there.

    Who was absorbed since the id was noted stands there as the file they are on now.
    """
    wanted = frozenset(customer_ids)
    root_of = dict(Customer.objects.filter(id__in=wanted, is_root=False).values_list("id", "root_id"))
    found = matching(viewer, RegisterFilter(ids=wanted.union(root_of.values()), archived="all"))
    by_root = {row.customer_id: row for row in rows(viewer, found)}
    return {c: by_root[root] for c in wanted if (root := root_of.get(c, c)) in by_root}


def rows(viewer: Viewer, cards: Iterable[CustomerCard]) -> list[RegisterRow]:
    """Cards as lines one viewer may see: three questions to the database, however many cards."""
    cards = list(cards)
    ids = [c.customer_id for c in cards]
    public = dict(Customer.objects.filter(id__in=ids).values_list("id", "public_id"))
    sources = names_of_sources(c.first_source_id for c in cards if c.first_source_id)
    tags = tags_of(ids) if secure.sight(viewer, "tags") == "shown" else {}
    sights = {field: secure.sight(viewer, field) for field in _SHOWN}
    return [_row(viewer, sights, c, public[c.customer_id], sources, tags.get(c.customer_id, ())) for c in cards]


def tags_of(customer_ids: Iterable[int]) -> dict[int, tuple[TagFacts, ...]]:
    """The tags of files, by name; in a merged group each tag once, on whichever customer it was put."""
    pairs = CustomerTag.objects.filter(root_id__in=list(customer_ids)).values_list("root_id", "tag_id").distinct()
    tags = {t.id: TagFacts(t.id, t.name, t.color) for t in Tag.objects.filter(id__in={tag for _, tag in pairs})}
    found: dict[int, list[TagFacts]] = {}
    for customer_id, tag_id in pairs:
        found.setdefault(customer_id, []).append(tags[tag_id])
    return {customer_id: tuple(sorted(own, key=lambda t: t.name)) for customer_id, own in found.items()}


def _row(
    viewer: Viewer,
    sights: dict[str, Sight],
    card: CustomerCard,
    public_id: str,
    sources: dict[int, str],
    tags: tuple[TagFacts, ...],
) -> RegisterRow:
    def seen(field: str, value: Any, hidden: Any) -> Any:
        return value if sights[field] == "shown" else hidden

    def text(field: str) -> str:
        value: str = getattr(card, field)
        return (value or "") if sights[field] == "shown" else secure.show(viewer, field, value)

    return RegisterRow(
        customer_id=card.customer_id,
        public_id=public_id,
        number=card.number,
        kind=card.kind,
        name=text("name"),
        province=text("province"),
        city=text("city"),
        stage=seen("stage", card.stage, ""),
        sex=text("sex"),
        has_phone=card.has_phone and sights["phone"] != "hidden",
        has_email=card.has_email and sights["email"] != "hidden",
        owner_staff_id=seen("owner", card.owner_staff_id, None),
        tags=tags,
        source_name=sources.get(card.first_source_id or 0, ""),
        order_count=seen("order_count", card.order_count, None),
        net_cents=seen("net_amount", card.net_cents, None),
        first_order_at=seen("first_order_at", card.first_order_at, None),
        last_order_at=seen("last_order_at", card.last_order_at, None),
        rfm_class=seen("rfm_class", card.rfm_class, ""),
        rfm_cell=seen("rfm_class", card.rfm_cell, ""),
        created_at=card.created_at,
        archived=card.archived_at is not None,
        phone_state=card.phone_state if sights["phone"] != "hidden" else "",
        email_state=card.email_state if sights["email"] != "hidden" else "",
        purchase_class=seen("purchase_class", card.purchase_class, ""),
        lead_score=seen("lead_score", card.lead_rank, None),
    )
