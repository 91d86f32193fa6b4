"""Answers to consents are never changed, nor a notice somebody answered to; roles as shipped get the rights that came."""

from typing import Any

from django.db import migrations
from zhike.kit.steps import Step

_HOLDERS = {
    "consents.view": ["owner", "supervisor", "agent", "operator", "account_manager", "analyst", "keeper", "officer"],
    "consents.edit": ["owner", "supervisor", "agent", "account_manager", "keeper"],
    "notices.edit": ["owner", "officer"],
}
_SQLITE = (
    "CREATE TRIGGER secure_consent_stays BEFORE UPDATE ON secure_consent "
    "BEGIN SELECT RAISE(ABORT, 'an answer is never changed'); END",
    "CREATE TRIGGER secure_notice_stays BEFORE UPDATE ON secure_notice "
    "WHEN EXISTS (SELECT 1 FROM secure_consent c WHERE c.notice_id = OLD.id) "
    "BEGIN SELECT RAISE(ABORT, 'somebody answered to this notice'); END",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION secure_consent_stays() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN RAISE EXCEPTION 'an answer is never changed'; END $$",
    "CREATE OR REPLACE FUNCTION secure_notice_stays() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN IF EXISTS (SELECT 1 FROM secure_consent c WHERE c.notice_id = OLD.id) "
    "THEN RAISE EXCEPTION 'somebody answered to this notice'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER secure_consent_stays BEFORE UPDATE ON secure_consent "
    "FOR EACH ROW EXECUTE FUNCTION secure_consent_stays()",
    "CREATE TRIGGER secure_notice_stays BEFORE UPDATE ON secure_notice "
    "FOR EACH ROW EXECUTE FUNCTION secure_notice_stays()",
)


def guard(apps: Any, schema_editor: Any) -> None:
    """Let the database itself refuse to change them."""
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


def open_up(apps: Any, schema_editor: Any) -> None:
    """Take the refusal away (only when the tables are dropped after it)."""
    for table in ("secure_consent", "secure_notice"):
        on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER {table}_stays{on}")


def grant(apps: Any, schema_editor: Any) -> None:
    """The rights, for roles that are there already; a new installation gets its roles afterwards."""
    if schema_editor.connection.alias != "default":
        return
    for code, holders in _HOLDERS.items():
        for role in apps.get_model("secure", "Role").objects.filter(code__in=holders, builtin=True):
            if code not in role.permissions:
                role.permissions = [*role.permissions, code]
                role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("secure", "0007_consent")]
    operations = [
        Step(guard, open_up),
        Step(grant, Step.noop, of="secure_role"),
    ]
