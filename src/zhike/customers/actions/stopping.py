"""Why customers stopped: the reasons of the house, and the tracing of one customer."""

import datetime as dt

from django.db import transaction

from zhike.customers.house import house_record_id
from zhike.customers.models import StopReason, StopTrace
from zhike.customers.scope import root_within
from zhike.customers.stop_reasons import BY_CODE, SHIPPED
from zhike.kit import chance, clock, ids
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

MOST_REASONS = 60
FIELD = "leaving_reason"  # whose rights hold for reasons and tracing
_LONGEST = 400


class StopRefused(ValueError):
    """It cannot be noted so; `code` is `name`, `too_many`, `unknown`, `empty`, `future`, `identifier` or `too_long`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def add_stop_reason(name_zh: str, name_en: str, *, by: Viewer) -> str:
    """Put a reason on the catalogue; returns its code. Raises StopRefused, Forbidden."""
    check(by, "fields.define")
    zh, en = _names(name_zh, name_en)
    with transaction.atomic():
        if StopReason.objects.count() >= MOST_REASONS:
            raise StopRefused("too_many")
        code = f"own_{chance.public_id()[:10].lower()}"
        place = max([*(r.place for r in SHIPPED), *StopReason.objects.values_list("place", flat=True)]) + 10
        StopReason.objects.create(
            code=code, name_zh=zh, name_en=en, place=place, updated_at=clock.now(), by_staff_id=by.staff_id
        )
        secure.record_audit("stop_reason.changed", by=by, detail={"code": code, "made": True})
    return code


def change_stop_reason(code: str, *, by: Viewer, name_zh: str, name_en: str, place: int, is_archived: bool) -> None:
    """Rename, move, put away or bring back a reason; what was noted with it stays. Raises StopRefused, Forbidden."""
    check(by, "fields.define")
    zh, en = _names(name_zh, name_en)
    with transaction.atomic():
        row = StopReason.objects.select_for_update().filter(code=code).first() or _shipped(code)
        before = (row.name_zh, row.name_en, row.place, row.archived_at is not None)
        wanted = (zh, en, max(0, min(place, 10_000)), is_archived)
        if wanted == before:
            return
        row.name_zh, row.name_en, row.place = wanted[:3]
        row.archived_at = (row.archived_at or clock.now()) if is_archived else None
        row.updated_at, row.by_staff_id = clock.now(), by.staff_id
        row.save()
        secure.record_audit("stop_reason.changed", by=by, detail={"code": code, "archived": is_archived})


def trace_stop(
    customer_id: int,
    *,
    by: Viewer,
    on: dt.date,
    today: dt.date,
    reason: str = "",
    words: str = "",
    review_on: dt.date | None = None,
) -> int:
    """Note a step of finding out why a customer stopped; returns its id. Raises StopRefused, Forbidden, CustomerUnknown."""
    check(by, "customers.edit")
    if not policy.may_edit(by, FIELD):
        raise Forbidden(f"edit.{FIELD}")
    calm = " ".join(words.split())
    if not (reason or calm or review_on):
        raise StopRefused("empty")
    if len(calm) > _LONGEST:
        raise StopRefused("too_long")
    if cutting.cut(calm)[1]:
        raise StopRefused("identifier")
    if on > today:
        raise StopRefused("future")
    if reason and not _is_offered(reason):
        raise StopRefused("unknown")
    root_id = root_within(by, customer_id)
    with transaction.atomic():
        made = StopTrace.objects.create(
            id=ids.take("stop_trace")[0],
            source_record_id=house_record_id(root_id),
            on=on,
            reason=reason,
            words=calm,
            review_on=review_on,
            staff_id=by.staff_id,
            created_at=clock.now(),
        )
        secure.record_audit("customer.stop_traced", by=by, about=("customer", root_id), detail={"reason": reason})
    return int(made.id)


def _shipped(code: str) -> StopReason:
    """A row for a shipped reason that is changed for the first time."""
    if code not in BY_CODE:
        raise StopRefused("unknown")
    shipped = BY_CODE[code]
    return StopReason(code=code, name_zh=shipped.zh, name_en=shipped.en, place=shipped.place)


def _is_offered(code: str) -> bool:
    row = StopReason.objects.filter(code=code).first()
    return code in BY_CODE if row is None else row.archived_at is None


def _names(name_zh: str, name_en: str) -> tuple[str, str]:
    zh, en = " ".join(name_zh.split()), " ".join(name_en.split())
    if not 0 < len(zh) <= 40 or not 0 < len(en) <= 60:
        raise StopRefused("name")
    return zh, en
