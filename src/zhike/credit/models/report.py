"""Credit investigation report 资信调查报告: what was found, how it was judged, what is proposed, who decided."""

from django.db import models

from zhike.kit.rowid import RowId


class CreditReport(models.Model):
    """A report from draft to decision. Once submitted it stands as it was; a change of mind is a new report.

    `scores`: set → factor → [score, evidence]; `results`: set → points, grade, missing, parts, rule version. The sets are never
    added together: `leading` says whose grade counts. `proposal`: what each rule of limits allowed when it was computed.
    """

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    source_record_id = models.BigIntegerField()
    is_person = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="draft")  # draft, waiting, approved, refused, withdrawn
    leading = models.CharField(max_length=4)
    scores = models.JSONField(default=dict)
    results = models.JSONField(default=dict)
    grade = models.CharField(max_length=4, blank=True)  # what counts: the override where there is one
    override_grade = models.CharField(max_length=4, blank=True)
    override_why = models.CharField(max_length=400, blank=True)
    statement_id = models.BigIntegerField(null=True)
    payments = models.JSONField(default=dict)
    proposal = models.JSONField(default=dict)
    currency = models.CharField(max_length=3)
    limit_cents = models.BigIntegerField(null=True)  # what a person proposed, and the other decided on
    terms_days = models.IntegerField(null=True)  # 0: prepaid
    valid_until = models.DateField(null=True)
    sections = models.JSONField(default=dict)  # code → text
    sources = models.JSONField(default=list)  # [name, day, what it said]
    author_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by_staff_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["source_record_id", "-created_at"], name="credit_reports_of_record"),
            models.Index("state", "valid_until", "id", name="credit_reports_by_end"),
        ]
