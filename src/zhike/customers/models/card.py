"""The card: one narrow row per root, what lists sort, filter and count."""

from django.db import models

from zhike.kit.rowid import RowId


class CustomerCard(models.Model):
    """Golden open values with their origins, and the figures lists need; derived, never typed in."""

    customer_id = RowId(primary_key=True)
    number = models.CharField(max_length=24)
    kind = models.CharField(max_length=12, default="person")
    name = models.CharField(max_length=200, blank=True)
    name_sort = models.CharField(max_length=120, blank=True)
    sex = models.CharField(max_length=8, blank=True)
    country = models.CharField(max_length=60, blank=True)
    province = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=60, blank=True)
    district = models.CharField(max_length=60, blank=True)
    has_phone = models.BooleanField(default=False)
    has_email = models.BooleanField(default=False)
    owner_staff_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    stage = models.CharField(max_length=16, default="target_market")
    first_source_id = models.BigIntegerField(null=True)
    order_count = models.IntegerField(default=0)
    net_cents = models.BigIntegerField(default=0)
    first_order_at = models.DateTimeField(null=True)
    last_order_at = models.DateTimeField(null=True)
    rfm_class = models.CharField(max_length=24, blank=True)
    rfm_cell = models.CharField(max_length=3, blank=True)
    values = models.JSONField(default=dict)  # golden open values that no list sorts by
    origins = models.JSONField(default=dict)  # {field: version id}
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        # Each sort a page offers, with the tie-break that keyset paging needs.
        indexes = [
            models.Index("created_at", "customer_id", name="card_by_created"),
            models.Index("name_sort", "customer_id", name="card_by_name"),
            models.Index("last_order_at", "customer_id", name="card_by_last_order"),
            models.Index("order_count", "customer_id", name="card_by_orders"),
            models.Index("net_cents", "customer_id", name="card_by_net"),
            models.Index("rfm_class", "customer_id", name="card_by_class"),
            models.Index("owner_staff_id", "customer_id", name="card_by_owner"),
        ]
