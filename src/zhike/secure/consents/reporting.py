"""How a purpose stands over all subjects: counts by answer and way, and the latest withdrawals."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from zhike.kit import clock
from zhike.secure.consents.purposes import Purpose, purposes
from zhike.secure.consents.records import Answer
from zhike.secure.consents.standing import answer_of
from zhike.secure.consents.states import over
from zhike.secure.models import Consent, ConsentState, Notice

RECENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class PurposeReport:
    """Of a purpose: how many subjects gave and withdrew, by which ways, and how many withdrew lately."""

    purpose: Purpose
    given: int
    withdrawn: int
    ways: Mapping[str, int]  # of those whose consent stands
    withdrawn_lately: int
    notice_version: int | None


def report() -> list[PurposeReport]:
    """One row for each purpose, those put away last."""
    counted: dict[str, dict[tuple[str, str], int]] = {}
    standing = ConsentState.objects.exclude(over(clock.now()))
    rows = standing.values_list("purpose", "answer", "way").annotate(n=Count("*"))
    for purpose, answer, way, n in rows:
        counted.setdefault(purpose, {})[answer, way] = n
    since = clock.now() - dt.timedelta(days=RECENT_DAYS)
    lately = dict(
        Consent.objects.filter(answer="withdrawn", recorded_at__gt=since, consenttakenback=None)
        .values_list("purpose")
        .annotate(n=Count("*"))
    )
    versions = dict(Notice.objects.order_by("version").values_list("purpose", "version"))
    return [
        _row(p, counted.get(p.code, {}), lately.get(p.code, 0), versions.get(p.code)) for p in purposes(archived=True)
    ]


def withdrawals(purpose: str, *, limit: int = 20) -> list[Answer]:
    """The withdrawals of a purpose noted last, by the moment they were said, the newest first."""
    mine = Consent.objects.filter(purpose=purpose, answer="withdrawn", consenttakenback=None)
    rows = mine.select_related("notice").order_by("-id")
    return sorted((answer_of(row) for row in rows[:limit]), key=lambda answer: answer.at, reverse=True)


def _row(purpose: Purpose, counted: dict[tuple[str, str], int], lately: int, version: int | None) -> PurposeReport:
    ways = {way: n for (answer, way), n in sorted(counted.items()) if answer == "given"}
    withdrawn = sum(n for (answer, _), n in counted.items() if answer == "withdrawn")
    return PurposeReport(purpose, sum(ways.values()), withdrawn, ways, lately, version)
