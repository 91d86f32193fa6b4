"""StageMove 阶段变动: one step of a customer along the funnel that people, rules or a comeback decided."""

from django.db import models

from zhike.kit.rowid import RowId


class StageMove(models.Model):
    """From one stage to another: when, why, by whom. `customer_id` is the customer as it was then; reads go by root.

    The first order is not here: that a customer is current since it follows from the order itself, and follows again
    differently when an older file arrives. See `zhike_analytics.funnel.stays`.
    """

    id = RowId(primary_key=True)
    customer_id = models.BigIntegerField()
    at = models.DateTimeField()
    from_stage = models.CharField(max_length=16, blank=True)  # empty: the file was begun at `to_stage`
    to_stage = models.CharField(max_length=16)
    why = models.CharField(max_length=12)  # hand, rule, order, begun, before
    reason = models.CharField(max_length=24, blank=True)  # a code of the reasons for loss
    note = models.TextField(blank=True)  # identifiers are cut out before it is stored
    rule_id = models.BigIntegerField(null=True)  # the rule of qualification that decided
    run_id = models.BigIntegerField(null=True)  # the run of rules it was part of
    by_staff_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)  # taken back: as if it had not been
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["customer_id", "-at", "-id"], name="moves_of_customer")]
