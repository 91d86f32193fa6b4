"""Name tokens are sought by how they begin, from one text to before another: on PostgreSQL they sort by bytes from now on,
whatever the language of the database, as they always did on SQLite.
"""

from typing import Any

from django.db import migrations
from zhike.kit.steps import Step


def by_bytes(apps: Any, schema_editor: Any) -> None:
    """The index is laid anew with it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE customers_nametoken ALTER COLUMN token TYPE varchar(60) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("customers", "0016_second_readers")]
    operations = [Step(by_bytes, Step.noop)]
