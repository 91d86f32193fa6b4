"""The roles as shipped get the rights of the rules of the file."""

from django.db import migrations
from zhike.kit.steps import Step

_HOLDERS = {
    "charge.manage": ["owner", "supervisor", "keeper"],
    "access.view": ["owner", "supervisor", "keeper", "officer"],
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
    dependencies = [("clean", "0007_file_rules")]
    operations = [Step(grant, Step.noop, elidable=True, of="secure_role")]
