"""Consent: what was asked in which words (notice), what the person answered (consent), and their newest answers."""

from django.db import models

from zhike.kit.rowid import RowId


class OwnPurpose(models.Model):
    """A purpose the merchant added; those of the product stand in `secure/consents/purposes.py`."""

    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    basis = models.CharField(max_length=20)
    is_separate = models.BooleanField(default=False)
    is_advertising = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)


class Notice(models.Model):
    """One version of the words in which a purpose is told. Once somebody answered to it, its texts never change (trigger)."""

    purpose = models.CharField(max_length=40)
    version = models.IntegerField()
    texts = models.JSONField()  # {language: {"title": …, "body": …}}
    digest = models.CharField(max_length=64)  # SHA-256 of the texts
    asks_anew = models.BooleanField(default=False)  # answers to earlier versions no longer count as given
    made_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_notice_per_version")]


class Consent(models.Model):
    """One answer of a person to one purpose. Rows are added, never changed (trigger); the newest counts."""

    id = RowId(primary_key=True)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    answer = models.CharField(max_length=10)  # given, withdrawn
    notice = models.ForeignKey(Notice, models.PROTECT, null=True)
    language = models.CharField(max_length=10, blank=True)
    way = models.CharField(max_length=10)
    at = models.DateTimeField()  # when the person answered
    until = models.DateTimeField(null=True)  # given for a time only
    record_id = models.BigIntegerField(null=True)  # whose key seals the evidence
    evidence = models.BinaryField(null=True)
    evidence_digest = models.CharField(
        max_length=32, blank=True
    )  # keyed: shows after an erasure that there was proof, and which
    proof_kind = models.CharField(max_length=20, blank=True)  # attachment: where the paper lies
    proof_id = models.BigIntegerField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    mac = models.CharField(max_length=64)  # over all of the above and the digest of the notice, under the audit key

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "subject_kind", "purpose", "-at", "-id"], name="consents_of_subject"),
            models.Index(fields=["purpose", "answer", "-id"], name="consents_of_purpose"),
        ]


class ConsentTakenBack(models.Model):
    """An answer that was brought in and taken back with its import: it stays readable, and counts for nothing."""

    consent = models.OneToOneField(Consent, models.CASCADE, primary_key=True)
    at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)


class ConsentState(models.Model):
    """The newest answer of a subject to a purpose, for counts and lists. Whether something may be done is asked of Consent."""

    pk = models.CompositePrimaryKey("subject_kind", "subject_id", "purpose")
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    answer = models.CharField(max_length=10)  # lapsed once that was noted; lists ask of the columns below
    way = models.CharField(max_length=10)
    at = models.DateTimeField()  # the moment from which the answer counts
    consent_id = models.BigIntegerField()
    until = models.DateTimeField(null=True)
    notice_version = models.IntegerField(default=0)  # of the words that were shown; 0: none

    class Meta:
        indexes = [
            models.Index(fields=["purpose", "answer", "way"], name="consent_states_counted"),
            models.Index(fields=["until"], name="consent_states_ending", condition=models.Q(until__isnull=False)),
        ]
