"""The lake on a Spark cluster: the same tables, the same names, the same recipes. For the analysis child.

The files lie where the lake lies: far away, where every machine of the cluster reads them, or in a folder that each of them sees
under the same path. Results, which lie on this machine, are lent to the cluster at the lake's place for as long as a measure takes.
One session serves a process: measures that run one after another share it, each with tables of its own.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze import lake_sharing, spark_place
from zhike.analyze.lake import Lake
from zhike.analyze.lake_files import Manifest, TableFolder
from zhike.analyze.snapshot import lake_owner
from zhike.kit import chance

if TYPE_CHECKING:
    import ibis.expr.types as ir


class SparkLake(Lake):
    """An opened lake whose engine is the cluster of `ZHIKE_SPARK_MASTER`; memory and threads are the cluster's business."""

    def _connected(self, memory_mb: int, threads: int) -> Any:
        master = spark_place.spark_master()
        spark_place.look(master)
        from zhike_analytics import spark

        if user := os.environ.get("ZHIKE_LAKE_USER", "").strip():
            os.environ["HADOOP_USER_NAME"] = user  # as Hadoop's own client is told who asks
        settings = {} if self._far is None else self._far.spark_settings()
        return spark.connect(spark.session(master, name="zhike analysis", **settings))

    def _brought(self) -> None:
        """Nothing: the cluster reads the lake where it lies. Only what it holds is asked."""
        self._lent: list[str] = []
        self._pointer = None if self._far is None else lake_sharing.pointed(self._far, lake_owner())

    def close(self) -> None:
        """Let go of the tables kept on the cluster; the session stays for the next measure and ends with the process."""
        self._forget_kept()
        while self._far is not None and self._lent:
            self._far.delete(self._lent.pop())

    def read_result(self, path: Path, name: str | None = None) -> "ir.Table":
        """A result of this machine: where the lake lies far away, the cluster reads a copy that is lent to it there."""
        if self._far is None:
            return super().read_result(path, name)
        # What begins with an underscore Spark takes for something hidden, and a token may.
        self._lent.append(f"{lake_sharing.PASSING}/lent-{chance.token(12)}.parquet")
        self._far.put(path, self._lent[-1])
        return self.engine.read_parquet(self._far.for_spark(self._lent[-1]), table_name=name)

    def _manifest(self, folder: TableFolder) -> Manifest | None:
        if self._far is None:
            return super()._manifest(folder)
        return None if self._pointer is None else self._pointer.tables.get(folder.table)

    def _paths(self, folder: TableFolder, names: list[str]) -> list[str]:
        if self._far is None:
            return folder.paths(names)
        return [self._far.for_spark(f"{folder.table}/{name}") for name in names]

    def _newest(self, folder: TableFolder, manifest: Manifest, key: str, columns: list[str]) -> str:
        """As `newest_rows` tells DuckDB: of each key the row of the latest snapshot, tombstones left out."""
        chosen = ", ".join(columns)
        base, deltas = f"{folder.table}__base", f"{folder.table}__deltas"
        self._read(self._paths(folder, manifest.base), base)
        if not manifest.deltas:
            return f"SELECT {chosen} FROM {base}"
        self._read(self._paths(folder, manifest.deltas), deltas)
        return (
            f"SELECT {chosen} FROM {base} LEFT ANTI JOIN (SELECT DISTINCT {key} FROM {deltas}) AS said USING ({key}) "
            f"UNION ALL SELECT {chosen} FROM (SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY lake_no DESC) "
            f"AS lake_nth FROM {deltas}) AS newest WHERE lake_nth = 1 AND NOT is_gone"
        )

    def _read(self, paths: list[str], name: str) -> None:
        from py4j.protocol import Py4JJavaError

        try:
            self.engine.read_parquet(paths, table_name=name)
        except Py4JJavaError as problem:
            if "S3AFileSystem" in str(problem):  # a class of hadoop-aws, which Spark comes without
                raise spark_place.SparkAway("spark_without_s3") from None
            raise

    def _name(self, table: str, sql: str) -> None:
        self.engine.raw_sql(f"CREATE TEMPORARY VIEW {table} AS {sql}")
