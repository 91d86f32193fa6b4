"""Attachment 附件: a file on a customer's file, sealed under the house record's key."""

from django.db import models

from zhike.kit.rowid import RowId


class Attachment(models.Model):
    """A document of a customer; a fact, so it points at the house record. Its bytes lie sealed beside the database."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    source_record_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)  # document, picture, card, contract, credit_report, visit_report
    title = models.CharField(max_length=120, blank=True)  # identifiers are refused; the name of the file is sealed
    sealed = models.BinaryField()  # {field of the kind: file name}
    media_type = models.CharField(max_length=80)  # by what the bytes say, not by the name
    size_bytes = models.BigIntegerField()
    about_kind = models.CharField(max_length=16, blank=True)  # contract: which agreement it belongs to
    about_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    staff_id = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)  # the bytes are gone; that it was here stays on the timeline

    class Meta:
        indexes = [models.Index(fields=["source_record_id", "-at"], name="attachments_of_record")]
