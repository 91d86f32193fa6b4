"""The one search box: what was typed, and whom it finds within the viewer's scope."""

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from zhike.customers import lookup_kinds, numbers
from zhike.customers.models import Customer, Lookup, NameToken, SourceRecord
from zhike.customers.queries.paper import customers_at, paper_asked
from zhike.customers.records import SearchAnswer
from zhike.customers.scope import cards_of
from zhike.secure import actions as secure_actions
from zhike.secure import queries as secure
from zhike.secure import vault
from zhike.secure.permissions import Forbidden
from zhike.secure.records import Viewer
from zhike_analytics.values import emails, phones, text
from zhike_analytics.values.problem import ValueProblem

MOST = 2000  # candidates; beyond it the page says "2,000+" and asks for more letters
_LONGEST = 120
_NUMBER = re.compile(r"[Kk]\d{1,19}\Z")
_TAIL = re.compile(r"\d{4}\Z")
_HAN_RUN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_WORD = re.compile(r"[a-z0-9]+")


def search(viewer: Viewer, typed: str, *, most: int = MOST) -> SearchAnswer:
    """Whom the text means: a place of paper files, a file number, phone, last four digits, e-mail, platform id or name, tried in this order.

    Exact values of fields the viewer sees masked are answered at most 20 times an hour; then `refused` is `lookup_quota`.
    Order numbers belong to the shop and are asked there.
    """
    calm = text.squash(typed)[:_LONGEST]
    if not calm:
        return SearchAnswer("", ())
    try:
        for kind, ask in _ASKED:
            ids = ask(viewer, calm)
            if ids:
                return _answer(viewer, kind, ids, most)
    except Forbidden as refusal:
        return SearchAnswer("phone", (), refused=refusal.code)
    return SearchAnswer(_guess(calm), ())


def is_exact(typed: str) -> bool:
    """Whether a text reads as a whole phone or e-mail address, which those who see only masks may ask 20 times an hour."""
    return _guess(text.squash(typed)[:_LONGEST]) in ("phone", "email")


def _guess(calm: str) -> str:
    if paper_asked(calm):
        return "paper"
    if _NUMBER.match(calm):
        return "number"
    if "@" in calm:
        return "email"
    if _TAIL.match(calm):
        return "tail"
    return "phone" if _e164(calm) else "name"


def _by_number(viewer: Viewer, calm: str) -> Iterable[int]:
    if not numbers.looks_like(calm):
        return ()
    return Customer.objects.filter(numbers.of_number(calm)).values_list("root_id", flat=True)


def _by_phone(viewer: Viewer, calm: str) -> Iterable[int]:
    e164 = _e164(calm)
    return _by_lookup(viewer, "phone", lookup_kinds.PHONE, e164) if e164 else ()


def _by_tail(viewer: Viewer, calm: str) -> Iterable[int]:
    if not _TAIL.match(calm) or secure.sight(viewer, "phone") == "hidden":
        return ()
    return _roots(_of_lookup(lookup_kinds.PHONE_TAIL, vault.lookup("phone_tail", calm)))


def _by_email(viewer: Viewer, calm: str) -> Iterable[int]:
    if "@" not in calm:
        return ()
    try:
        return _by_lookup(viewer, "email", lookup_kinds.EMAIL, emails.email(calm).key)
    except ValueProblem:
        return ()


def _by_platform_id(viewer: Viewer, calm: str) -> Iterable[int]:
    folded = text.fold(calm)
    found: set[int] = set()
    for field, kind in (("platform_id", lookup_kinds.PLATFORM_ID), ("platform_handle", lookup_kinds.PLATFORM_HANDLE)):
        if secure.sight(viewer, field) == "shown":
            found.update(_roots(_of_lookup(kind, vault.lookup(field, folded))))
    return found


def _by_name(viewer: Viewer, calm: str) -> Iterable[int]:
    if secure.sight(viewer, "name") != "shown":
        return ()
    found = cards_of(viewer)
    tokens = name_conditions(calm)
    if not tokens:
        return ()
    for condition in tokens:
        found = found.filter(customer_id__in=NameToken.objects.filter(condition).values("customer_id"))
    return found.values_list("customer_id", flat=True)[: MOST + 1]


def name_conditions(typed: str) -> list[Q]:
    """The tokens a name must have: pairs of Chinese characters, or one that begins with the only one; beginnings of Latin words.

    Beginnings are ranges of the token index, never patterns: `wangx` is from `wangx` to before `wangy`.
    """
    calm = text.squash(typed).casefold()
    conditions = []
    for run in _HAN_RUN.findall(calm):
        conditions += [Q(token=run[i : i + 2]) for i in range(len(run) - 1)] or [_begins_with(run)]
    for word in _WORD.findall(_HAN_RUN.sub(" ", calm)):
        conditions.append(_begins_with(word[:40]))
    return conditions[:12]


def _begins_with(typed: str) -> Q:
    return Q(token__gte=typed, token__lt=typed[:-1] + chr(ord(typed[-1]) + 1))


_ASKED = (
    ("paper", customers_at),
    ("number", _by_number),
    ("phone", _by_phone),
    ("tail", _by_tail),
    ("email", _by_email),
    ("platform_id", _by_platform_id),
    ("name", _by_name),
)


def _e164(calm: str) -> str:
    digits = sum(c.isdigit() for c in calm)
    if not 7 <= digits <= 15 or re.search(r"[^\d+()\s./-]", calm):
        return ""
    try:
        return phones.phone(calm).e164
    except ValueProblem:
        return ""


def _by_lookup(viewer: Viewer, field: str, kind: int, normal: str) -> Iterable[int]:
    """Customers with an exact value. Who sees only its mask could try numbers out, so such questions are counted."""
    sight = secure.sight(viewer, field)
    if sight == "hidden":
        return ()
    digest = vault.lookup(lookup_kinds.NAMES[kind], normal)
    if sight == "masked":
        secure_actions.note_lookup(viewer, field, digest)
    return _roots(_of_lookup(kind, digest))


def _of_lookup(kind: int, digest: bytes) -> QuerySet[Lookup]:
    return Lookup.objects.filter(kind=kind, digest=digest)


def _roots(lookups: QuerySet[Lookup]) -> list[int]:
    record_ids = list(lookups.values_list("source_record_id", flat=True)[: MOST + 1])
    owners = SourceRecord.objects.filter(id__in=record_ids).values("customer_id")
    return list(Customer.objects.filter(id__in=owners).values_list("root_id", flat=True).distinct())


def _answer(viewer: Viewer, kind: str, ids: Iterable[int], most: int) -> SearchAnswer:
    wanted = list(ids)[: MOST + 1]
    if kind == "name":  # found among the viewer's own
        mine = sorted(wanted)
    else:
        mine = list(cards_of(viewer).filter(customer_id__in=wanted).values_list("customer_id", flat=True))
    return SearchAnswer(kind, tuple(mine[:most]), capped=len(mine) > most)
