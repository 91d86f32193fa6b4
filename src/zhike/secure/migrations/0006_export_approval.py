"""The roles as shipped get the rights that came later: approving exports, sharing views."""

from django.db import migrations
from zhike.kit.steps import Step

_HOLDERS = {
    "exports.approve": ["owner", "supervisor", "officer"],
    "views.share": ["owner", "supervisor", "operator", "keeper"],
}


def _grant(apps, schema_editor):
    for code, holders in _HOLDERS.items():
        for role in apps.get_model("secure", "Role").objects.filter(code__in=holders, builtin=True):
            if code not in role.permissions:
                role.permissions = [*role.permissions, code]
                role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("secure", "0005_custom_fields")]
    operations = [Step(_grant, Step.noop, of="secure_role")]
