"""Relation: how two customers are linked: parent company, dealer, contact person, principal."""

from django.db import models
from django.db.models import F, Q

from zhike.kit.rowid import RowId


class Relation(models.Model):
    """`from` stands below, buys through, or works for `to`. Points at customers as they were; roots are found when read."""

    id = RowId(primary_key=True)
    from_customer_id = models.BigIntegerField()
    to_customer_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)  # parent, dealer, contact, principal
    roles = models.JSONField(default=list)  # buying roles of a contact, offices of a principal
    influence = models.SmallIntegerField(default=0)  # 1 little … 5 decisive; 0 not judged
    position = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)  # the tie to our people, the gate; identifiers are refused
    since = models.DateField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_customer_id=F("to_customer_id")), name="nobody_is_linked_to_themselves"
            ),
            models.UniqueConstraint(
                fields=["from_customer_id", "to_customer_id", "kind"],
                condition=Q(ended_at=None),
                name="one_open_relation_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["from_customer_id", "kind"], name="relations_from"),
            models.Index(fields=["to_customer_id", "kind"], name="relations_to"),
        ]
