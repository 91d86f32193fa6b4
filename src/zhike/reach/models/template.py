"""Templates of messages, in versions: what was sent can always be read as it was."""

from django.db import models


class Template(models.Model):
    """A kind of message the shop sends."""

    public_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=40)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)


class TemplateVersion(models.Model):
    """The words of a template, per language; never changed once written."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    texts = models.JSONField()  # {language: {"subject": …, "body": …}}
    samples = models.JSONField(default=dict)  # what a preview puts in the place of a fact
    made_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="one_template_version_per_number")]
