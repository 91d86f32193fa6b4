"""How a file is found without opening it: keyed digests of identifiers, and tokens of names."""

from django.db import models


class Lookup(models.Model):
    """A keyed digest of an identifier (phone, e-mail, last four digits …) and the record that stated it."""

    pk = models.CompositePrimaryKey("kind", "digest", "source_record_id")
    kind = models.SmallIntegerField()  # a code of customers.lookup_kinds
    digest = models.BinaryField(max_length=16)
    source_record_id = models.BigIntegerField()


class NameToken(models.Model):
    """A pair of characters, the last character, pinyin or initials of a customer's name; sorted by bytes, sought by beginnings."""

    pk = models.CompositePrimaryKey("token", "customer_id")
    token = models.CharField(max_length=60)  # as long as zhike_analytics.values makes them
    customer_id = models.BigIntegerField(db_index=True)
