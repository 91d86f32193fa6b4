"""How a database is emptied after a test that committed: only the tables that hold rows, and the guards of the audit put back.

Django's own way empties every table, tells every application that its tables were made, and makes the rights and kinds of
all models anew; over a thousand such tests that is a third of the whole run.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import pytest

_AUDIT = {"secure_auditevent", "secure_auditseal"}
_ROLES = ("secure_role", "secure_fieldrule")
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}  # the same for every test


def empty(alias: str) -> None:
    """Delete the rows of every table of a database; roles as shipped are there afterwards."""
    from django.apps import apps
    from django.db import connections, transaction

    connection = connections[alias]
    full = _with_rows(connection)
    guards: Any = import_module("zhike.secure.migrations.0002_audit_only_grows")
    audited = bool(_AUDIT.intersection(full))
    if audited:
        with connection.schema_editor() as editor:
            guards.open_up(apps, editor)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for table in full:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    if audited:
        with connection.schema_editor() as editor:
            guards.guard(apps, editor)
    if "secure_role" in full:
        _put_roles_back(connection)


_shipped: dict[str, tuple[list[str], Sequence[Any]]] = {}


def _put_roles_back(connection: Any) -> None:
    """The roles as shipped: made once a run by the product, laid back as rows afterwards."""
    from django.db import transaction

    from zhike.secure import builtin_roles, policy

    if not _shipped:
        builtin_roles.install()
        with connection.cursor() as cursor:
            for table in _ROLES:
                cursor.execute(f"SELECT * FROM {table} ORDER BY id")
                _shipped[table] = [column[0] for column in cursor.description], cursor.fetchall()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in _shipped.items():
            names = ", ".join(connection.ops.quote_name(c) for c in columns)
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
    policy.touch()


_asked: dict[str, str] = {}  # by alias: which tables hold rows; the tables stay the same as long as a run lasts


def _with_rows(connection: Any) -> list[str]:
    if connection.alias not in _asked:
        known = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _KEPT
        _asked[connection.alias] = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"
            for table in sorted(known)
        )
    with connection.cursor() as cursor:
        cursor.execute(_asked[connection.alias])
        return [table for (table,) in cursor.fetchall()]


@pytest.fixture(scope="module")
def lasting_ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For what all stories of a file only read: rows committed once, and gone after the last of them.

    The stories themselves are `django_db` without `transaction=True`: what they write is taken back after each.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        for alias in connections:
            empty(alias)


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_our_way() -> Iterator[None]:
    """`flush`, which Django calls after such a test, does what stands above."""
    from django.core.management.commands import flush

    usual = flush.Command.handle

    def handle(self: Any, **options: Any) -> None:
        empty(options["database"])

    flush.Command.handle = handle  # type: ignore[method-assign]
    yield
    flush.Command.handle = usual  # type: ignore[method-assign]
