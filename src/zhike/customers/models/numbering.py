"""NumberingScheme 编号: how file numbers of a kind, or of one source's new files, are written."""

from django.db import models


class NumberingScheme(models.Model):
    """The newest row of a (kind, source) is in force; numbers given out stay as they are."""

    kind = models.CharField(max_length=12)  # person, organisation
    source_id = models.BigIntegerField(null=True)  # a shop with numbers of its own; null: everybody else
    pattern = models.CharField(max_length=40)
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
