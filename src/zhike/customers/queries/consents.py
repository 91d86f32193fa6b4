"""Consent as it holds for a customer: over the whole merged group, the most restrictive answer first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhike.customers.models import Customer, SourceRecord, SourceVersion
from zhike.customers.queries.merges import group_of
from zhike.customers.scope import root_within
from zhike.customers.survivorship import LiveVersion, golden
from zhike.secure import consents
from zhike.secure.consents import Answer, Purpose, Standing
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

SUBJECT = "customer"
DO_NOT_CONTACT = "do_not_contact"


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One purpose on a file: what holds, whose answer decides, and which files of the group restrict it."""

    purpose: Purpose
    standing: Standing
    decided_on: str  # number of the file whose answer decides; empty where nobody answered
    is_elsewhere: bool  # that file is another one of the merged group
    restricting: tuple[tuple[int, str], ...]  # (customer, number) of files whose own withdrawal holds


@dataclass(frozen=True, slots=True)
class ConsentFile:
    """All purposes on a file, what was answered, and whether the customer is not to be contacted at all."""

    lines: tuple[ConsentLine, ...]
    history: tuple[Answer, ...]
    numbers: dict[int, str]  # file numbers of the merged group
    blocked_on: tuple[str, ...]  # numbers of files that say: do not contact


def consents_of(viewer: Viewer, customer_id: int) -> ConsentFile:
    """Everything about consent on a file of the viewer's scope. Raises CustomerUnknown, Forbidden."""
    check(viewer, "consents.view")
    root_id = root_within(viewer, customer_id)
    numbers = dict(Customer.objects.filter(root_id=root_id).order_by("id").values_list("id", "number"))
    standings = consents.standings(SUBJECT, list(numbers))
    lines = [_line(p, standings[p.code], numbers, root_id) for p in consents.purposes()]
    told = consents.history(SUBJECT, list(numbers))
    return ConsentFile(tuple(lines), tuple(told), numbers, tuple(numbers[m] for m in blocking(list(numbers))))


def consent_for(customer_id: int, purpose: str) -> Standing:
    """What holds for a customer's whole group and one purpose, asked of the answers now."""
    return consents.standing(SUBJECT, group_of(customer_id), purpose)


def without_answers(customer_ids: Iterable[int], purpose: str, answers: Sequence[str]) -> set[int]:
    """Those of some root customers of whose group nobody's newest answer to a purpose is one of these."""
    asked = set(customer_ids)
    given = consents.subjects_in(SUBJECT, purpose, *answers)
    answered = Customer.objects.filter(root_id__in=asked, id__in=given).values_list("root_id", flat=True)
    return asked - set(answered)


def is_blocked(customer_id: int) -> bool:
    """Whether any file of the group says that the customer is not to be contacted."""
    return bool(blocking(group_of(customer_id)))


def blocking(members: Sequence[int]) -> list[int]:
    """The files of a group that say “do not contact”, each judged by its own records as if it were not merged."""
    records = dict(SourceRecord.objects.filter(customer_id__in=list(members)).values_list("id", "customer_id"))
    stated: dict[int, list[LiveVersion]] = {}
    for version in _stating(list(records)):
        stated.setdefault(records[version.source_record_id], []).append(version)
    return [m for m in members if golden(stated.get(m, [])).get(DO_NOT_CONTACT, (0, ""))[1] == "yes"]


def _stating(record_ids: Sequence[int]) -> list[LiveVersion]:
    from zhike.customers.models import Source

    rows = SourceVersion.objects.filter(source_record_id__in=record_ids, withdrawn_at=None)
    found = [
        (v.id, v.source_record_id, v.as_of, v.facts) for v in rows.only("id", "source_record_id", "as_of", "facts")
    ]
    stating = [row for row in found if DO_NOT_CONTACT in row[3]]
    if not stating:
        return []
    source_of = dict(SourceRecord.objects.filter(id__in=[r for _, r, _, _ in stating]).values_list("id", "source_id"))
    sources = Source.objects.in_bulk(set(source_of.values()))
    return [
        LiveVersion(i, record, s.id, s.trust_grade, s.is_house, as_of, {DO_NOT_CONTACT: facts[DO_NOT_CONTACT]})
        for i, record, as_of, facts in stating
        for s in [sources[source_of[record]]]
    ]


def _line(purpose: Purpose, standing: Standing, numbers: dict[int, str], root_id: int) -> ConsentLine:
    decided = standing.decided_by
    return ConsentLine(
        purpose,
        standing,
        numbers.get(decided.subject_id, "") if decided else "",
        decided is not None and decided.subject_id != root_id,
        tuple((m, numbers[m]) for m in standing.restricting if m in numbers),
    )
