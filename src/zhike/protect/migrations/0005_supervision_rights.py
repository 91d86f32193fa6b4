"""The roles as shipped get the rights of supervision, and the security officer the tasks that come of it."""

from django.db import migrations
from zhike.kit.steps import Step

_GIVEN = {
    "owner": ("supervision.review", "supervision.rules"),
    "supervisor": ("supervision.review",),
    "officer": ("supervision.review", "supervision.rules", "work.view", "work.note"),
}


def grant(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for role in apps.get_model("secure", "Role").objects.filter(code__in=list(_GIVEN), builtin=True):
        added = [code for code in _GIVEN[role.code] if code not in role.permissions]
        if added:
            role.permissions = [*role.permissions, *added]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("protect", "0004_supervision"), ("secure", "0006_export_approval")]
    operations = [Step(grant, Step.noop, elidable=True, of="secure_role")]
