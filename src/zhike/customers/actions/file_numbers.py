"""Changing the pattern of file numbers: for what comes from now on; numbers given out stay."""

from django.db import transaction

from zhike.customers import numbers
from zhike.customers.models import NumberingScheme
from zhike.kit import clock
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer


def set_pattern(kind: str, pattern: str, *, by: Viewer, source_id: int | None = None) -> str:
    """Write numbers of a kind (or of one source's new files) by a pattern from now on; returns a sample.

    Raises numbers.PatternRefused, Forbidden.
    """
    check(by, "fields.define")
    calm = pattern.strip()
    if kind not in numbers.KINDS:
        raise numbers.PatternRefused("parts")
    numbers.refuse_bad(calm)
    with transaction.atomic():
        if numbers.schemes().patterns.get((kind, source_id), numbers.DEFAULT) != calm:
            NumberingScheme.objects.create(
                kind=kind, source_id=source_id, pattern=calm, by_staff_id=by.staff_id, at=clock.now()
            )
            secure.record_audit("numbering.changed", by=by, detail={"kind": kind, "source": source_id, "pattern": calm})
    return numbers.written(calm, 123, kind, clock.now(), "广东省")
