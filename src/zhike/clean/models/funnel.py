"""Rules that qualify leads, what they propose, and the market the funnel draws from."""

from django.db import models

from zhike.kit.rowid import RowId


class QualificationRule(models.Model):
    """Members of a segment who stand at one stage belong at another: proposed to people, or moved by itself each night."""

    PROPOSE, MOVE = "propose", "move"

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    segment = models.CharField(max_length=24)  # the public id of a segment of customers
    from_stage = models.CharField(max_length=16)
    to_stage = models.CharField(max_length=16)
    reason = models.CharField(max_length=24, blank=True)  # a coded reason for loss, where the rule sends back
    mode = models.CharField(max_length=8, default=PROPOSE)
    rank = models.IntegerField(default=0)  # of two rules that hold, the one before decides
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)


class QualificationRun(models.Model):
    """The rules applied once: first found, then carried out, and taken back as long as nobody moved on."""

    ASKED, FOUND, MOVING, DONE, UNDOING, UNDONE, FAILED = (
        "asked", "found", "moving", "done", "undoing", "undone", "failed",
    )  # fmt: skip

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=8, default=ASKED)
    rule_ids = models.JSONField(default=list)  # empty: all rules in use
    is_nightly = models.BooleanField(default=False)
    found_count = models.BigIntegerField(default=0)
    moved_count = models.BigIntegerField(default=0)
    kept_count = models.BigIntegerField(default=0)  # moved by somebody since: an undoing leaves them
    by_staff_id = models.BigIntegerField(null=True)
    job_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class ProposedMove(models.Model):
    """One customer a run would move, and whether it did."""

    PROPOSED, LEFT_OUT, MOVED = "proposed", "left_out", "moved"

    pk = models.CompositePrimaryKey("run_id", "customer_id")
    run_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    rule_id = models.BigIntegerField()
    from_stage = models.CharField(max_length=16)
    to_stage = models.CharField(max_length=16)
    state = models.CharField(max_length=8, default=PROPOSED)

    class Meta:
        db_table = "clean_proposed_move"


class ScorePart(models.Model):
    """Points of the lead score: for a trait (members of a segment) or for an act (a contact of a way and result)."""

    FIT, BEHAVIOR = "fit", "behavior"

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    part = models.CharField(max_length=8)
    segment = models.CharField(max_length=24, blank=True)  # of a trait
    way = models.CharField(max_length=24, blank=True)  # of an act; empty: any way
    outcome = models.CharField(max_length=24, blank=True)  # of an act; empty: any result
    step = models.CharField(max_length=12, blank=True)  # of an act: of the five before a sale; empty: any
    points = models.IntegerField()
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)


class FunnelSettings(models.Model):
    """One row: how scores are capped and fade, the chance of each stage, after how many quiet days a lead is left alone."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    values = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)


class MarketSegment(models.Model):
    """A line of the market sheet: a part of the target market, its needs and size, who serves it, where we stand."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    who = models.TextField(blank=True)
    needs = models.TextField(blank=True)
    demand = models.BigIntegerField(null=True)  # how much the part needs in all, in `demand_unit`
    demand_unit = models.CharField(max_length=24, blank=True)
    rivals = models.TextField(blank=True)
    position = models.TextField(blank=True)
    offer = models.TextField(blank=True)
    segment = models.CharField(max_length=24, blank=True)  # the segment of customers that stands for it
    revision = models.IntegerField(default=1)
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
