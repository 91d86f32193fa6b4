"""Answers: a file that was taken in, and a response for each of its rows."""

from django.db import models

from zhike.kit.rowid import RowId


class AnswerRun(models.Model):
    """A file of answers. Its responses count from `recorded` on, and no longer once `undone`."""

    CHECKED, RECORDED, UNDONE = "checked", "recorded", "undone"

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    questionnaire_id = models.BigIntegerField(db_index=True)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, default=CHECKED)
    counts = models.JSONField(default=dict)  # rows, responses, identified, cells left out by code; columns by use
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)


class Response(models.Model):
    """What one person answered: {code of the question: value on its scale}. A fact, so it points at a house record or nobody."""

    id = RowId(primary_key=True)
    questionnaire_id = models.BigIntegerField()
    run_id = models.BigIntegerField(db_index=True)
    row_no = models.IntegerField()
    source_record_id = models.BigIntegerField(null=True, db_index=True)
    answered_at = models.DateTimeField()
    answers = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["questionnaire_id", "answered_at", "id"], name="responses_by_day")]
