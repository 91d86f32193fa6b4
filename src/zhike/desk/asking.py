"""Between the address of the register and its filter: all state of the list lives in the address.

What was typed into its search box may be a name or a phone: the address carries it sealed, as a slip (`secure.slips`).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhike.customers import queries as customers
from zhike.customers.queries import segments
from zhike.customers.records import RegisterFilter, SearchAnswer
from zhike.desk import words
from zhike.secure import consents
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.shop import queries as shop

STATE = ("after", "before", "page", "view", "removed")  # places in the list, never part of a saved view
_MOST_CENTS = 10**15


def _code(allowed: Any) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return read


def _whole(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**31:
        raise ValueError(text)
    return number


def _cents(text: str) -> int:
    cents = round(float(text) * 100)
    if abs(cents) > _MOST_CENTS:
        raise ValueError(text)
    return cents


def _digit(text: str) -> int:
    if text not in {"1", "2", "3", "4", "5"}:
        raise ValueError(text)
    return int(text)


def _short(text: str) -> str:
    return text[:60]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing the register may be asked: its name in the address, in the filter, and how its text is read."""

    name: str
    field: str
    label: Any
    read: Callable[[str], Any]
    many: bool = False


QUESTIONS = (
    Question("kind", "kind", _("Kind"), _code(words.KINDS)),
    Question("stage", "stage", _("Stage"), _code(words.STAGES)),
    Question("purchase", "purchase_class", _("Purchase class"), _code(words.PURCHASE_CLASSES)),
    Question("owner", "owner_ids", _("Owner"), _whole, many=True),
    Question("tag", "tag_ids", _("Tag"), _whole, many=True),
    Question("segment", "segment", _("Customer segment"), _short),
    Question("source", "source_id", _("Source"), _whole),
    Question("province", "province", _("Province"), _short),
    Question("city", "city", _("City"), _short),
    Question("phone", "has_phone", _("Phone"), lambda t: bool(_digit_01(t))),
    Question("email", "has_email", _("E-mail"), lambda t: bool(_digit_01(t))),
    Question("phone_state", "phone_state", _("Phone verified"), _code(words.CHECKED)),
    Question("email_state", "email_state", _("E-mail verified"), _code(words.CHECKED)),
    Question("consent", "consent", _("Consent"), lambda t: _consent(t)),
    Question("orders_min", "orders_min", _("Orders at least"), _whole),
    Question("orders_max", "orders_max", _("Orders at most"), _whole),
    Question("net_min", "net_min_cents", _("Net amount at least"), _cents),
    Question("net_max", "net_max_cents", _("Net amount at most"), _cents),
    Question("last_from", "last_from", _("Last order from"), dt.date.fromisoformat),
    Question("last_to", "last_to", _("Last order until"), dt.date.fromisoformat),
    Question("class", "rfm_class", _("RFM class"), _code(words.RFM_CLASSES)),
    Question("r", "rfm_r", _("Recency"), _digit),
    Question("f", "rfm_f", _("Frequency"), _digit),
    Question("m", "rfm_m", _("Monetary value"), _digit),
    Question("group", "rfm_group", _("RFM group"), _code(words.RFM_GROUPS)),
    Question("abc", "abc_class", _("ABC class"), _code(words.ABC_CLASSES)),
    Question("level", "pyramid_level", _("Level of the pyramid"), _code(words.PYRAMID_LEVELS)),
    Question("archived", "archived", _("Archived"), _code({"only", "all"})),
)


def _consent(text: str) -> str:
    purpose, _, state = text.partition("=")
    if state not in consents.STATES or consents.purpose(purpose) is None:
        raise ValueError(text)
    return text


def _digit_01(text: str) -> int:
    if text not in {"0", "1"}:
        raise ValueError(text)
    return int(text)


def read(query: QueryDict, zone: str) -> RegisterFilter:
    """The filter an address asks for; days are days of the shop. What cannot be read does not narrow."""
    found: dict[str, Any] = {}
    for question in QUESTIONS:
        values = []
        for text in query.getlist(question.name)[:20]:
            try:
                values.append(question.read(text.strip()))
            except (ValueError, OverflowError):
                continue
        if values:
            found[question.field] = tuple(values) if question.many else values[-1]
    for name, at in (("last_from", dt.time.min), ("last_to", dt.time.max)):
        if name in found:
            found[name] = dt.datetime.combine(found[name], at, ZoneInfo(zone))
    return RegisterFilter(**found)


def canonical(query: QueryDict, *, without: tuple[str, ...] = ()) -> str:
    """An address's query without places and blanks, in a fixed order: equal lists have equal texts."""
    kept = QueryDict(mutable=True)
    for name in sorted(query):
        values = [v.strip() for v in query.getlist(name) if v.strip()]
        if values and name not in STATE and name not in without:
            kept.setlist(name, values)
    return kept.urlencode()


