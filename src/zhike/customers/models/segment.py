"""Segment 分组: a saved rule that selects customers, its versions, its members now, and what each count found."""

from django.db import models

from zhike.kit.rowid import RowId


class Segment(models.Model):
    """A rule under a name. The figures are those of its newest count, which speaks of the rule's `counted_revision`."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    note = models.CharField(max_length=400, blank=True)
    sharing = models.CharField(max_length=8, default="own")  # own, team, all
    by_staff_id = models.BigIntegerField(null=True)  # whose it is; null: made on the command line
    rule = models.JSONField()
    revision = models.IntegerField(default=1)
    counted_revision = models.IntegerField(default=0)
    member_count = models.BigIntegerField(default=0)
    base_count = models.BigIntegerField(default=0)
    data_at = models.DateTimeField(null=True)
    run_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["archived_at", "name"], name="segments_by_name")]


class SegmentVersion(models.Model):
    """The rule as one revision stated it, and who stated it."""

    pk = models.CompositePrimaryKey("segment_id", "revision")
    segment_id = models.BigIntegerField()
    revision = models.IntegerField()
    rule = models.JSONField()
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class SegmentUse(models.Model):
    """One segment's rule names another: neither may be deleted under the other, and no circle may close."""

    pk = models.CompositePrimaryKey("segment_id", "used_id")
    segment_id = models.BigIntegerField()
    used_id = models.BigIntegerField(db_index=True)


class SegmentMember(models.Model):
    """A customer in a segment as the newest count found; registers filter by it."""

    pk = models.CompositePrimaryKey("segment_id", "customer_id")
    segment_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)


class SegmentRun(models.Model):
    """One count of a segment, kept for its growth; the ids it found lie in the lake under `public_id`."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    segment_id = models.BigIntegerField()
    revision = models.IntegerField()
    as_of = models.DateField()
    data_at = models.DateTimeField()
    member_count = models.BigIntegerField()
    base_count = models.BigIntegerField()
    came_count = models.BigIntegerField()
    left_count = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["segment_id", "-id"], name="runs_of_segment")]
