"""The roles as shipped get the rights of statements and credit, and of the class of fields they are of."""

from django.db import migrations
from zhike.kit.steps import Step

_HOLDERS = {
    "credit.view": ["owner", "supervisor", "agent", "account_manager", "analyst", "keeper"],
    "credit.edit": ["owner", "supervisor", "account_manager", "keeper"],
    "credit.approve": ["owner", "supervisor"],
    "credit.rules": ["owner"],
}
# see, reveal, edit, export
_CLASS = {
    "owner": ("shown", False, True, True),
    "supervisor": ("shown", False, True, True),
    "keeper": ("shown", False, True, True),
    "account_manager": ("shown", False, True, False),
    "analyst": ("shown", False, False, True),
    "agent": ("masked", False, False, False),
}
_HIDDEN = ("hidden", False, False, False)


def grant(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    rules = apps.get_model("secure", "FieldRule").objects
    for role in apps.get_model("secure", "Role").objects.all():
        wanted = [code for code, holders in _HOLDERS.items() if role.builtin and role.code in holders]
        role.permissions = [*role.permissions, *(code for code in wanted if code not in role.permissions)]
        role.save(update_fields=["permissions"])
        see, reveal, edit, export = _CLASS.get(role.code, _HIDDEN) if role.builtin else _HIDDEN
        if not rules.filter(role=role, cls="financial").exists():
            rules.create(role=role, cls="financial", see=see, reveal=reveal, edit=edit, export=export)


class Migration(migrations.Migration):
    dependencies = [("credit", "0001_credit_tables"), ("secure", "0011_states_that_end")]
    operations = [Step(grant, Step.noop, elidable=True, of="secure_role")]
