"""How PostgreSQL plans a question about whole tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def plans_for_whole_tables() -> Iterator[None]:
    """Join whole tables by hashes and sorts, never row by row: for jobs that count over the whole base.

    A table that was filled a moment ago has no statistics yet; PostgreSQL then takes a million rows for one, and walks a second
    table anew for each of them, which takes hours. What a question about few rows gains by that, one about all never does.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        yield
        # An outer transaction goes on after this one.
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")
