"""TagSighting: an import put a tag on a customer, so that undoing it can take the tag off again."""

from django.db import models


class TagSighting(models.Model):
    """Row `row_no` of a run says this tag of this customer (of a merged group, the one whose record was meant)."""

    pk = models.CompositePrimaryKey("customer_id", "tag_id", "run_id")
    customer_id = models.BigIntegerField()
    tag_id = models.BigIntegerField()
    run_id = models.BigIntegerField(db_index=True)
    row_no = models.BigIntegerField()
