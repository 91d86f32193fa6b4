"""CustomField: a field the merchant defined, a row of the catalogue kept in the database."""

from django.db import models


class CustomField(models.Model):
    """What a defined field is; `custom.<code>` in the catalogue. Never deleted: what was said in it stays readable."""

    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    about = models.CharField(max_length=20)  # person, organisation, person+organisation
    group = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    choices = models.JSONField(default=list)  # [[code, Chinese, English], …]; one that was used stays
    cls = models.CharField(max_length=10)
    form = models.CharField(max_length=8)
    mask = models.CharField(max_length=20, default="hidden")
    weight = models.SmallIntegerField(default=1)
    version = models.IntegerField(default=1)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)


class CustomFieldVersion(models.Model):
    """How a defined field read at each of its versions."""

    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="versions")
    version = models.IntegerField()
    definition = models.JSONField()
    at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "version"], name="one_row_per_field_version")]
