"""Financial statement 财务报表: what an organization states of one period, as we hold it."""

from django.db import models

from zhike.kit.rowid import RowId


class FinancialStatement(models.Model):
    """A balance sheet with the income of its period, in cents of one currency; null: not stated.

    A fact of the house, so it points at the customer's house record. What its ratios warn of is kept beside it, so that lists
    walk the worst first; it follows from the amounts and is made again whenever they change.
    """

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    source_record_id = models.BigIntegerField()
    ends_on = models.DateField()
    period = models.CharField(max_length=8)  # year, half, quarter, month
    is_consolidated = models.BooleanField(default=False)
    is_audited = models.BooleanField(default=False)
    currency = models.CharField(max_length=3)
    current_assets_cents = models.BigIntegerField(null=True)
    inventory_cents = models.BigIntegerField(null=True)
    prepayments_cents = models.BigIntegerField(null=True)
    receivables_cents = models.BigIntegerField(null=True)
    cash_cents = models.BigIntegerField(null=True)
    securities_cents = models.BigIntegerField(null=True)
    other_cash_cents = models.BigIntegerField(null=True)
    total_assets_cents = models.BigIntegerField(null=True)
    current_liabilities_cents = models.BigIntegerField(null=True)
    total_liabilities_cents = models.BigIntegerField(null=True)
    net_assets_cents = models.BigIntegerField(null=True)
    retained_earnings_cents = models.BigIntegerField(null=True)
    sales_cents = models.BigIntegerField(null=True)
    ebit_cents = models.BigIntegerField(null=True)
    net_profit_cents = models.BigIntegerField(null=True)
    origin = models.CharField(
        max_length=120, blank=True
    )  # where it came from: annual report, credit bureau, the customer
    note = models.CharField(max_length=400, blank=True)
    is_newest = models.BooleanField(default=False)  # of its record, the latest end (a year's before a part's)
    tone = models.SmallIntegerField(default=3)  # 0 bad, 1 watch, 2 note, 3 nothing to tell
    warning_codes = models.JSONField(default=list)
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "source_record_id", "ends_on", "period", "is_consolidated", name="one_statement_per_period"
            )
        ]
        indexes = [
            models.Index("is_newest", "tone", "ends_on", "id", name="statements_by_tone"),
        ]
