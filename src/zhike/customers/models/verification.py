"""Verification 核实: somebody asked, and the value was right or wrong; it holds for the value, whoever states it."""

from django.db import models

from zhike.kit.rowid import RowId


class Verification(models.Model):
    """An act on one value of one file. A fact: it points at the house record of the customer who was asked about."""

    id = RowId(primary_key=True)
    source_record_id = models.BigIntegerField()
    field = models.CharField(max_length=60)
    value_key = models.CharField(max_length=64)  # a keyed digest: equal values have equal keys, and none can be guessed
    is_right = models.BooleanField()
    way = models.CharField(max_length=12)  # call, visit, document, code
    note = models.TextField(blank=True)  # identifiers are cut out and not kept
    task_id = models.BigIntegerField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["source_record_id", "field"], name="verifications_of_record"),
            models.Index(fields=["-at", "-id"], name="verifications_by_time"),
        ]


class VerifiedStatement(models.Model):
    """Who had stated the value that was verified: what the accuracy of sources and collectors is counted from."""

    pk = models.CompositePrimaryKey("verification_id", "version_id")
    verification_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    source_id = models.BigIntegerField(db_index=True)
    collector_staff_id = models.BigIntegerField(null=True, db_index=True)  # who of the staff entered it


class Derivation(models.Model):
    """By which rules the cards were last derived, one and all; behind the rules, a job derives them anew."""

    id = models.SmallIntegerField(primary_key=True)
    rules_version = models.IntegerField()
    finished_at = models.DateTimeField()
