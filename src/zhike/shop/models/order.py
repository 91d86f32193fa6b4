"""Order 订单: a projection of its newest live version; lines belong to versions."""

from django.db import models

from zhike.kit.rowid import RowId


class Order(models.Model):
    """An order as the newest live version states it. A fact: it points at a source record, or at nobody."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    source_id = models.BigIntegerField()
    external_id = models.CharField(max_length=120)
    source_record_id = models.BigIntegerField(null=True)  # null: an order without a customer
    no_customer_why = models.CharField(max_length=24, blank=True)  # not_given, masked, platform
    current_version_id = models.BigIntegerField(null=True)  # null: every version withdrawn
    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=16)  # sale, cancellation, refund, adjustment
    status = models.CharField(max_length=24)  # unpaid, paid, shipped, completed, closed, cancelled, refunded
    currency = models.CharField(max_length=3)
    goods_cents = models.BigIntegerField()  # goods lines, after their own discounts
    postage_cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField()
    refund_cents = models.BigIntegerField()
    total_cents = models.BigIntegerField()  # all lines as stated
    net_cents = models.BigIntegerField()  # what counts as revenue: 0 for closed and unpaid orders
    line_count = models.IntegerField()
    item_count = models.BigIntegerField()
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("source_id", "external_id", name="one_order_per_source_and_id")]
        indexes = [
            models.Index(fields=["source_record_id", "-ordered_at"], name="orders_of_record"),
            models.Index("ordered_at", "id", name="orders_by_time"),
            models.Index("external_id", name="orders_by_number"),
        ]


class OrderVersion(models.Model):
    """One distinct statement of an order, kept whole."""

    id = RowId(primary_key=True)
    order_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=16)
    header = models.JSONField()  # the order's columns as this version states them
    source_record_id = models.BigIntegerField(null=True)
    sealed = models.BinaryField(null=True)  # receiver and messages, under the run's or the record's key
    sealed_record_id = models.BigIntegerField(null=True)  # whose key seals it
    seen_rank = models.BigIntegerField()  # rank (see RunStart) of the latest live run that said it; the greatest wins
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("order_id", "digest", name="one_version_per_order_statement")]


class RunStart(models.Model):
    """That a run began to speak of orders. The id is its rank: what the run that began later says of an order stands.

    Not the run's own id: that is given when a file is uploaded, and files are not always started in that order.
    """

    id = models.BigAutoField(primary_key=True)
    run_id = models.BigIntegerField(unique=True)


class OrderSighting(models.Model):
    """An import run said this version of an order."""

    pk = models.CompositePrimaryKey("version_id", "run_id")
    version_id = models.BigIntegerField()
    run_id = models.BigIntegerField(db_index=True)
    row_no = models.BigIntegerField()


class OrderLine(models.Model):
    """A line of a version: goods, or one of the things shops write between goods."""

    id = RowId(primary_key=True)
    version_id = models.BigIntegerField(db_index=True)
    line_no = models.IntegerField()
    product_id = models.BigIntegerField()
    title = models.CharField(max_length=400, blank=True)  # where it differs from the product's
    kind = models.CharField(max_length=16)  # goods, postage, fee, discount, adjustment, gift_card, sample
    quantity = models.BigIntegerField()
    unit_price = models.CharField(max_length=32)  # decimal text as stated; money is rounded per line
    amount_cents = models.BigIntegerField()
    is_repeat = models.BooleanField(default=False)  # equal to an earlier line of the same order
