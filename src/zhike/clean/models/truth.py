"""Truth checks 抽查: of what staff collect in the field a share is called again, and each answer noted."""

from django.db import models
from django.db.models import Q

from zhike.kit.rowid import RowId


class TruthRule(models.Model):
    """One row: how large a share is drawn, and when a collector is new or doubtful and more is drawn."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=True)
    usual_share = models.FloatField(default=0.05)
    doubtful_share = models.FloatField(default=0.2)
    doubtful_below_share = models.FloatField(default=0.9)  # share true below which a collector is doubtful
    new_until = models.IntegerField(default=10)  # answers below which a collector is new
    period_days = models.IntegerField(default=7)  # drawn at most so often
    by_staff_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()


class TruthDraw(models.Model):
    """What was drawn of one collector's records of one period, at which share and why, and the signs seen in them."""

    id = RowId(primary_key=True)
    collector_staff_id = models.BigIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    record_count = models.IntegerField()
    drawn_count = models.IntegerField()  # by chance
    share = models.FloatField()
    why = models.CharField(max_length=12)  # usual, new, doubtful
    signs = models.JSONField(default=list)  # [[code, {counts}]]: never a value
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collector_staff_id", "until_at"], name="one_draw_of_a_collector_at_a_time")
        ]


class TruthCheck(models.Model):
    """One record to call again: what to ask, and what came of it. `by_chance` ones alone count for the share true."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    draw_id = models.BigIntegerField(db_index=True)
    collector_staff_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)  # the root when it was drawn
    source_record_id = models.BigIntegerField()
    collected_at = models.DateTimeField()
    by_chance = models.BooleanField()
    asked = models.JSONField(default=list)  # [[field, version id]]
    signs = models.JSONField(default=list)  # codes of the signs this record bears
    outcome = models.CharField(max_length=12, blank=True, default="")  # true, differs, invented, not_reached; or open
    differing = models.JSONField(default=list)  # fields that were not as entered
    note = models.TextField(blank=True, default="")  # identifiers are cut out
    tries = models.SmallIntegerField(default=0)
    by_staff_id = models.BigIntegerField(null=True)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_record_id", "collector_staff_id"],
                condition=Q(outcome=""),
                name="one_open_check_of_a_record",
            )
        ]
        indexes = [models.Index(fields=["collector_staff_id", "-id"], name="checks_of_collector")]
