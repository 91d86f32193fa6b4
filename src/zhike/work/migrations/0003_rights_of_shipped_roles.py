"""The roles as shipped get the rights of the page of tasks."""

from django.db import migrations
from zhike.kit.steps import Step

_HOLDERS = {
    "work.view": ["owner", "supervisor", "agent", "operator", "account_manager", "analyst", "keeper"],
    "work.note": ["owner", "supervisor", "agent", "operator", "account_manager", "keeper"],
    "work.assign": ["owner", "supervisor", "keeper"],
}


def grant(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for code, holders in _HOLDERS.items():
        for role in apps.get_model("secure", "Role").objects.filter(code__in=holders, builtin=True):
            if code not in role.permissions:
                role.permissions = [*role.permissions, code]
                role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("work", "0002_tasks_of_every_module"), ("secure", "0006_export_approval")]
    operations = [Step(grant, Step.noop, elidable=True, of="secure_role")]
