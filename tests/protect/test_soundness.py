"""A sound file passes whatever this SQLite's own check says of its columns; a broken one does not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from zhike.customers import actions
from zhike.protect import backups, drills, soundness
from zhike.secure.records import LOCAL_OPERATOR

# The key at the end, a column that may be NULL before one that may not: what SQLite 3.40 stumbles over.
_TABLE = (
    "CREATE TABLE tags (tag_id integer NOT NULL, staff_id integer NULL, at text NOT NULL, who integer NOT NULL, "
    "PRIMARY KEY (tag_id, who)) WITHOUT ROWID"
)


def test_a_table_without_row_ids_is_sound_though_its_key_stands_last() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(_TABLE)
        connection.execute("INSERT INTO tags VALUES (1, NULL, 'today', 2)")
        assert soundness.faults(connection) == []


def test_a_null_where_none_may_be_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "broken.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE things (id integer PRIMARY KEY, at text)")
        connection.execute("INSERT INTO things VALUES (1, NULL)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'at text', 'at text NOT NULL')")
        connection.commit()
    with closing(sqlite3.connect(file)) as connection:
        assert soundness.faults(connection) == ["NULL value in things.at"]


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_an_installation_with_tagged_customers_is_backed_up_and_proved(tmp_path: Path) -> None:
    from tests.api.program import fill
    from zhike.customers.models import CustomerTag, SourceRecord

    fill(3)
    tagged = list(SourceRecord.objects.values_list("customer_id", flat=True))
    actions.add_tag(tagged, "老客户", by=LOCAL_OPERATOR)
    assert CustomerTag.objects.filter(by_staff_id=None).count() == len(tagged) > 0
    made = backups.make(by=LOCAL_OPERATOR, to=tmp_path)
    assert drills.drill(by=LOCAL_OPERATOR, file=Path(made.file)).is_ok
