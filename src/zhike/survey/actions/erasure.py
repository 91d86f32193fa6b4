"""Erasing a person from surveys: what was answered stays, who answered it goes."""

from django.db import transaction

from zhike.customers import queries as customers
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.survey.models import AnswerRun, Question, Questionnaire, Response

_CHUNK = 500


def forget_demo(*, by: Viewer) -> int:
    """Take the questionnaires of the demo shop away with all their answers; how many. Safe to repeat."""
    check(by, "collect.undo")
    gone = list(Questionnaire.objects.filter(is_demo=True).values_list("id", flat=True))
    with transaction.atomic():
        for table in (Response, AnswerRun, Question):
            table.objects.filter(questionnaire_id__in=gone).delete()
        Questionnaire.objects.filter(id__in=gone).delete()
    return len(gone)


def forget_who_answered(customer_id: int) -> None:
    """Take the person off their responses; repeatable. Call inside a transaction."""
    records = sorted(customers.record_ids_of(customer_id))
    for start in range(0, len(records), _CHUNK):
        chunk = records[start : start + _CHUNK]
        Response.objects.filter(source_record_id__in=chunk).update(source_record_id=None)
