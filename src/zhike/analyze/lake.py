"""The lake as Ibis tables on an in-memory engine: every measure is one expression over these.

For the analysis child only (importing Ibis takes seconds and memory). The scanners are not loaded here and cannot be
loaded by accident: the engine reads Parquet and nothing else. `open_lake` chooses the engine by a setting.
"""

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from zhike.analyze import lake_place, lake_sharing
from zhike.analyze.lake_files import Manifest, TableFolder, digest, newest_rows
from zhike.analyze.lake_tables import LAKE_TABLES, LakeTable
from zhike.analyze.snapshot import lake_folder, lake_owner
from zhike.analyze.spark_place import spark_master
from zhike.kit import clock, home

if TYPE_CHECKING:
    import ibis.expr.types as ir

_FIRST_DAY = dt.datetime(1990, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)  # moments of the lake are naive UTC


class LakeEmpty(Exception):
    """There is no snapshot yet, or none of this version's shape: the next one reads the table anew."""


class Lake:
    """An opened lake. `read_at`: the moment all of its tables had been read at least up to (aware, UTC)."""

    def __init__(self, folder: Path | None = None, *, memory_mb: int = 1024, threads: int = 2) -> None:
        import ibis

        self.folder = folder or lake_folder()
        self.counted: dict[Any, Any] = {}  # what `rfm_recipe.counted_orders` said of it: its tables stay as they are
        self._ibis = ibis
        self._far = None if folder else lake_place.far()
        self._brought()
        self.engine: Any = self._connected(memory_mb, threads)
        moments = [self._define(table).read_at for table in LAKE_TABLES]
        self.read_at = min(dt.datetime.fromisoformat(moment) for moment in moments)

    def _connected(self, memory_mb: int, threads: int) -> Any:
        return self._ibis.duckdb.connect(
            ":memory:",
            memory_limit=f"{memory_mb}MB",
            threads=threads,
            temp_directory=str(home.path("tmp/lake")),
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
        )

    def _brought(self) -> None:
        """What lies far away is copied here before it is read: parts never change, so each is fetched once."""
        if self._far is not None:
            lake_sharing.bring(self._far, self.folder, lake_owner())

    def __enter__(self) -> "Lake":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the engine go, and the tables kept in its memory before it: dropped later, they would ask one that is gone."""
        self._forget_kept()
        self.engine.disconnect()

    def _forget_kept(self) -> None:
        for name in list(self.engine._cache_name_to_entry):
            self.engine._finalize_cached_table(name)

    def _define(self, table: LakeTable) -> Manifest:
        folder = TableFolder(self.folder, table.name)
        manifest = self._manifest(folder)
        if manifest is None or manifest.shape != digest(table.shape()):
            raise LakeEmpty(table.name)
        sql = self._newest(folder, manifest, table.key, [column.name for column in table.columns])
        if table.live:
            own, other, theirs = table.live
            sql = f"SELECT * FROM ({sql}) AS own WHERE {own} IN (SELECT {theirs} FROM {other})"
        self._name(table.name, sql)
        return manifest

    def _manifest(self, folder: TableFolder) -> Manifest | None:
        return folder.read()

    def _newest(self, folder: TableFolder, manifest: Manifest, key: str, columns: list[str]) -> str:
        return newest_rows(folder, manifest, key, columns)

    def _name(self, table: str, sql: str) -> None:
        self.engine.raw_sql(f"CREATE VIEW {table} AS {sql}")

    def read_result(self, path: Path, name: str | None = None) -> "ir.Table":
        """A result file of this machine as a table of the engine, by a name where one is given."""
        return self.engine.read_parquet(str(path), table_name=name)

    def table(self, name: str) -> "ir.Table":
        """A table of the lake as it stands: newest row per key, without tombstones."""
        return self.engine.table(name)

    def roots(self) -> "ir.Table":
        """source_record_id → customer_id of the surviving customer; archived customers have no rows."""
        customers = self.table("customers")
        alive = customers.select(alive_id="customer_id")
        pointed = self.table("source_records").inner_join(
            customers.select("customer_id", "root_id"), ["customer_id"], rname="{name}_right"
        )
        rooted = pointed.select("source_record_id", customer_id="root_id")
        return rooted.semi_join(alive, rooted.customer_id == alive.alive_id)

    def orders_by_root(self, zone: str, *, nobodys: bool = False) -> "ir.Table":
        """Every order of a known customer under its root, with `day`, the calendar day in the shop's time zone.

        Columns: order_id, customer_id, source_id, ordered_at (UTC), day, kind, status, currency, goods_cents,
        refund_cents, total_cents, net_cents. Orders without a customer are left out, or have
        none with `nobodys` (archived customers then count as nobody).
        """
        orders = self.table("orders")
        roots = self.roots()
        joined = (
            orders.left_join(roots, ["source_record_id"]) if nobodys else orders.inner_join(roots, ["source_record_id"])
        )
        return joined.mutate(day=self._shop_day(joined.ordered_at, zone)).select(
            "order_id",
            "customer_id",
            "source_id",
            "ordered_at",
            "day",
            "kind",
            "status",
            "currency",
            "goods_cents",
            "refund_cents",
            "total_cents",
            "net_cents",
        )

    def _shop_day(self, moment: "ir.TimestampColumn", zone: str) -> "ir.DateColumn":
        """The day a clock in `zone` shows."""
        return self.shop_time(moment, zone).date()

    def shop_time(self, moment: "ir.TimestampColumn", zone: str) -> "ir.TimestampColumn":
        """What a clock in `zone` shows. Offsets are taken from the zone's rules, so every engine agrees."""
        today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        periods = utc_offsets(zone, _FIRST_DAY, today + dt.timedelta(days=800))
        *earlier, (_, last) = periods
        local = moment + self._ibis.interval(seconds=last)
        if earlier:
            starts = [start for start, _ in periods[1:]]
            shifted = [
                (moment < self._ibis.timestamp(end.isoformat()), moment + self._ibis.interval(seconds=seconds))
                for end, (_, seconds) in zip(starts, earlier, strict=True)
            ]
            local = self._ibis.cases(*shifted, else_=local)
        return local


def open_lake() -> Lake:
    """The lake on the engine that the measures shall run on: DuckDB in this process, or the cluster of a setting."""
    if spark_master():
        from zhike.analyze.spark_lake import SparkLake

        return SparkLake()
    return Lake()


@lru_cache(maxsize=16)  # asked for with every question about days, and thousands of days are looked at
def utc_offsets(zone: str, first: dt.datetime, last: dt.datetime) -> tuple[tuple[dt.datetime, int], ...]:
    """The offsets of a zone between two UTC moments: (from when, seconds east of UTC), the first one from `first`."""
    rules = ZoneInfo(zone)

    def offset(moment: dt.datetime) -> int:
        shift = moment.replace(tzinfo=dt.UTC).astimezone(rules).utcoffset()
        assert shift is not None
        return int(shift.total_seconds())

    found = [(first, offset(first))]
    day = first
    while day < last:
        following = day + dt.timedelta(days=1)
        if offset(following) != found[-1][1]:
            low, high = day, following
            while high - low > dt.timedelta(seconds=1):
                middle = low + dt.timedelta(seconds=int((high - low).total_seconds()) // 2)
                low, high = (middle, high) if offset(middle) == found[-1][1] else (low, middle)
            found.append((high, offset(high)))
        day = following
    return tuple(found)
