"""Source records, their versions, and which import runs saw each version."""

from django.db import models

from zhike.kit.rowid import RowId


class SourceRecord(models.Model):
    """What one source says about one customer. Facts point here, for ever; only `customer_id` may move."""

    id = RowId(primary_key=True)
    source_id = models.BigIntegerField()
    # An opaque id as it came (`id:17850`), or a keyed digest where the key is personal (`phone:…`).
    external_key = models.CharField(max_length=120)
    customer_id = models.BigIntegerField(db_index=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)  # the person was erased: what a source says of them is not taken in
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("source_id", "external_key", name="one_record_per_source_and_key")]


class SourceVersion(models.Model):
    """One distinct set of statements of a record, kept whole: open values in `facts`, the others sealed."""

    id = RowId(primary_key=True)
    source_record_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=16)  # of the statements, so that saying the same twice adds nothing
    as_of = models.DateTimeField()  # when the statement was true; the newest over the live sightings
    facts = models.JSONField()  # {field: value}; a sealed field holds its lookup digest {"k": hex} instead
    sealed = models.BinaryField()  # {field: value} of sealed fields and the row as it came
    by_staff_id = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("source_record_id", "digest", name="one_version_per_statement")]


class Sighting(models.Model):
    """An import run said this version. Undoing the run removes its sightings; a version nobody says is withdrawn."""

    pk = models.CompositePrimaryKey("version_id", "run_id")
    version_id = models.BigIntegerField()
    run_id = models.BigIntegerField(db_index=True)
    row_no = models.BigIntegerField()
    as_of = models.DateTimeField()
