"""Roles of an installation that is upgraded: who serves sends, who runs the shop writes templates, the officer keeps sending."""

from typing import Any

from django.db import migrations
from zhike.kit.steps import Step

_HOLDERS = {
    "reach.view": ["owner", "supervisor", "agent", "operator", "account_manager", "officer"],
    "reach.send": ["owner", "supervisor", "agent", "operator", "account_manager"],
    "reach.templates": ["owner", "supervisor", "operator"],
    "reach.manage": ["owner", "officer"],
}


def give(apps: Any, schema_editor: Any) -> None:
    """Add what is missing; a role that was made by hand is left alone."""
    if schema_editor.connection.alias != "default":
        return
    for code, holders in _HOLDERS.items():
        for role in apps.get_model("secure", "Role").objects.filter(code__in=holders, builtin=True):
            if code not in role.permissions:
                role.permissions = [*role.permissions, code]
                role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("reach", "0001_messages"), ("secure", "0008_consent_rights")]
    operations = [Step(give, Step.noop, elidable=True, of="secure_role")]
