"""Every file in turn, for those who measure the whole base in the background: what is stated, when, by which source."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from zhike.customers.cards import live_versions
from zhike.customers.queries.charge import key_roots, seconds_of
from zhike.customers.survivorship import LiveVersion
from zhike.kit import bulk, rows

_BATCH = 2000
_COLUMNS = (
    "customer_id, number, kind, stage, name, sex, country, province, city, district, owner_staff_id, first_source_id, "
    'net_cents, order_count, NULLIF(last_order_at, NULL), "values", origins'
)
_OPEN = ("name", "sex", "country", "province", "city", "district")


@dataclass(slots=True)
class WholeFile:
    """A root customer's file: open golden values, which version each value comes from, and every live version.

    Sealed values are there as digests only, in the facts of their versions.
    """

    customer_id: int
    number: str
    kind: str
    stage: str
    owner_staff_id: int | None
    source_id: int | None
    net_cents: int
    order_count: int
    last_order_at: dt.datetime | None
    open_values: Mapping[str, str]  # those with a column of their own
    other_values: Any  # the rest as the row holds them: few passes ask for one
    origins: Mapping[str, int]
    versions: list[LiveVersion]
    is_key: bool = False
    seconds: tuple[int | None, int | None] = (None, None)  # deputy and second reader, told of key customers alone

    def value(self, name: str) -> str | None:
        """An open golden value."""
        if name in self.open_values:
            return self.open_values[name]
        if not isinstance(self.other_values, dict):
            self.other_values = rows.parsed(self.other_values)
        told = self.other_values.get(name)
        return told if isinstance(told, str) else None


def whole_files(*, after: int = 0) -> Iterator[list[WholeFile]]:
    """Batches of the files that are not archived, by customer id, from beyond one on."""
    sql = (
        f"SELECT {_COLUMNS} FROM customers_customercard WHERE customer_id > %s AND archived_at IS NULL "
        f"ORDER BY customer_id LIMIT {_BATCH}"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [after])
            found = cursor.fetchall()
        if not found:
            return
        yield _with_versions(found)
        after = found[-1][0]


def whole_files_of(customer_ids: Iterable[int]) -> list[WholeFile]:
    """The files of these root customers, archived ones left out."""
    sql = f"SELECT {_COLUMNS} FROM customers_customercard WHERE archived_at IS NULL AND customer_id IN {{values}}"
    return _with_versions(list(bulk.fetch_in(sql, sorted(set(customer_ids)))))


def _with_versions(found: list[tuple[Any, ...]]) -> list[WholeFile]:
    files = {row[0]: _file(row) for row in found}
    for root_id, version in live_versions(files):
        files[root_id].versions.append(version)
    keys = key_roots(files)
    for root_id in keys:
        files[root_id].is_key = True
    for root_id, seconds in seconds_of(keys).items() if keys else ():
        files[root_id].seconds = seconds
    return list(files.values())


def _file(row: tuple[Any, ...]) -> WholeFile:
    customer_id, number, kind, stage, *opened = row
    values = {name: value for name, value in zip(_OPEN, opened, strict=False) if value}
    owner, source, cents, orders, last = row[10:15]
    moment = rows.moment(last) if last else None
    return WholeFile(
        customer_id,
        number,
        kind,
        stage,
        owner,
        source,
        cents,
        orders,
        moment,
        values,
        row[15],
        rows.parsed(row[16]),
        [],
    )
