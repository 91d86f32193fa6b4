"""The newest facts of a merged group, read from the index of each record so that ten thousand cost what ten cost."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from zhike.customers.records import TimelinePlace


def newest_ids(
    table: str,
    moment: str,
    kind: str,
    record_ids: Sequence[int],
    before: TimelinePlace | None,
    limit: int,
    *,
    only: str = "",
    column: str = "source_record_id",
) -> list[int]:
    """Ids of at most `limit` facts per record, newest first, that stand before a place of the timeline.

    `table` and `moment` are names from code, never from input; so is `only`, a condition. The table needs an index on
    (source_record_id, moment descending), or on another `column` whose ids are given.
    """
    if not record_ids:
        return []
    where, params = _before(moment, kind, before)
    part = (
        f'SELECT id FROM (SELECT id FROM "{table}" WHERE {column} = %s{where}{only and f" AND {only}"} '
        f'ORDER BY "{moment}" DESC, id DESC LIMIT {int(limit)}) AS part'
    )
    found: list[int] = []
    with connection.cursor() as cursor:
        for start in range(0, len(record_ids), 50):
            some = record_ids[start : start + 50]
            cursor.execute(" UNION ALL ".join([part] * len(some)), [v for r in some for v in (r, *params)])
            found += [row[0] for row in cursor.fetchall()]
    return found


def _before(moment: str, kind: str, before: TimelinePlace | None) -> tuple[str, list[Any]]:
    if before is None:
        return "", []
    at = connection.ops.adapt_datetimefield_value(before.at)
    if kind == before.kind:
        return f' AND "{moment}" <= %s AND ("{moment}" < %s OR id < %s)', [at, at, before.id]
    return f' AND "{moment}" {"<=" if kind < before.kind else "<"} %s', [at]
