"""How far values are verified, as one viewer may see it: each competing value with its state, and who asked when and how."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from zhike.customers import cards
from zhike.customers.models import Source, SourceRecord, Verification
from zhike.customers.queries.file import refs_of
from zhike.customers.scope import cards_of
from zhike.customers.survivorship import LiveVersion, rank
from zhike.customers.verifying import ValueState, acts_of, contradicts, mark_of, value_states
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class CheckedValue:
    """One distinct value of a field as one viewer may see it, and how far it is verified."""

    version_id: int  # the strongest version that states it
    text: str  # the value or its mask
    state: str  # unverified, format_valid, corroborated, confirmed, refuted
    origin_count: int  # independent origins that say it
    sources: tuple[str, ...]
    is_house: bool
    newest_at: dt.datetime
    verified_at: dt.datetime | None
    is_shown: bool


@dataclass(frozen=True, slots=True)
class VerificationAct:
    """Somebody asked about a value: when, how, and what came of it."""

    id: int
    field: str
    is_right: bool
    way: str
    note: str
    by_staff_id: int | None
    at: dt.datetime
    is_withdrawn: bool


def checked_values(viewer: Viewer, customer_id: int, field: str) -> tuple[list[CheckedValue], str]:
    """Every distinct value of a field with its state, the one shown first; and the mark that says they are unchanged.

    Empty when the field is hidden from the viewer or unknown, or the file outside their scope.
    """
    if not fields.known(field) or secure.sight(viewer, field) == "hidden":
        return [], ""
    if not cards_of(viewer).filter(customer_id=customer_id).exists():
        return [], ""
    states = value_states([v for _, v in cards.live_versions([customer_id])], field)
    texts = _texts(viewer, [s.versions[0] for s in states], field)
    names = _source_names(states)
    shown = [_checked(field, s, texts[s.versions[0].id], names, place) for place, s in enumerate(states)]
    return shown, mark_of(states)


def verification_acts(viewer: Viewer, customer_id: int, field: str = "", *, limit: int = 50) -> list[VerificationAct]:
    """Who asked about the values of a file, when, how, and what came of it, newest first; those taken back too."""
    if not cards_of(viewer).filter(customer_id=customer_id).exists():
        return []
    records = SourceRecord.objects.filter(customer_id__in=_group(customer_id)).values("id")
    found = Verification.objects.filter(source_record_id__in=records)
    if field:
        found = found.filter(field=field)
    return [
        VerificationAct(v.id, v.field, v.is_right, v.way, v.note, v.by_staff_id, v.at, v.withdrawn_at is not None)
        for v in found.order_by("-at", "-id")[:limit]
        if secure.sight(viewer, v.field) != "hidden"
    ]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Independent origins state different values of a field of a customer, and nobody decided yet. Counts, no values."""

    customer_id: int
    field: str
    value_count: int
    origin_count: int
    source_ids: tuple[int, ...]
    newest_at: dt.datetime


def contradictions(customer_ids: Collection[int], names: Sequence[str]) -> list[Contradiction]:
    """What sources disagree about on the files of these roots. For the machine: no viewer, and no values come out."""
    held: dict[int, list[LiveVersion]] = {}
    for root, version in cards.live_versions(customer_ids):
        held.setdefault(root, []).append(version)
    found = []
    for root, versions in sorted(held.items()):
        for name in names if len(versions) > 1 else ():
            states = contradicts(versions, name)
            if states:
                sources = sorted({v.source_id for s in states for v in s.versions})
                newest = max(s.newest_at for s in states)
                origins = len({v.origin for s in states for v in s.versions})
                found.append(Contradiction(root, name, len(states), origins, tuple(sources), newest))
    return found


def shown_states(customer_ids: Collection[int], field: str) -> dict[int, tuple[str, dt.datetime]]:
    """{root: (state of the value shown, when it was last said or found right)} of a field; files without one are not there."""
    held: dict[int, list[LiveVersion]] = {}
    for root, version in cards.live_versions(customer_ids):
        held.setdefault(root, []).append(version)
    told = {}
    for root, versions in held.items():
        states = value_states(versions, field)
        if states and rank(states[0].versions[0], field)[0] >= 0:
            verdict = states[0].verdict
            told[root] = (states[0].state, max(states[0].newest_at, verdict.at) if verdict else states[0].newest_at)
    return told


# Who or where somebody is: with one of these confirmed, the file is of a person somebody has spoken with.
_IDENTIFYING = frozenset(
    {
        "name",
        "company",
        "phone",
        "other_phone",
        "email",
        "wechat",
        "qq",
        "platform_id",
        "payment_account",
        "credit_code",
    }
)


def confirmed_people(root_ids: Collection[int]) -> set[int]:
    """Of these roots, those who state a name or an identifier that was confirmed by contact. For the machine: no viewer."""
    acts = acts_of(root_ids)
    asked = [root for root, told in acts.items() if not _IDENTIFYING.isdisjoint(told)]
    return {
        root
        for root, version in cards.live_versions(asked)
        if any(verdict.is_right for field, verdict in version.verdicts.items() if field in _IDENTIFYING)
    }


def touched_by_run(run_id: int, *, after: int = 0, limit: int = 500) -> list[int]:
    """Roots with more than one source whose files a run said something about, in order: for those who check them."""
    sql = (
        "SELECT DISTINCT c.root_id FROM customers_sighting s JOIN customers_sourceversion v ON v.id = s.version_id "
        "JOIN customers_sourcerecord r ON r.id = v.source_record_id JOIN customers_customer c ON c.id = r.customer_id "
        "WHERE s.run_id = %s AND c.root_id > %s AND EXISTS (SELECT 1 FROM customers_sourcerecord o "
        "JOIN customers_customer g ON g.id = o.customer_id WHERE g.root_id = c.root_id AND o.source_id <> r.source_id) "
        "ORDER BY c.root_id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [run_id, after, limit])
        return [root for (root,) in cursor.fetchall()]


def _group(customer_id: int) -> list[int]:
    from zhike.customers.queries.abouts import group_ids

    return group_ids(customer_id)


def _texts(viewer: Viewer, versions: Sequence[LiveVersion], field: str) -> dict[int, str]:
    """The values by the viewer's sight; what is sealed comes as a mask."""
    if not fields.field(field).sealed:
        return {v.id: fields.words(fields.field(field), secure.show(viewer, field, v.facts[field])) for v in versions}
    refs = refs_of(list(versions))
    masks = secure.masked(viewer, [refs[v.id] for v in versions], field)
    return dict(zip([v.id for v in versions], masks, strict=True))


def _source_names(states: Sequence[ValueState]) -> dict[int, str]:
    wanted = {v.source_id for s in states for v in s.versions}
    return dict(Source.objects.filter(id__in=wanted).values_list("id", "name"))


def _checked(field: str, state: ValueState, text: str, names: dict[int, str], place: int) -> CheckedValue:
    strongest = state.versions[0]
    return CheckedValue(
        version_id=strongest.id,
        text=text,
        state=state.state,
        origin_count=state.origin_count,
        sources=tuple(dict.fromkeys(names.get(v.source_id, "") for v in state.versions if not v.is_house)),
        is_house=any(v.is_house for v in state.versions),
        newest_at=state.newest_at,
        verified_at=state.verdict.at if state.verdict else None,
        is_shown=place == 0 and rank(strongest, field)[0] >= 0,
    )
