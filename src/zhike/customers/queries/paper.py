"""Where paper files stand: of one file, and all of them by place."""

import base64
import json
import re
from collections.abc import Sequence

from django.db.models import Q

from zhike.customers.models import Customer, PaperFile
from zhike.customers.records import PaperPage, PaperPlace
from zhike.customers.scope import cards_of, numbers_of_group
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

_ORDER = ("shelf", "volume", "leaf", "customer_id")
_MOST = 2001
_PART = re.compile(r"(架|shelf|册|vol\.?|volume|页|leaf)\s*[:：]?\s*([^\s架册页]{1,24})", re.IGNORECASE)
_NAMES = {"架": "shelf", "册": "volume", "页": "leaf", "vol": "volume", "vol.": "volume"}


def paper_of(viewer: Viewer, customer_id: int) -> list[PaperPlace]:
    """The places of a file's paper: one, or several after a merge."""
    if not sees_paper(viewer):
        return []
    group = list(numbers_of_group(customer_id))
    return [_place(p, "", "", "") for p in PaperFile.objects.filter(customer_id__in=group).order_by(*_ORDER)]


def paper_files(
    viewer: Viewer,
    *,
    shelf: str = "",
    volume: str = "",
    leaf: str = "",
    is_missing: bool = False,
    after: str = "",
    limit: int = 50,
) -> PaperPage:
    """A page of paper files in the order in which they stand, kept to the viewer's customers."""
    if not sees_paper(viewer):
        return PaperPage((), "")
    given = {"shelf": shelf.strip(), "volume": volume.strip(), "leaf": leaf.strip()}
    found = PaperFile.objects.filter(**{name: text for name, text in given.items() if text})
    if is_missing:
        found = found.exclude(missing="")
    if viewer.scope_staff_ids() is not None:
        roots = Customer.objects.filter(root_id__in=cards_of(viewer).values("customer_id"))
        found = found.filter(customer_id__in=roots.values("id"))
    if place := _read(after):
        found = found.filter(_behind(place))
    page = list(found.order_by(*_ORDER)[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    roots_of = dict(Customer.objects.filter(id__in=[p.customer_id for p in page]).values_list("id", "root_id"))
    shown = {c.customer_id: c for c in cards_of(viewer).filter(customer_id__in=set(roots_of.values()))}
    public = dict(Customer.objects.filter(id__in=shown).values_list("id", "public_id"))
    rows = []
    for held in page:
        card = shown.get(roots_of.get(held.customer_id, 0))
        if card is not None:
            name = secure.show(viewer, "name", card.name)
            rows.append(_place(held, public[card.customer_id], card.number, name))
    return PaperPage(tuple(rows), _token(page[-1]) if more else "")


def paper_asked(typed: str) -> dict[str, str]:
    """What words such as `架A3 册12` or `shelf A3 vol 12` name: {shelf, volume, leaf}; empty where they name no place."""
    rest = _PART.sub("", typed).strip()
    if rest:
        return {}
    return {_NAMES.get(word.lower(), word.lower()): text for word, text in _PART.findall(typed)}


def customers_at(viewer: Viewer, typed: str) -> Sequence[int]:
    """Roots whose paper stands at the place the words name."""
    asked = paper_asked(typed)
    if not asked or not sees_paper(viewer):
        return ()
    ids = PaperFile.objects.filter(**asked).values_list("customer_id", flat=True)[:_MOST]
    return list(Customer.objects.filter(id__in=list(ids)).values_list("root_id", flat=True).distinct())


def sees_paper(viewer: Viewer) -> bool:
    """Whether the viewer may know where paper stands."""
    return secure.sight(viewer, "paper_place") == "shown"


def _place(held: PaperFile, public_id: str, number: str, name: str) -> PaperPlace:
    return PaperPlace(
        held.volume,
        held.leaf,
        held.shelf,
        held.missing,
        held.missing_since,
        public_id=public_id,
        number=number,
        name=name,
    )


def _behind(place: Sequence[object]) -> Q:
    """Rows behind a place in an order of four columns."""
    found, equal = Q(), Q()
    for name, value in zip(_ORDER, place, strict=True):
        found |= equal & Q(**{f"{name}__gt": value})
        equal &= Q(**{name: value})
    return found


def _token(held: PaperFile) -> str:
    text = json.dumps([held.shelf, held.volume, held.leaf, held.customer_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(token: str) -> tuple[object, ...] | None:
    if not token or len(token) > 400:
        return None
    try:
        shelf, volume, leaf, number = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return (str(shelf), str(volume), str(leaf), int(number)) if abs(int(number)) < 2**63 else None
    except (ValueError, TypeError):
        return None
