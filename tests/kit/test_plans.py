"""Questions about whole tables are planned for whole tables."""

import pytest
from django.db import connection, transaction

from zhike.kit.plans import plans_for_whole_tables

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def joins_row_by_row():
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_nestloop")
        return cursor.fetchone()[0] == "on"


def counted():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer a JOIN customers_customer b ON a.root_id = b.id")
        return cursor.fetchone()[0]


def test_a_question_about_whole_tables_is_never_joined_row_by_row_and_the_next_one_may_be_again():
    with plans_for_whole_tables():
        assert counted() == 0
        if connection.vendor == "postgresql":
            assert not joins_row_by_row()
    with transaction.atomic():
        with plans_for_whole_tables():
            pass
        assert counted() == 0
        if connection.vendor == "postgresql":
            assert joins_row_by_row()


def test_a_question_that_fails_leaves_nothing_behind():
    with pytest.raises(ZeroDivisionError), plans_for_whole_tables():
        raise ZeroDivisionError
    assert counted() == 0
    if connection.vendor == "postgresql":
        assert joins_row_by_row()
