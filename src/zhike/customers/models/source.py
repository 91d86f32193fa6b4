"""Source 信息来源: a named place data comes from."""

from django.db import models

from zhike.kit.rowid import RowId


class Source(models.Model):
    """Where data enters: its kind, legal basis and notice, and how far it is trusted."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    channel_kind = models.CharField(max_length=40)  # a code of customers.source_kinds
    platform = models.CharField(max_length=40, blank=True)  # taobao, shopify …: decides the identity key
    is_direct = models.BooleanField(default=True)
    is_internal = models.BooleanField(default=True)
    is_first_hand = models.BooleanField(default=True)
    is_online = models.BooleanField(default=True)
    trust_grade = models.SmallIntegerField(default=3)  # 1 hearsay … 5 our own eyes; the house record is 9
    legal_basis = models.CharField(max_length=40)
    notice_text = models.TextField(blank=True)
    owner_staff_id = models.BigIntegerField(null=True)
    is_house = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)


class SourceCost(models.Model):
    """Money spent on a source, so that a valid customer has a price."""

    id = RowId(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="costs")
    spent_on = models.DateField()
    kind = models.CharField(max_length=40)
    amount_cents = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    by_staff_id = models.BigIntegerField(null=True)
