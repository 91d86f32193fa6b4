"""What files say of products and after-sale cases: versions and sightings, as orders have them."""

from django.db import models

from zhike.kit.rowid import RowId


class StatedVersion(models.Model):
    """One distinct statement about a product or a case. The live one whose run began latest is shown."""

    id = RowId(primary_key=True)
    about = models.CharField(max_length=12)  # product, case
    about_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=16)
    stated = models.JSONField()  # the columns as this version states them
    seen_rank = models.BigIntegerField()  # of the latest live run that said it
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("about", "about_id", "digest", name="one_version_per_statement_of_shop")]


class StatedSighting(models.Model):
    """An import run said this version."""

    pk = models.CompositePrimaryKey("version_id", "run_id")
    version_id = models.BigIntegerField()
    run_id = models.BigIntegerField(db_index=True)
    row_no = models.BigIntegerField()


class AfterSaleCase(models.Model):
    """A request after the sale 售后单: refund, return, exchange or repair. It finds its order by the order's number."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    source_id = models.BigIntegerField()
    external_id = models.CharField(max_length=120)
    current_version_id = models.BigIntegerField(null=True)  # null: every version withdrawn
    order_number = models.CharField(max_length=120)
    sku = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=16)  # refund, return, exchange, repair, other
    status = models.CharField(max_length=16)  # open, agreed, done, refused, cancelled
    reason = models.CharField(max_length=120, blank=True)
    quantity = models.BigIntegerField(null=True)
    amount_cents = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("source_id", "external_id", name="one_case_per_source_and_id")]
        indexes = [
            models.Index("opened_at", "id", name="cases_by_time"),
            models.Index("source_id", "order_number", name="cases_of_order"),
        ]
