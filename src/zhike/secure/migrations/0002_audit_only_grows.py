"""The audit's tables only grow: the database itself refuses to change or delete their rows, on both engines."""

from typing import Any

from django.db import migrations
from zhike.kit.steps import Step

_TABLES = ("secure_auditevent", "secure_auditseal")

_FUNCTION = """
CREATE OR REPLACE FUNCTION secure_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit only grows'; END $$
"""


def guard(apps: Any, schema_editor: Any) -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL)."""
    if schema_editor.connection.vendor == "sqlite":
        for table in _TABLES:
            for act in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END"
                )
        return
    schema_editor.execute(_FUNCTION)
    for table in _TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION secure_audit_only_grows()"
        )


def open_up(apps: Any, schema_editor: Any) -> None:
    """Take the refusal away (only when the tables are dropped after it)."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table in _TABLES:
        for name in [f"{table}_no_update", f"{table}_no_delete"] if sqlite else [f"{table}_only_grows"]:
            schema_editor.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")


class Migration(migrations.Migration):
    dependencies = [("secure", "0001_secure_tables")]
    operations = [Step(guard, open_up)]
