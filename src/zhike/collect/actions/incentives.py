"""The ledger of incentives 激励台账: what collectors earn by the records they bring, booked as a cost of the source."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.clean import queries as clean
from zhike.collect.models import Incentive
from zhike.customers import actions as customers
from zhike.customers import queries as asked
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import queries as seen
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_MOST_RATE_CENTS = 100_000_00
_MOST_RECORDS = 1_000_000


class IncentiveRefused(ValueError):
    """An entry of the ledger cannot stand; `code`: nobody, period, overlap, rate, records or gone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def counted_records(staff_id: int, since: dt.date, until: dt.date) -> int:
    """Files somebody entered by hand from `since` to `until`, both days included, without those found to be invented."""
    zone = ZoneInfo(installation().time_zone)
    begin = dt.datetime.combine(since, dt.time(), zone)
    end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), zone)
    invented = clean.invented_records(staff_id)
    return sum(entry.record_id not in invented for entry in asked.entries_of(staff_id, begin, end))


def book_incentive(
    source_id: int, staff_id: int, *, since: dt.date, until: dt.date, rate_cents: int, by: Viewer,
    record_count: int | None = None, note: str = "",
) -> Incentive:  # fmt: skip
    """Book what somebody earned by a period's records and note it as a cost of the source.

    Without a count the files they entered by hand are counted. A period may be booked once for each source and person.
    Raises IncentiveRefused, Forbidden.
    """
    check(by, "sources.manage")
    if staff_id not in seen.staff_names([staff_id]):
        raise IncentiveRefused("nobody")
    if since > until or until > clock.today(installation().time_zone):
        raise IncentiveRefused("period")
    if not 0 < rate_cents <= _MOST_RATE_CENTS:
        raise IncentiveRefused("rate")
    count = counted_records(staff_id, since, until) if record_count is None else record_count
    if not 0 < count <= _MOST_RECORDS:
        raise IncentiveRefused("records")
    with transaction.atomic():
        standing = Incentive.objects.select_for_update().filter(
            source_id=source_id, staff_id=staff_id, taken_back_at=None
        )
        if standing.filter(from_on__lte=until, until_on__gte=since).exists():
            raise IncentiveRefused("overlap")
        row = Incentive.objects.create(
            source_id=source_id, staff_id=staff_id, from_on=since, until_on=until, record_count=count, rate_cents=rate_cents,
            note=note.strip()[:120], booked_at=clock.now(), by_staff_id=by.staff_id,
        )  # fmt: skip
        _cost(row, row.amount_cents, by)
        secure.record_audit(
            "source.incentive_booked", by=by, about=("source", source_id), detail={"staff": staff_id, "records": count}
        )
    return row


def take_incentive_back(incentive_id: int, *, by: Viewer) -> None:
    """Take an entry back: it stays in the ledger, struck out, and the source is relieved of its cost. Raises IncentiveRefused."""
    check(by, "sources.manage")
    with transaction.atomic():
        row = Incentive.objects.select_for_update().filter(pk=incentive_id, taken_back_at=None).first()
        if row is None:
            raise IncentiveRefused("gone")
        row.taken_back_at = clock.now()
        row.save(update_fields=["taken_back_at"])
        _cost(row, -row.amount_cents, by)
        detail = {"staff": row.staff_id, "records": row.record_count}
        secure.record_audit("source.incentive_taken_back", by=by, about=("source", row.source_id), detail=detail)


def _cost(row: Incentive, amount_cents: int, by: Viewer) -> None:
    today = clock.today(installation().time_zone)
    customers.add_source_cost(row.source_id, spent_on=today, kind=_("Incentive"), amount_cents=amount_cents, by=by)
