"""Contract 合同: agreed terms with a customer, their performance clause by clause, and disputes."""

from django.db import models

from zhike.kit.rowid import RowId


class Contract(models.Model):
    """What was agreed. A fact of the house, so it points at the customer's house record."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    source_record_id = models.BigIntegerField()
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=120)
    subject = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    payment_terms = models.CharField(max_length=400, blank=True)
    volume_terms = models.CharField(max_length=400, blank=True)
    volume_cents = models.BigIntegerField(null=True)  # agreed to be bought from the first day to the last
    signed_on = models.DateField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # null: open-ended
    notice_days = models.IntegerField(default=30)  # how long before the end somebody is reminded
    state = models.CharField(max_length=12)  # draft, active, ended, terminated
    owner_staff_id = models.BigIntegerField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["source_record_id", "-created_at"], name="contracts_of_record"),
            models.Index("state", "ends_on", "id", name="contracts_by_end"),
        ]


class ContractPrice(models.Model):
    """An agreed price of one article, from a number of pieces on."""

    id = RowId(primary_key=True)
    contract_id = models.BigIntegerField(db_index=True)
    sku = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    unit_price = models.CharField(max_length=24)  # decimal text as agreed: lines are rounded, prices are not
    from_quantity = models.IntegerField(default=1)


class ContractClause(models.Model):
    """One thing somebody promised, and whether it was kept 履约."""

    id = RowId(primary_key=True)
    contract_id = models.BigIntegerField(db_index=True)
    place = models.IntegerField()  # first, second …
    whose = models.CharField(max_length=8)  # ours, theirs
    text = models.CharField(max_length=400)
    due_on = models.DateField(null=True)
    performance = models.CharField(max_length=8, default="open")  # open, kept, late, broken
    judged_at = models.DateTimeField(null=True)
    judged_by_staff_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=400, blank=True)


class ContractDispute(models.Model):
    """A quarrel about a contract or one of its clauses, and how it ended. A fact of its own on the timeline."""

    id = RowId(primary_key=True)
    contract_id = models.BigIntegerField(db_index=True)
    clause_id = models.BigIntegerField(null=True)
    source_record_id = models.BigIntegerField()
    at = models.DateTimeField()
    claim = models.CharField(max_length=400)
    amount_cents = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, default="open")  # open, settled, won, lost
    outcome = models.CharField(max_length=400, blank=True)
    closed_at = models.DateTimeField(null=True)
    by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["source_record_id", "-at"], name="disputes_of_record")]
