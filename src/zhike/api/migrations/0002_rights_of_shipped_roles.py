"""Roles of an installation that is upgraded: the owner holds every right, the security officer ends tokens."""

from django.db import migrations
from zhike.kit.steps import Step

_NEW = {"owner": ["api.tokens", "api.manage"], "officer": ["api.tokens", "api.manage"]}


def give(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for role in apps.get_model("secure", "Role").objects.filter(code__in=_NEW, builtin=True):
        role.permissions = [*role.permissions, *(c for c in _NEW[role.code] if c not in role.permissions)]
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("api", "0001_tokens_and_receipts"), ("secure", "0004_session_limits")]
    operations = [Step(give, Step.noop, elidable=True, of="secure_role")]
