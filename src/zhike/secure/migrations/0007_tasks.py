"""The roles as shipped get the rights of the page of tasks."""

from django.db import migrations

_HOLDERS = {
    "work.view": ["owner", "supervisor", "agent", "operator", "account_manager", "analyst", "keeper"],
    "work.note": ["owner", "supervisor", "agent", "operator", "account_manager", "keeper"],
    "work.assign": ["owner", "supervisor", "keeper"],
}


def _grant(apps, schema_editor):
    for code, holders in _HOLDERS.items():
        for role in apps.get_model("secure", "Role").objects.filter(code__in=holders, builtin=True):
            if code not in role.permissions:
                role.permissions = [*role.permissions, code]
                role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("secure", "0006_export_approval")]
    operations = [migrations.RunPython(_grant, migrations.RunPython.noop)]
