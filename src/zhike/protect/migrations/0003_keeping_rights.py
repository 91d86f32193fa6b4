"""The roles as shipped get the right to set keeping periods."""

from django.db import migrations
from zhike.kit.steps import Step


def grant(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for role in apps.get_model("secure", "Role").objects.filter(code__in=["owner", "officer"], builtin=True):
        if "keeping.manage" not in role.permissions:
            role.permissions = [*role.permissions, "keeping.manage"]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("protect", "0002_keeping_periods"), ("secure", "0006_export_approval")]
    operations = [Step(grant, Step.noop, elidable=True, of="secure_role")]
