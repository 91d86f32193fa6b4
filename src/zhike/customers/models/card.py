"""The card: one narrow row per root, what lists sort, filter and count."""

from django.db import models

from zhike.kit.rowid import RowId

BESIDE_FIGURES = (
    "order_count",
    "net_cents",
    "last_order_at",
    "rfm_class",
    "rfm_cell",
    "stage",
    "kind",
    "owner_staff_id",
    "first_source_id",
    "has_phone",
    "has_email",
    "archived_at",
)
FIGURE_INDEXES = (
    ("last_order_at", "card_along_last_order"),
    ("order_count", "card_along_orders"),
    ("net_cents", "card_along_net"),
    ("rfm_class", "card_along_class"),
)


def _by_figure(column: str, name: str) -> models.Index:
    return models.Index(column, "customer_id", *(c for c in BESIDE_FIGURES if c != column), name=name)


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
    # How far what is shown is verified: format_valid, corroborated, confirmed; empty where nothing is shown.
    phone_state = models.CharField(max_length=12, blank=True, db_default="")
    email_state = models.CharField(max_length=12, blank=True, db_default="")
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
    abc_class = models.CharField(max_length=8, blank=True, db_default="")
    pyramid_level = models.CharField(max_length=12, blank=True, db_default="")
    purchase_class = models.CharField(max_length=1, blank=True, db_default="")  # a, b, c
    lead_rank = models.IntegerField(db_default=0)  # 0 to 100: where the funnel's board puts it
    values = models.JSONField(default=dict)  # golden open values that no list sorts by
    origins = models.JSONField(default=dict)  # {field: version id}
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        # Each sort a page offers, with the tie-break that keyset paging needs. The sorts by figures carry the columns that
        # go with figures, so that a filter at the far end of such a sort is met on the index alone: a whole walk of a
        # million entries takes 40–65 ms there and a second through the table.
        indexes = [
            models.Index("created_at", "customer_id", name="card_by_created"),
            models.Index("name_sort", "customer_id", name="card_by_name"),
            *(_by_figure(*index) for index in FIGURE_INDEXES),
            models.Index("owner_staff_id", "customer_id", name="card_by_owner"),
            models.Index("province", "city", "customer_id", name="card_by_place"),
            # The funnel's board walks along its columns. Most files have no class: those that have are few.
            models.Index(
                fields=["purchase_class", "lead_rank", "customer_id"],
                name="card_by_purchase_class",
                condition=~models.Q(purchase_class=""),
            ),
            models.Index("stage", "lead_rank", "customer_id", name="card_by_stage"),
        ]
