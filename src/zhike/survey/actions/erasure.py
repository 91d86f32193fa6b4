"""Erasing a person from surveys: what was answered stays, who answered it goes."""

from zhike.customers import queries as customers
from zhike.survey.models import Response

_CHUNK = 500


def forget_who_answered(customer_id: int) -> None:
    """Take the person off their responses; repeatable. Call inside a transaction."""
    records = sorted(customers.record_ids_of(customer_id))
    for start in range(0, len(records), _CHUNK):
        chunk = records[start : start + _CHUNK]
        Response.objects.filter(source_record_id__in=chunk).update(source_record_id=None)