def allowed(query: str, viewer: Viewer) -> tuple[str, list[str]]:
    """A query without what the viewer may not sift or sort by, and the names of what was left out."""
    asked_for = QueryDict(query)
    hidden = [q for q in QUESTIONS if q.name in asked_for and not _may_ask(q, asked_for, viewer)]
    without, names = [q.name for q in hidden], [str(q.label) for q in hidden]
    sort = asked_for.get("sort", "")
    if sort and customers.allowed_order(viewer, sort).text != sort:
        without.append("sort")
        names.append(gettext("Order"))
    return canonical(asked_for, without=tuple(without)), names


def _may_ask(question: Question, query: QueryDict, viewer: Viewer) -> bool:
    """Whether a viewer may sift by what a query asks; a segment they may not know of sifts for nobody."""
    if question.name == "segment":
        return segments.segment(viewer, str(query["segment"])) is not None
    return customers.offered(viewer, question.field)


def chips(query: QueryDict, viewer: Viewer) -> list[dict[str, str]]:
    """Active filters in words, each with the address that lacks it; only what the viewer may sift by."""
    shown = []
    for question in QUESTIONS:
        for text in query.getlist(question.name):
            if not text.strip() or not customers.offered(viewer, question.field):
                continue
            rest = query.copy()
            rest.setlist(question.name, [v for v in query.getlist(question.name) if v != text])
            address = canonical(rest)
            value = _value_words(question, text.strip(), viewer)
            shown.append(
                {"label": str(question.label), "value": value, "remove_url": f"?{address}" if address else "?"}
            )
    return shown


def _value_words(question: Question, text: str, viewer: Viewer) -> str:
    named = {
        "kind": words.KINDS,
        "stage": words.STAGES,
        "purchase": words.PURCHASE_CLASSES,
        "class": words.RFM_CLASSES,
        "abc": words.ABC_CLASSES,
        "level": words.PYRAMID_LEVELS,
        "phone_state": words.CHECKED,
        "email_state": words.CHECKED,
        "group": words.RFM_GROUPS,
    }.get(question.name)
    if named:
        return str(named.get(text, text))
    if question.name == "consent":
        purpose = consents.purpose(text.partition("=")[0])
        return f"{purpose.label} · {consents.STATES[text.partition('=')[2]]}" if purpose else text
    if question.name in {"phone", "email"}:
        return gettext("known") if text == "1" else gettext("unknown")
    if question.name == "archived":
        return gettext("only archived") if text == "only" else gettext("with archived")
    if question.name == "owner" and text.isdigit():
        return secure.staff_names([int(text)]).get(int(text), text) if text != "0" else gettext("nobody")
    if question.name == "tag" and text.isdigit():
        return next((t.name for t in customers.tags() if t.id == int(text)), text)
    if question.name == "segment":
        segment = segments.segment(viewer, text)
        return segment.name if segment else gettext("a segment that is not there")
    if question.name == "source" and text.isdigit():
        source = customers.source(int(text))
        return source.name if source else text
    return text


def typed_in(query: QueryDict, viewer: Viewer, *, at: dt.datetime | None = None) -> str:
    """The words the address's slip holds for this viewer; empty without a slip, and when it has run out by `at`.

    The operator's command line has no history of addresses: it gives words plainly, as `q`.
    """
    if viewer.is_machine and query.get("q"):
        return query.get("q", "").strip()
    try:
        return secure.words_on(viewer, query.get("slip", ""), at=at) if query.get("slip") else ""
    except secure.SlipGone:
        return ""


def with_words(query: str, typed: str, viewer: Viewer) -> str:
    """A list's query asked for other words; blank words take the search away."""
    changed = QueryDict(canonical(QueryDict(query), without=("q", "slip")), mutable=True)
    if typed.strip():
        changed["slip"] = secure.slip_of(viewer, typed)
    return changed.urlencode()


def asked(
    query: QueryDict, viewer: Viewer, zone: str, *, at: dt.datetime | None = None
) -> tuple[RegisterFilter, SearchAnswer | None]:
    """The whole question an address puts: filters, and the search words with what was understood of them.

    `at` is when it was put, for a job that answers it later.
    """
    wanted = read(query, zone)
    if not query.get("slip") and not query.get("q"):
        return wanted, None
    typed = typed_in(query, viewer, at=at)
    if not typed:
        # Nobody rather than everybody: words that cannot be read must never widen what an act or an export concerns.
        return replace(wanted, ids=frozenset()), SearchAnswer("", (), refused="slip_gone")
    answer = customers.search(viewer, typed)
    ids = set(answer.ids)
    if not ids:
        ids = set(customers.customers_of_records(viewer, shop.records_of_number(typed)).values())
        answer = replace(answer, kind="order", ids=tuple(ids)) if ids else answer
    return replace(wanted, ids=frozenset(ids), archived="all"), answer
