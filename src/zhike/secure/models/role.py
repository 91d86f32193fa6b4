"""Roles, what each may do, and what each may see of every field."""

from django.db import models


class Role(models.Model):
    """A set of rights. Permissions and rules not written here are refused."""

    SCOPES = ("own", "team", "all")

    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    builtin = models.BooleanField(default=False)
    permissions = models.JSONField(default=list)
    scope = models.CharField(max_length=4, default="own")
    reveals_per_hour = models.PositiveIntegerField(default=0)
    needs_second_factor = models.BooleanField(default=False)
    sessions_at_most = models.PositiveSmallIntegerField(default=5)
    idle_minutes = models.PositiveSmallIntegerField(default=0)  # 0: no limit below the 12 hours of every session

    def label(self, language: str) -> str:
        """The role's name in the given interface language."""
        return self.name_zh if language.startswith("zh") else self.name_en


class FieldRule(models.Model):
    """What a role may do with a class of fields (`cls`), or with one field (`field`), which then overrides its class."""

    SIGHTS = ("hidden", "masked", "shown")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="rules")
    cls = models.CharField(max_length=10, blank=True)
    field = models.CharField(max_length=60, blank=True)
    see = models.CharField(max_length=6, default="hidden")
    reveal = models.BooleanField(default=False)
    edit = models.BooleanField(default=False)
    export = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "cls", "field"], name="one_rule_per_target"),
            models.CheckConstraint(
                condition=models.Q(cls="", field__gt="") | models.Q(cls__gt="", field=""),
                name="rule_for_class_or_field",
            ),
            models.CheckConstraint(condition=models.Q(see__in=["hidden", "masked", "shown"]), name="rule_sight_known"),
        ]


class PolicyState(models.Model):
    """One row: the stamp of the last change to roles, rules, teams or staff. Viewers built for another stamp are dropped."""

    version = models.BigIntegerField(default=1)
